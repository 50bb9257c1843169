import os
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.error import ArtefactCorrupt
from storage.seal import (
    CHUNK,
    DIGEST_BYTES,
    HEAD,
    SEALED_CHUNK,
    DataKey,
    OpenedFile,
    SealingFile,
    read_facts,
    seal_pieces,
)

KEY = DataKey(b"i" * 16, "srb_office_victims", b"k" * 32)
OTHER = DataKey(b"i" * 16, "srb_office_victims", b"l" * 32)
CANARY = b"Canary Person"


def seal(path: Path, content: bytes, key: DataKey = KEY, piece: int = 1_000_000) -> bytes:
    pieces = (content[start : start + piece] for start in range(0, len(content), piece))
    sealed = b"".join(seal_pieces(pieces, key))
    path.write_bytes(sealed)
    return sealed


def unseal(path: Path, key: DataKey = KEY) -> bytes:
    with OpenedFile(path, key) as opened:
        return opened.read()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7])
def test_what_was_sealed_comes_back(tmp_path: Path, size: int) -> None:
    content = (CANARY * (size // len(CANARY) + 1))[:size]
    sealed = seal(tmp_path / "a", content)
    assert unseal(tmp_path / "a") == content
    assert CANARY not in sealed
    # head, tags and hash: 48 + 32 bytes, and 16 for each chunk, of which there is always one
    assert len(sealed) == size + 48 + 32 + 16 * max(1, -(-size // 65536))
    facts = read_facts(tmp_path / "a")
    assert facts is not None
    assert (facts.key_id, facts.size) == (b"i" * 16, size)
    with OpenedFile(tmp_path / "a", KEY) as opened:
        assert (opened.sha256, opened.size) == (sha256(content).hexdigest(), size)


def test_the_size_of_the_pieces_does_not_matter(tmp_path: Path) -> None:
    content = os.urandom(2 * CHUNK + 5)
    for piece in (1000, CHUNK, CHUNK + 1):
        seal(tmp_path / "a", content, piece=piece)
        assert unseal(tmp_path / "a") == content


def test_the_same_content_is_never_sealed_alike(tmp_path: Path) -> None:
    first, second = seal(tmp_path / "a", b"abc"), seal(tmp_path / "b", b"abc")
    assert first[HEAD:-DIGEST_BYTES] != second[HEAD:-DIGEST_BYTES]


@pytest.fixture(scope="module")
def sealed_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    path, content = tmp_path_factory.mktemp("seal") / "a", os.urandom(3 * CHUNK + 100)
    seal(path, content)
    return path, content


@given(st.lists(st.tuples(st.integers(0, 3 * CHUNK + 200), st.integers(-1, 2 * CHUNK)), max_size=8))
def test_any_part_is_read_as_from_a_plain_file(
    sealed_file: tuple[Path, bytes], steps: list[tuple[int, int]]
) -> None:
    path, content = sealed_file
    with OpenedFile(path, KEY) as opened:
        for place, size in steps:
            assert opened.seek(place) == place
            expected = content[place:] if size < 0 else content[place : place + size]
            assert opened.read(size) == expected
            assert opened.tell() == place + len(expected)


@given(st.data())
def test_no_bit_can_be_changed_unseen(sealed_file: tuple[Path, bytes], data: st.DataObject) -> None:
    sealed = bytearray(sealed_file[0].read_bytes())
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))
    changed = sealed_file[0].with_name("changed")
    changed.write_bytes(sealed)
    with pytest.raises(ArtefactCorrupt):
        unseal(changed)


def test_nothing_can_be_cut_off_left_out_moved_or_added(tmp_path: Path) -> None:
    sealed = seal(tmp_path / "a", os.urandom(3 * CHUNK + 5))
    end = sealed[-DIGEST_BYTES:]
    chunks = [
        sealed[start:stop] for start, stop in pairwise(range(HEAD, HEAD + 4 * SEALED_CHUNK, SEALED_CHUNK))
    ]
    last = sealed[HEAD + 3 * SEALED_CHUNK : -DIGEST_BYTES]
    forged = [
        sealed[: HEAD + 2 * SEALED_CHUNK] + end,
        sealed[:HEAD] + b"".join(chunks[1:]) + last + end,
        sealed[:HEAD] + chunks[1] + chunks[0] + chunks[2] + last + end,
        sealed[:HEAD] + b"".join([*chunks, chunks[0]]) + last + end,
        sealed[:HEAD] + last + end,
        sealed[:HEAD] + end,
        sealed[: HEAD - 1],
        *(sealed[:-number] for number in (1, DIGEST_BYTES, DIGEST_BYTES + 5 + 1)),
    ]
    for each in forged:
        (tmp_path / "a").write_bytes(each)
        with pytest.raises(ArtefactCorrupt):
            unseal(tmp_path / "a")


def test_a_chunk_of_another_file_of_the_same_key_does_not_fit(tmp_path: Path) -> None:
    first = seal(tmp_path / "a", b"a" * (CHUNK + 1))
    second = seal(tmp_path / "b", b"b" * (CHUNK + 1))
    mixed = first[:HEAD] + second[HEAD : HEAD + SEALED_CHUNK] + first[HEAD + SEALED_CHUNK :]
    (tmp_path / "a").write_bytes(mixed)
    with pytest.raises(ArtefactCorrupt):
        unseal(tmp_path / "a")


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    seal(tmp_path / "a", b"abc")
    with pytest.raises(ArtefactCorrupt):
        unseal(tmp_path / "a", OTHER)


def test_a_file_that_was_not_finished_cannot_be_read(tmp_path: Path) -> None:
    file = SealingFile(tmp_path / "a", KEY)
    file.write(b"a" * (2 * CHUNK))
    file.close()
    with pytest.raises(ArtefactCorrupt):
        unseal(tmp_path / "a")
    file = SealingFile(tmp_path / "b", KEY)
    file.write(b"a" * (2 * CHUNK))
    assert file.tell() == 2 * CHUNK
    assert file.finish() == sha256(b"a" * (2 * CHUNK)).hexdigest()
    file.close()
    assert unseal(tmp_path / "b") == b"a" * (2 * CHUNK)


def test_a_plain_file_is_told_from_a_sealed_one(tmp_path: Path) -> None:
    for content in (b"", b"PAR1", b"palermo"):
        (tmp_path / "plain").write_bytes(content)
        assert read_facts(tmp_path / "plain") is None


def test_a_key_is_not_printed() -> None:
    assert "kkkk" not in repr(KEY)
