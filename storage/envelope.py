"""The key-encryption key: it wraps data keys and secrets, and is kept in a file apart, or behind a command.

A wrapped key is bound to whom it is of, so that it cannot stand in for another's.
"""

import base64
import binascii
import json
import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.error import KeyUnavailable, StorageFailed
from storage.staging import (
    PRIVATE_FILE,
    PRIVATE_FOLDER,
    flush_folder,
    make_folder,
    translate_error,
    write_flushed,
)

LINE = "palermo-key-1"
NONCE_BYTES, KEK_BYTES = 12, 32
PATIENCE_SECONDS = 60


class Wrapper(Protocol):
    """Wraps and unwraps keys of 32 bytes."""

    def prepare(self, *, is_first: bool) -> None:
        """Make the key-encryption key, where that is for Palermo to do; only before anything is wrapped."""

    def wrap(self, key: bytes, owner: str) -> str:
        """A key as it may lie beside what it seals."""

    def unwrap(self, wrapped: str, owner: str) -> bytes:
        """The key again.

        Raises:
            KeyUnavailable: the key-encryption key is not there, or another.
        """


@dataclass(frozen=True)
class KeyFile:
    """A key file: a line a key, `palermo-key-1 <id> <base64>`; the first wraps, each unwraps."""

    path: Path

    def prepare(self, *, is_first: bool) -> None:
        """Make the file with one key, for this user only; not where keys were wrapped by another before.

        Raises:
            KeyUnavailable: it is gone.
            StorageFailed: it cannot be made.
        """
        if self.path.exists():
            return
        if not is_first:
            raise self._gone()
        try:
            make_folder(self.path.parent, PRIVATE_FOLDER)
            unfinished = self._write_beside([_make_line()])
            try:
                self.path.hardlink_to(unfinished)
            except FileExistsError:
                return
            finally:
                unfinished.unlink()
            flush_folder(self.path.parent)
        except OSError as error:
            raise translate_error(error) from None

    def wrap(self, key: bytes, owner: str) -> str:
        """Under the first key of the file."""
        name, secret = next(iter(self._read().items()))
        nonce = token_bytes(NONCE_BYTES)
        sealed = nonce + AESGCM(secret).encrypt(nonce, key, owner.encode())
        return f"{name} {base64.b64encode(sealed).decode()}"

    def unwrap(self, wrapped: str, owner: str) -> bytes:
        """Under the key that the wrapped one names."""
        name, _, text = wrapped.partition(" ")
        secret = self._read().get(name)
        if secret is None:
            raise KeyUnavailable(
                f"PALERMO_KEY_FILE: the file does not hold the key {name}, under which this was sealed: put "
                "the right file back, or add its line; nothing was changed"
            )
        try:
            sealed = base64.b64decode(text, validate=True)
            return AESGCM(secret).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], owner.encode())
        except (InvalidTag, ValueError):
            raise KeyUnavailable(
                f"a key of {owner} was changed, or its key-encryption key is another: restore the "
                "folder of keys"
            ) from None

    def add_first(self) -> None:
        """Put a new key above the others, whole or not at all.

        Raises:
            KeyUnavailable: the file cannot be written.
        """
        try:
            self._replace([_make_line(), *self._lines()])
        except StorageFailed:
            raise KeyUnavailable(
                "PALERMO_KEY_FILE: this user cannot write the file: put the line of a new key, made by "
                "`palermo keys make`, above the others yourself, and rotate with --keep-file; nothing was "
                "changed"
            ) from None

    def keep_first(self) -> None:
        """Forget every key but the first, once nothing is wrapped by the others."""
        self._replace(self._lines()[:1])
        for left in self.path.parent.glob(f".{self.path.name}.*"):
            left.unlink(missing_ok=True)

    @property
    def keys(self) -> int:
        """How many keys the file holds."""
        return len(self._read())

    def _replace(self, lines: list[str]) -> None:
        try:
            self._write_beside(lines).replace(self.path)
            flush_folder(self.path.parent)
        except OSError as error:
            raise translate_error(error) from None

    def _write_beside(self, lines: list[str]) -> Path:
        unfinished = self.path.with_name(f".{self.path.name}.{token_hex(8)}")
        write_flushed(unfinished, ["".join(f"{line}\n" for line in lines).encode()], PRIVATE_FILE)
        return unfinished

    def _lines(self) -> list[str]:
        try:
            return [line for line in self.path.read_text("ascii").splitlines() if line.strip()]
        except (FileNotFoundError, NotADirectoryError):
            raise self._gone() from None
        except (OSError, UnicodeDecodeError) as error:
            raise KeyUnavailable(
                f"PALERMO_KEY_FILE: the file cannot be read ({type(error).__name__}): this user must be able "
                "to read it; nothing was changed"
            ) from None

    def _read(self) -> dict[str, bytes]:
        keys = {}
        for line in self._lines():
            try:
                mark, name, text = line.split()
                secret = base64.b64decode(text, validate=True)
            except (ValueError, binascii.Error):
                mark, name, secret = "", "", b""
            if mark != LINE or len(secret) != KEK_BYTES:
                raise KeyUnavailable(
                    "PALERMO_KEY_FILE: a line of the file is no key: put the right file back; nothing "
                    "was changed"
                )
            keys[name] = secret
        if not keys:
            raise KeyUnavailable("PALERMO_KEY_FILE: the file holds no key: put the right file back")
        return keys

    def _gone(self) -> KeyUnavailable:
        return KeyUnavailable(
            "PALERMO_KEY_FILE: the key file is not there, and what is kept was sealed under it: put it back "
            "from where a copy is kept; without it nothing can be read, and nothing was changed"
        )


@dataclass(frozen=True)
class KeyCommand:
    """A program that wraps and unwraps, for a key server or a security module.

    It is called with `wrap` or `unwrap` as its last word, takes `{"owner", "key" or "wrapped"}` as JSON on
    standard input, and answers with `{"wrapped"}` or `{"key"}`; keys are base64.
    """

    command: str

    def prepare(self, *, is_first: bool) -> None:
        """The key-encryption key is the program's affair."""

    def wrap(self, key: bytes, owner: str) -> str:
        """As the program wraps it."""
        return self._ask("wrap", {"owner": owner, "key": base64.b64encode(key).decode()}, "wrapped")

    def unwrap(self, wrapped: str, owner: str) -> bytes:
        """As the program unwraps it."""
        try:
            return base64.b64decode(
                self._ask("unwrap", {"owner": owner, "wrapped": wrapped}, "key"), validate=True
            )
        except binascii.Error:
            raise _no_answer("it answered with no key") from None

    def _ask(self, verb: str, question: dict[str, str], wanted: str) -> str:
        try:
            ran = subprocess.run(  # noqa: S603 - the officer's own program, without a shell
                [*shlex.split(self.command), verb],
                input=json.dumps(question).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # what it says might quote a key
                timeout=PATIENCE_SECONDS,
                env=dict(os.environ),
                check=False,
            )
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            raise _no_answer(type(error).__name__) from None
        if ran.returncode:
            raise _no_answer(f"it ended with {ran.returncode}")
        try:
            answer = json.loads(ran.stdout)[wanted]
        except (ValueError, KeyError, TypeError):
            raise _no_answer("it answered in another form") from None
        if not isinstance(answer, str):
            raise _no_answer("it answered in another form")
        return answer


def make_key_file(path: Path) -> None:
    """A new key file, which is not there yet.

    Raises:
        StorageFailed: it is there, or cannot be made.
    """
    try:
        write_flushed(path, [f"{_make_line()}\n".encode()], PRIVATE_FILE)
    except OSError as error:
        raise translate_error(error) from None


def _make_line() -> str:
    return f"{LINE} {token_hex(8)} {base64.b64encode(token_bytes(KEK_BYTES)).decode()}"


def _no_answer(why: str) -> KeyUnavailable:
    return KeyUnavailable(
        f"PALERMO_KEY_COMMAND: the program gave no key ({why}): run it by hand to see what it says; nothing "
        "was changed"
    )
