"""Detail check: the table of countries, judged as a stranger would who knows the totals of every country."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import pandas as pd

from schemas.codelist import load_codelist
from schemas.country_table import BY, CASES, JOINT, SOURCES, list_columns
from schemas.detail import Detail, DetailLevel
from schemas.extract import Extract
from schemas.policy import Policy
from schemas.verdict import Evidence, Outcome

BLOCK = ["region", "country", "dataset", "window"]
"""What tells one block of the table from another: all cells of one country, or the total of a region."""


def check_country_cells(extract: Extract, policy: Policy) -> Evidence:
    """Every count of the table has k cases, and there is no table that the policy does not ask for."""
    if policy.detail is None or extract.countries is None:
        wrong = int((policy.detail is None) != (extract.countries is None))
        return _answer("country cells", wrong == 0, wrong, 0, "tables of countries missing or not asked for")
    smallest = int(extract.countries[CASES].astype("int64").min()) if len(extract.countries) else policy.k
    return _answer("country cells", smallest >= policy.k, smallest, policy.k, "cases in the smallest count")


def check_country_blocks(extract: Extract, policy: Policy) -> Evidence:
    """Windows are the policy's, a country stands in each once and at one level, a region is of many."""
    text = "parts of the table of countries in another form than the policy allows"
    if policy.detail is None or extract.countries is None:
        return _answer("country blocks", True, 0, 0, text)
    table = extract.countries
    wrong = int(tuple(table.columns) != list_columns(policy.detail))
    wrong += sum(not _is_well_formed(block, policy.detail) for _, block in _list_blocks(table))
    return _answer("country blocks", wrong == 0, wrong, 0, text)


def check_country_variety(extract: Extract, policy: Policy) -> Evidence:
    """No country is counted by a column in which all its cases are alike or a combination lacks."""
    text = "countries of which a count says that all or none of some cases are so"
    if extract.countries is None:
        return _answer("country variety", True, 0, 0, text)
    wrong = sum(
        _says_all_or_none(cells, _list_keys(block))
        for _, block in _list_blocks(extract.countries)
        for _, cells in block.groupby("year", dropna=False)
    )
    return _answer("country variety", wrong == 0, wrong, 0, text)


def check_known_totals(
    extract: Extract, policy: Policy, known: pd.DataFrame, earlier: Sequence[Extract]
) -> Evidence:
    """The attack of someone who knows each country's totals, by each key alone, and subtracts the counts.

    `known` has dataset, country, window, the keys and the cases of every source that is no record. A count
    that an earlier release made as it stands was judged with that release.
    """
    text = "small groups found by subtracting published counts from the totals that a country knows"
    if policy.detail is None or extract.countries is None:
        return _answer("known totals", True, 0, 0, text)
    found = 0
    for labels, block in _list_blocks(extract.countries):
        if any(_stands_in(block, other.countries) for other in earlier if other.countries is not None):
            continue
        if block["country"].notna().all():
            here = known[(known["country"] == labels[1]) & (known["dataset"] == labels[2])]
            found += _subtract(here[here["window"] == labels[3]], block, policy.k)
        else:
            found += _count_members(extract.countries, known, labels) < 2
    return _answer("known totals", found == 0, found, 0, text)


def check_country_difference(extract: Extract, policy: Policy, earlier: Extract, number: int) -> Evidence:
    """No count of a country or region, over columns that both releases have, changed by 1 to k - 1."""
    name = f"country difference to release {number}"
    text = "counts of countries that changed by 1 to k - 1, or windows that overlap those of the release"
    if extract.countries is None or earlier.countries is None:
        return _answer(name, True, 0, 0, text)
    changed = _count_overlaps(extract.countries, earlier.countries)
    before = dict(_list_blocks(earlier.countries))
    for labels, block in _list_blocks(extract.countries):
        if labels in before:
            changed += _count_changes(block, before[labels], policy.k)
    return _answer(name, changed == 0, changed, 0, text)


def _answer(check: str, passed: bool, measured: float, required: float, text: str) -> Evidence:
    return Evidence(check, Outcome.PASS if passed else Outcome.FAIL, measured, required, text)


def _list_blocks(table: pd.DataFrame) -> Iterator[tuple[tuple[str, ...], pd.DataFrame]]:
    named = table.assign(**{column: table[column].astype(object).fillna("") for column in BLOCK})
    for labels, part in named.groupby(BLOCK, sort=True):
        yield tuple(map(str, labels)), table.loc[part.index]


def _list_keys(block: pd.DataFrame) -> list[str]:
    return [key for key in str(block[BY].iloc[0]).split(JOINT) if key]


def _is_well_formed(block: pd.DataFrame, detail: Detail) -> bool:
    first = block.iloc[0]
    window = next((w for w in detail.windows if w.name == first["window"]), None)
    if window is None or block["level"].nunique() > 1 or block[BY].nunique() > 1:
        return False
    keys = _list_keys(block)
    years = block["year"].dropna().astype("int64")
    is_yearly = first["level"] == DetailLevel.YEAR
    if tuple(keys) not in (*detail.keys, ()) or len(years) != (len(block) if is_yearly else 0):
        return False
    if not all(map(window.holds, years)) or block.duplicated(["year", *keys]).any():
        return False
    if any(block[column].notna().any() for column in detail.columns if column not in keys):
        return False
    if first["level"] == DetailLevel.REGION:
        enough = int(first[SOURCES]) >= detail.fewest_sources
        return enough and len(block) == 1 and not keys and pd.isna(first["country"])
    is_country = first["level"] in (DetailLevel.WINDOW, DetailLevel.YEAR)
    return is_country and first["country"] in load_codelist("country").codes and bool(first["dataset"])


def _says_all_or_none(cells: pd.DataFrame, keys: list[str]) -> bool:
    expected = 1
    for key in keys:
        values = len(set(cells[key].fillna("")))
        if values < 2:
            return True
        expected *= values
    return len(cells) != expected


def _stands_in(block: pd.DataFrame, table: pd.DataFrame) -> bool:
    columns = [column for column in block.columns if column in table.columns]
    rows = set(table[columns].astype("string").fillna("").itertuples(index=False, name=None))
    return rows >= set(block[columns].astype("string").fillna("").itertuples(index=False, name=None))


def _subtract(known: pd.DataFrame, block: pd.DataFrame, k: int) -> int:
    """Groups of 1 to k - 1 cases that are in the totals and in no published count."""
    rest = [int(known[CASES].sum()) - int(block[CASES].astype("int64").sum())]
    for key in _list_keys(block):
        totals, counts = (
            part[CASES].astype("int64").groupby(part[key].astype(object).fillna("")).sum()
            for part in (known, block)
        )
        rest += totals.sub(counts, fill_value=0).astype("int64").tolist()
    return sum(0 < abs(number) < k for number in rest)


def _count_members(table: pd.DataFrame, known: pd.DataFrame, labels: tuple[str, ...]) -> int:
    """How many datasets of a region and window have no count of their own."""
    parents, regions = load_codelist("country").parents, load_codelist("m49_subregion").parents
    own = {(row[1], row[2]) for row, _ in _list_blocks(table) if row[3] == labels[3] and row[1]}
    there = known[known["window"] == labels[3]]
    return len(
        {
            dataset
            for country, dataset in zip(there["country"], there["dataset"], strict=True)
            if regions.get(parents.get(country, "")) == labels[0] and (country, dataset) not in own
        }
    )


def _count_changes(block: pd.DataFrame, before: pd.DataFrame, k: int) -> int:
    shared = [key for key in _list_keys(block) if key in _list_keys(before)]
    if block["year"].notna().all() and before["year"].notna().all():
        shared.append("year")
    changed = 0
    for size in range(len(shared) + 1):
        for some in combinations(shared, size):
            now, then = (_sum_by(part, some) for part in (block, before))
            changes = now.sub(then, fill_value=0).abs()
            changed += int(((changes > 0) & (changes < k)).sum())
    return changed


def _sum_by(block: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    words = block[list(columns)].astype("string").fillna("").agg("/".join, axis=1) if columns else "all"
    return block[CASES].astype("int64").groupby(words if columns else [words] * len(block)).sum()


def _count_overlaps(table: pd.DataFrame, before: pd.DataFrame) -> int:
    """Windows of one release that have a year of another window of the other release."""
    now, then = ({tuple(map(int, name.split("--"))) for name in part["window"]} for part in (table, before))
    return sum(one != other and one[0] <= other[1] and other[0] <= one[1] for one in now for other in then)
