"""Secrets: the keys of keyed hashes, each made once and the same ever after; kept wrapped."""

from pathlib import Path
from secrets import token_bytes

from storage.error import ArtefactCorrupt
from storage.keyring import Keyring
from storage.seal import KEY_BYTES
from storage.staging import Staging, translate_error
from storage.zone import plain_secret


def open_secret(staging: Staging, keys: Keyring, path: Path, owner: str) -> bytes:
    """The secret at a path, made where there is none; `owner` is whom an error names.

    Raises:
        ArtefactCorrupt: the kept secret has not 32 bytes.
        KeyUnavailable: the key-encryption key is not there, or another.
        StorageFailed: the system refused to read or write it.
    """
    try:
        if plain_secret(path).exists():
            return _check(plain_secret(path).read_bytes(), owner)
        if not path.exists():
            staging.create_file(path, keys.wrap(token_bytes(KEY_BYTES), owner))
        content = path.read_bytes()
    except OSError as error:
        raise translate_error(error) from None
    return _check(keys.unwrap(content, owner), owner)


def wrap_secrets(staging: Staging, keys: Keyring, folder: Path) -> int:
    """Wrap every secret of a folder by the key-encryption key in force, plain ones too; how many."""
    secrets = 0
    for path in sorted({path.with_suffix(".json") for path in folder.iterdir() if path.is_file()}):
        secret = open_secret(staging, keys, path, path.stem)
        staging.write_file(path, keys.wrap(secret, path.stem))
        plain_secret(path).unlink(missing_ok=True)
        secrets += 1
    return secrets


def _check(key: bytes, owner: str) -> bytes:
    if len(key) != KEY_BYTES:
        raise ArtefactCorrupt(f"the key of {owner} is damaged; restore it from the backup")
    return key
