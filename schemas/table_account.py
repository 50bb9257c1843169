"""What anonymizing a table cost, and how risky the result is: exact figures, for the keeper of the table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ColumnAccount:
    """One quasi-identifier: cases by level (-1 is left out), and the share of its information kept."""

    cases_by_level: dict[int, int]
    information_kept: float


@dataclass(frozen=True)
class ItemAccount:
    """One item column of the published cases: known cells before, and how many of them were blanked."""

    known: int
    blanked: int


@dataclass(frozen=True)
class CombinationAccount:
    """What it cost that no combination of up to `m` values occurs in 1 to k - 1 cases.

    `share_blanked` is of the items; `share_of_values_blanked` counts the quasi-identifiers' values too.
    `few_empty` names item columns with 1 to k - 1 empty cells, of which a blanked one could be guessed.
    """

    m: int
    known: int
    blanked: int
    share_blanked: float
    share_of_values_blanked: float
    few_empty: tuple[str, ...]
    columns: dict[str, ItemAccount]


@dataclass(frozen=True)
class CellAccount:
    """The cells of all quasi-identifiers, those of suppressed cases included: `total` of them.

    `kept` are published as they are and `coarser` at a step above; the others show nothing. Beside it what
    record suppression would keep, which publishes the cases that are k alike as they are and no others.
    """

    total: int
    kept: int
    coarser: int
    cases_by_record_suppression: int
    cells_by_record_suppression: int


@dataclass(frozen=True)
class TableAccount:
    """The account of one recoding. Losses are 0 to 1, entropy in bits, risks are probabilities.

    `loss_geometric` and `loss_arithmetic` are ARX's Loss over all cases, suppressed ones counting 1;
    `entropy` is ARX's non-uniform entropy, measured for full-domain recoding only. `prosecutor_*` is the
    chance to pick the right published case for somebody known to be in the table.
    """

    cases: int
    published: int
    suppressed: int
    classes: int
    smallest_class: int
    average_class: float
    discernibility: int
    loss_geometric: float
    loss_arithmetic: float
    entropy: float | None
    prosecutor_highest: float
    prosecutor_average: float
    cells: CellAccount
    columns: dict[str, ColumnAccount]
    combinations: CombinationAccount | None = None
