"""Recoding: what each class of the pool becomes, so that every published class has k cases or more."""

from dataclasses import dataclass
from math import ceil

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from anonymize.ladder import Codes, count_cases
from anonymize.lattice import Lattice, build_lattice
from anonymize.measure import measure_account
from schemas.extract import COUNT, ORIGINAL_PREFIX, SUPPRESSED, Account, ClassTable, Recoding
from schemas.policy import Policy

WAITING = -1


class ClassesForOtherPolicy(ValueError):
    """The class table was not counted over the quasi-identifiers of the policy."""


class PolicyNotMet(Exception):
    """The pool cannot be published under the policy; says by how much, and which policy would do."""


class UnsafeRecoding(Exception):
    """The recoding has a class below k: an error in this program, never a release."""


@dataclass
class Walk:
    """The way from the finest to the coarsest node: where each class has settled so far.

    Classes stand in a canonical order, so that the outcome does not depend on the order of the table.
    """

    lattice: Lattice
    counts: Codes
    node: Codes
    shown: Codes


def anonymize_cases(classes: ClassTable, policy: Policy) -> tuple[Recoding, Account]:
    """Find a recoding under which every published class has k cases, keeping detail where it can.

    Local recoding over the lattice of ladders: at each node, from the finest to the coarsest, the
    classes that then number k cases alike settle, the others go on; after ARX's iterative local
    recoding (Prasser et al., 2020). A case is left out only when fewer than k cases of the whole
    pool agree in the coarsest values the policy allows.

    Raises:
        ClassesForOtherPolicy: the table has other columns than the policy's quasi-identifiers.
        LatticeTooLarge: the policy allows too many combinations of levels.
        PolicyNotMet: no case, or too few, can be published.
        UnsafeRecoding: the outcome is not safe; nothing may be published.
    """
    columns = policy.quasi_identifier_columns
    if set(classes.columns) != set(columns):
        raise ClassesForOtherPolicy(
            f"the class table does not have exactly the quasi-identifier columns of policy {policy.id}; "
            "count the classes again over the columns of the policy"
        )
    table = classes.frame.sort_values(list(columns), kind="stable", ignore_index=True)
    if table.empty or classes.cases < policy.k:
        raise PolicyNotMet(
            f"the pool has {classes.cases} cases and policy {policy.id} asks for {policy.k} alike; "
            "wait for more cases"
        )
    levels = _find_levels(table, policy)
    recoding = _build_recoding(table, levels, policy)
    _check_safe(recoding, table, policy.k)
    account = measure_account(recoding, table, policy)
    _check_limit(account, policy)
    return recoding, account


def _find_levels(table: pd.DataFrame, policy: Policy) -> Codes:
    """The levels at which each class is published; one row a class, all WAITING where it is left out."""
    counts = count_cases(table)
    lattice = build_lattice(policy.quasi_identifiers, table, counts)
    unsettled = np.full(len(table), WAITING, dtype=np.int64)
    walk = Walk(lattice, counts, unsettled, unsettled.copy())
    _walk_nodes(walk, policy.k)
    _rescue_rest(walk, policy.k)
    levels = lattice.nodes[walk.node]
    levels[walk.node == WAITING] = WAITING
    return np.asarray(levels)


def _walk_nodes(walk: Walk, k: int) -> None:
    """Settle at each node the classes that are then k alike, or alike to classes that have settled."""
    waiting = np.arange(len(walk.counts))
    for node in range(len(walk.lattice.nodes)):
        if not len(waiting):
            return
        shown = walk.lattice.describe_classes(node, waiting)
        member, groups = pd.factorize(shown)
        sizes = np.bincount(member, weights=walk.counts[waiting])
        small = sizes < k
        small[small] = ~np.isin(groups[small], walk.shown)
        settles = ~small[member]
        walk.node[waiting[settles]] = node
        walk.shown[waiting[settles]] = shown[settles]
        waiting = waiting[~settles]


def _rescue_rest(walk: Walk, k: int) -> None:
    """Publish what is left over by making just enough settled cases as coarse: suppression comes last."""
    top = np.full(len(walk.counts), walk.lattice.top)
    shown = walk.lattice.describe_classes(walk.lattice.top, np.arange(len(top)))
    waits = walk.node == WAITING
    loss = walk.lattice.measure_loss(top) - walk.lattice.measure_loss(np.where(waits, top, walk.node))
    for value in np.intersect1d(shown[waits], shown[~waits]):
        rest = np.flatnonzero(waits & (shown == value))
        helpers = _find_helpers(walk, np.flatnonzero(~waits & (shown == value)), loss, rest, k)
        moved = np.concatenate([rest, helpers])
        walk.node[moved] = walk.lattice.top
        walk.shown[moved] = value


def _find_helpers(walk: Walk, settled: Codes, loss: NDArray[np.float64], rest: Codes, k: int) -> Codes:
    """The classes of one settled group that bring the rest to k and lose least by joining it."""
    need = k - int(walk.counts[rest].sum())
    groups = [settled[walk.shown[settled] == shown] for shown in np.unique(walk.shown[settled])]
    chosen = [_choose_members(group, walk.counts, need, k) for group in groups]
    return min(chosen, key=lambda classes: round(float((walk.counts[classes] * loss[classes]).sum()), 9))


def _choose_members(members: Codes, counts: Codes, need: int, k: int) -> Codes:
    """The smallest classes that suffice, where the group stays at k without them; else the whole group."""
    by_size = members[np.argsort(counts[members], kind="stable")]
    running = np.cumsum(counts[by_size])
    enough = int(np.searchsorted(running, need)) + 1
    return by_size if running[-1] - running[enough - 1] < k else by_size[:enough]


def _build_recoding(table: pd.DataFrame, levels: Codes, policy: Policy) -> Recoding:
    columns = policy.quasi_identifier_columns
    frame = pd.DataFrame({ORIGINAL_PREFIX + column: table[column] for column in columns})
    suppressed = (levels == WAITING).any(axis=1)
    for number, quasi_identifier in enumerate(policy.quasi_identifiers.values()):
        for step, column in enumerate(quasi_identifier.ladder):
            hidden = suppressed | (levels[:, number] > step)
            frame[column] = table[column].mask(hidden)
    frame[SUPPRESSED] = suppressed
    return Recoding(columns, frame)


def _check_safe(recoding: Recoding, table: pd.DataFrame, k: int) -> None:
    """Count the published classes once more, from the values themselves."""
    published = recoding.frame.loc[~recoding.frame[SUPPRESSED], list(recoding.columns)]
    counts = table.loc[published.index, COUNT]
    sizes = counts.groupby([published[column] for column in recoding.columns], dropna=False).sum()
    if (sizes < k).any():
        raise UnsafeRecoding("a published class would have fewer than k cases; report this as an error")


def _check_limit(account: Account, policy: Policy) -> None:
    share = account.suppressed / account.cases
    if account.published and share <= policy.suppression_limit:
        return
    held = [n for n, qi in policy.quasi_identifiers.items() if qi.levels.stop <= len(qi.ladder)]
    enough = f", or set suppression_limit to {ceil(share * 1000) / 1000}" if account.published else ""
    raise PolicyNotMet(
        f"{account.suppressed} of {account.cases} cases ({share:.1%}) stay below {policy.k} alike even at "
        f"the coarsest levels; policy {policy.id} allows to leave out {policy.suppression_limit:.1%}; "
        f"raise max_level of {', '.join(held)}{enough}"
    )
