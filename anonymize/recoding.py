"""Recoding: what each class of the pool becomes, so that every published class has k cases or more."""

from math import ceil

import pandas as pd

from anonymize.case_ladder import build_lattice, count_cases
from anonymize.ladder import Codes
from anonymize.local import find_local_levels
from anonymize.measure import measure_account
from anonymize.refusal import PolicyNotMet, UnsafeRecoding
from anonymize.walk import WAITING
from schemas.extract import COUNT, ORIGINAL_PREFIX, SUPPRESSED, Account, ClassTable, Recoding
from schemas.policy import Policy


class ClassesForOtherPolicy(ValueError):
    """The class table was not counted over the quasi-identifiers of the policy."""


def anonymize_cases(classes: ClassTable, policy: Policy) -> tuple[Recoding, Account]:
    """Find a recoding under which every published class has k cases, keeping detail where it can.

    Local recoding over the lattice of ladders. A case is left out only when fewer than k cases of the
    whole pool agree in the coarsest values the policy allows.

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
    counts = count_cases(table)
    lattice = build_lattice(policy.quasi_identifiers, table, counts)
    levels = find_local_levels(lattice, counts, policy.k)
    recoding = _build_recoding(table, levels, policy)
    _check_safe(recoding, table, policy.k)
    account = measure_account(recoding, table, policy)
    _check_limit(account, policy)
    return recoding, account


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
