"""Secrets: the keys of keyed hashes, each made once and the same ever after."""

from pathlib import Path
from secrets import token_bytes

from storage.error import ArtefactCorrupt
from storage.staging import Staging, translate_error

KEY_BYTES = 32


def open_secret(staging: Staging, path: Path, owner: str) -> bytes:
    """The secret at a path, made where there is none; `owner` is whom an error names.

    Raises:
        ArtefactCorrupt: the kept secret has not 32 bytes.
        StorageFailed: the system refused to read or write it.
    """
    if not path.exists():
        staging.create_file(path, token_bytes(KEY_BYTES))
    try:
        key = path.read_bytes()
    except OSError as error:
        raise translate_error(error) from None
    if len(key) != KEY_BYTES:
        raise ArtefactCorrupt(f"the key of {owner} is damaged; restore it from the backup")
    return key
