"""The audit chain: whatever is done to one entry is found, and found where it was done."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.audit import BEGINNING, find_broken_entry, hash_entry

LENGTH = 6
FIELDS = ("seq", "at", "actor", "action", "subject", "detail", "previous", "hash")


def make_chain(length: int) -> list[dict[str, Any]]:
    chain: list[dict[str, Any]] = []
    for seq in range(1, length + 1):
        row = {
            "seq": seq,
            "at": f"2026-01-01T00:00:0{seq}.000000Z",
            "actor": "ana",
            "action": "cases.queried",
            "subject": "pool",
            "detail": f'{{"n":{seq}}}',
            "previous": chain[-1]["hash"] if chain else BEGINNING,
        }
        chain.append(row | {"hash": hash_entry(row)})
    return chain


positions = st.integers(0, LENGTH - 1)


def test_hash_of_the_first_entry_is_that_of_its_canonical_json() -> None:
    # printf '{"action":"cases.queried","actor":"ana",...}' | sha256sum, the JSON written out by hand.
    assert make_chain(1)[0]["hash"] == "eaaf03a1d49e20984de4df3be6910affe5d7b8b39c8fadf4d7c600dd63043a08"


def test_a_whole_chain_is_whole() -> None:
    assert find_broken_entry([]) is None
    assert find_broken_entry(make_chain(LENGTH)) is None


@given(positions, st.sampled_from(FIELDS), st.text(max_size=80))
def test_any_edit_is_found_where_it_was_made(position: int, field: str, value: str) -> None:
    chain = make_chain(LENGTH)
    if str(chain[position][field]) == value:
        return
    chain[position] = chain[position] | {field: value}
    assert find_broken_entry(chain) == position + 1


@given(st.integers(0, LENGTH - 2))
def test_any_deletion_before_the_end_is_found(position: int) -> None:
    chain = make_chain(LENGTH)
    del chain[position]
    assert find_broken_entry(chain) == position + 1


@given(st.permutations(range(LENGTH)))
def test_any_other_order_is_found_at_the_first_stranger(order: list[int]) -> None:
    chain = make_chain(LENGTH)
    strangers = [position for position, number in enumerate(order) if position != number]
    expected = strangers[0] + 1 if strangers else None
    assert find_broken_entry([chain[number] for number in order]) == expected
    renumbered = [chain[number] | {"seq": position} for position, number in enumerate(order, start=1)]
    assert find_broken_entry(renumbered) == expected


@given(positions)
def test_an_entry_put_in_between_is_found(position: int) -> None:
    chain = make_chain(LENGTH)
    forged = chain[position] | {"actor": "eve"}
    chain.insert(position, forged | {"hash": hash_entry({k: v for k, v in forged.items() if k != "hash"})})
    found = find_broken_entry(chain)
    assert found == position + 2  # the forged entry itself is sound; the one it displaced gives it away


@pytest.mark.parametrize("kept", range(LENGTH))
def test_a_cut_tail_is_known_only_by_a_head_copied_elsewhere(kept: int) -> None:
    chain = make_chain(LENGTH)
    head = (chain[-1]["seq"], chain[-1]["hash"])
    assert find_broken_entry(chain[:kept]) is None
    assert head not in [(row["seq"], row["hash"]) for row in chain[:kept]]
