"""Sealed files: what lies in the restricted zones, encrypted in chunks and readable from any place.

A file is a head (mark, id of the data key, salt), chunks of 64 KiB under AES-256-GCM, and the SHA-256 of
what was sealed. Each file has a key of its own, derived from the data key and the salt. The nonce of a chunk
is its number and whether it is the last; the last vouches for the SHA-256. So no chunk can be changed, moved,
left out, cut off or taken from another file unseen, and two files cannot change places.
"""

import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from storage.error import ArtefactCorrupt

MARK = b"palermo\x00sealed\x001"
KEY_BYTES, ID_BYTES, SALT_BYTES, TAG_BYTES, DIGEST_BYTES = 32, 16, 16, 16, 32
HEAD = len(MARK) + ID_BYTES + SALT_BYTES
CHUNK = 2**16
SEALED_CHUNK = CHUNK + TAG_BYTES
PRIVATE_FILE = 0o600


@dataclass(frozen=True)
class DataKey:
    """A key that files are sealed under; `id` stands in their heads."""

    id: bytes
    owner: str
    secret: bytes

    def __repr__(self) -> str:
        """Its id only: the secret must not come into a log."""
        return f"DataKey({self.id.hex()})"


@dataclass(frozen=True)
class SealedFacts:
    """What can be told of a sealed file without its key."""

    key_id: bytes
    size: int


def read_facts(path: Path) -> SealedFacts | None:
    """Key and plain size of a sealed file; None where the file is not sealed.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
        return _Layout.parse(head, os.fstat(file.fileno()).st_size).facts if head.startswith(MARK) else None


def seal_pieces(pieces: Iterable[bytes], key: DataKey) -> Iterator[bytes]:
    """The bytes of a sealed file, for content that comes in pieces."""
    sealer = _Sealer(key)
    yield sealer.head
    for piece in pieces:
        yield sealer.add(piece)
    yield sealer.finish()


class SealingFile(io.RawIOBase):
    """A new file that seals what is written to it; one that is closed without `finish` cannot be read."""

    def __init__(self, path: Path, key: DataKey) -> None:
        """Make the file, which is not there yet."""
        super().__init__()
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "wb")
        self._sealer, self._written = _Sealer(key), 0
        self._file.write(self._sealer.head)

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any, /) -> int:
        """Seal more."""
        content = bytes(data)
        self._file.write(self._sealer.add(content))
        self._written += len(content)
        return len(content)

    def tell(self) -> int:
        """How much was written, as its reader will count."""
        return self._written

    def finish(self) -> str:
        """Complete the file and see it onto the disk; the SHA-256 of what was sealed."""
        self._file.write(self._sealer.finish())
        self._file.flush()
        os.fsync(self._file.fileno())
        return self._sealer.sha256

    def close(self) -> None:
        """Let go of the file."""
        if not self.closed:
            self._file.close()
        super().close()


class OpenedFile(io.RawIOBase):
    """A sealed file opened for reading from any place; a damaged chunk is an error, never other bytes."""

    def __init__(self, path: Path, key: DataKey) -> None:
        """Open it, and check its last chunk, which vouches for its length and its SHA-256.

        Raises:
            ArtefactCorrupt: it was changed.
            OSError: it cannot be opened.
        """
        super().__init__()
        self._descriptor, self._place = os.open(path, os.O_RDONLY | os.O_CLOEXEC), 0
        self._kept: tuple[int, bytes] = (-1, b"")
        try:
            size = os.fstat(self._descriptor).st_size
            self._head = os.pread(self._descriptor, HEAD, 0)
            self._layout = _Layout.parse(self._head, size)
            self._digest = os.pread(self._descriptor, DIGEST_BYTES, size - DIGEST_BYTES)
            self._cipher = _derive_cipher(key, self._head)
            self._open_chunk(self._layout.chunks - 1)
        except BaseException:
            os.close(self._descriptor)
            self._descriptor = -1
            raise

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was sealed, as its last chunk vouches."""
        return self._digest.hex()

    @property
    def size(self) -> int:
        """How many bytes were sealed."""
        return self._layout.size

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Where the next byte is read."""
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place."""
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self.size}[whence]
        self._place = max(0, origin + offset)
        return self._place

    def read(self, size: int = -1, /) -> bytes:
        """So many bytes from here on, fewer at the end."""
        end = self.size if size is None or size < 0 else min(self._place + size, self.size)
        if end <= self._place:
            return b""
        first, last = self._place // CHUNK, (end - 1) // CHUNK
        content = b"".join(self._open_chunks(first, last))
        start = self._place - first * CHUNK
        self._place, length = end, end - self._place
        return content[start : start + length]

    def readinto(self, buffer: Any, /) -> int:
        """The same into a buffer."""
        content = self.read(len(buffer))
        buffer[: len(content)] = content
        return len(content)

    def readall(self) -> bytes:
        """All from here on."""
        return self.read()

    def close(self) -> None:
        """Let go of the file."""
        if not self.closed and self._descriptor >= 0:
            os.close(self._descriptor)
        super().close()

    def _open_chunks(self, first: int, last: int) -> Iterator[bytes]:
        if first == last:
            yield self._open_chunk(first)
            return
        sealed = memoryview(
            os.pread(self._descriptor, (last - first + 1) * SEALED_CHUNK, HEAD + first * SEALED_CHUNK)
        )
        for number in range(first, last + 1):
            start = (number - first) * SEALED_CHUNK
            length = self._layout.length(number)
            yield self._decrypt(number, sealed[start : start + length])

    def _open_chunk(self, number: int) -> bytes:
        """One chunk, kept for the next reading: Parquet is read in small steps."""
        if self._kept[0] != number:
            place, length = HEAD + number * SEALED_CHUNK, self._layout.length(number)
            self._kept = (number, self._decrypt(number, os.pread(self._descriptor, length, place)))
        return self._kept[1]

    def _decrypt(self, number: int, sealed: bytes | memoryview) -> bytes:
        is_last = number == self._layout.chunks - 1
        vouched = self._head + self._digest if is_last else self._head
        try:
            return self._cipher.decrypt(_nonce(number, is_last=is_last), sealed, vouched)
        except InvalidTag:
            raise _damaged() from None


@dataclass(frozen=True)
class _Layout:
    """Where the chunks of a sealed file are, by its length."""

    key_id: bytes
    body: int

    @classmethod
    def parse(cls, head: bytes, size: int) -> "_Layout":
        body = size - HEAD - DIGEST_BYTES
        if len(head) != HEAD or not head.startswith(MARK) or body < TAG_BYTES or body % SEALED_CHUNK in _CUT:
            raise _damaged()
        return cls(head[len(MARK) : len(MARK) + ID_BYTES], body)

    @cached_property
    def chunks(self) -> int:
        return -(-self.body // SEALED_CHUNK)

    @property
    def size(self) -> int:
        return self.body - self.chunks * TAG_BYTES

    @property
    def facts(self) -> SealedFacts:
        return SealedFacts(self.key_id, self.size)

    def length(self, number: int) -> int:
        return min(SEALED_CHUNK, self.body - number * SEALED_CHUNK)


# A chunk is never shorter than its tag, so these lengths of a last chunk show that the file was cut off.
_CUT = range(1, TAG_BYTES)


class _Sealer:
    """Turns what is added into sealed chunks; the last is kept back until it is known to be the last."""

    def __init__(self, key: DataKey) -> None:
        self.head = MARK + key.id + token_bytes(SALT_BYTES)
        self._cipher, self._number = _derive_cipher(key, self.head), 0
        self._digest, self._waiting = sha256(), bytearray()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def add(self, piece: bytes) -> bytes:
        self._digest.update(piece)
        self._waiting += piece
        whole = (max(len(self._waiting), 1) - 1) // CHUNK * CHUNK
        with memoryview(self._waiting) as view:
            sealed = b"".join(self._seal(view[start : start + CHUNK]) for start in range(0, whole, CHUNK))
        del self._waiting[:whole]
        return sealed

    def finish(self) -> bytes:
        digest = self._digest.digest()
        nonce = _nonce(self._number, is_last=True)
        return self._cipher.encrypt(nonce, bytes(self._waiting), self.head + digest) + digest

    def _seal(self, chunk: memoryview) -> bytes:
        sealed = self._cipher.encrypt(_nonce(self._number, is_last=False), chunk, self.head)
        self._number += 1
        return sealed


def _derive_cipher(key: DataKey, head: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt=head[-SALT_BYTES:], info=MARK).derive(key.secret))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _damaged() -> ArtefactCorrupt:
    return ArtefactCorrupt("the bytes of an artefact have changed; restore it from the backup")
