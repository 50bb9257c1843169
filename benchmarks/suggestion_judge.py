"""What the columns of a file are for by the description of its source, and whether a draft says the same."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from schemas.source import Source
from transforms.suggestion.placement import Place, PlacedColumn
from transforms.suggestion.survey import survey_file
from transforms.suggestion.table import suggest_tables
from transforms.suggestion.tie import TiedTables, tie_tables
from transforms.suggestion.vocabulary import list_flags

UNUSED, LABELS, HIDDEN, BIRTH = "unused", "labels", "hidden", "birth_date"
Truth = dict[str, Any]
FindTruth = Callable[[Sequence[str]], Truth]
"""From the names of a table's columns to what each is for."""


def describe_truth(source: Source) -> Truth:
    """Address of a column in the file to what the description makes of it."""
    truth: Truth = dict.fromkeys(source.concatenated, LABELS)
    truth |= dict.fromkeys([*source.ignored, *source.refused], UNUSED)
    truth |= dict.fromkeys((row_filter.column for row_filter in source.ignored_rows), UNUSED)
    for name, column in source.columns.items():
        targets = source.lookups.get(column.flags or "", {}).values()
        flags = {flag for target in targets for flag in (target if isinstance(target, tuple) else ())}
        truth[name] = "key" if column.key else column.field or frozenset(flags)
        if column.birth_date:
            truth[name] = BIRTH
    for name in source.persons.columns if source.persons else ():
        truth |= dict.fromkeys(source.persons.name_columns(name), truth[name])
    truth |= {label: truth[name] for name, label in source.labels.items() if name in truth}
    return truth | {wrong: truth[right] for wrong, right in source.aliases.items() if right in truth}


def judge(one: PlacedColumn, true: Any) -> str:
    """Right, open or wrong."""
    placement = one.placement
    named = true if isinstance(true, frozenset) else frozenset({true})
    match placement.place:
        case Place.UNDECIDED:
            return "open"
        case Place.IGNORED | Place.REFUSED | Place.LINK:
            right = true == UNUSED
        case Place.CONCATENATED:
            right = true == LABELS
        case Place.KEY:
            right = true == "key"
        case Place.BIRTH:
            right = true in (BIRTH, UNUSED)  # it says TODO until the agreement is named, or it is refused
        case Place.FLAGS:
            right = true == placement.target or bool(named & set(list_flags(placement.target)))
        case _:
            right = placement.target in named | ({"citizenship"} if true == "citizenship_all" else set())
    return "right" if right else "wrong"


def suggest_delivery(files: Mapping[str, bytes], country: str) -> TiedTables:
    """The tables of the files of one delivery."""
    tables = [
        table
        for number, (name, content) in enumerate(files.items())
        for table in suggest_tables(
            survey_file([content], Path(name).suffix, languages=(), encoding=None),
            languages=(),
            country=country,
            file=number,
        )
    ]
    return tie_tables(tables)


def judge_delivery(tied: TiedTables, find_truth: FindTruth) -> dict[str, tuple[str, PlacedColumn]]:
    """Each column of the files, behind the place of its table, with the verdict on it and its place."""
    verdicts: dict[str, tuple[str, PlacedColumn]] = {}
    for number, table in enumerate((tied.cases, *(other.table for other in tied.others))):
        names = [name for one in table.columns for name in (one.column.sources or (one.column.name,))]
        truth = find_truth(names)
        for one in table.columns:
            for name in one.column.sources or (one.column.name or f"column {one.column.position}",):
                if name not in truth and one.column.name and one.placement.place is Place.LINK:
                    continue  # no description says more of a column that ties two tables
                verdicts[f"{number} {name}"] = judge(one, truth.get(name, HIDDEN)), one
    return verdicts


def find_in(source: Source) -> FindTruth:
    """The truth of the table that has most of the names, by the names of its file."""
    truth = describe_truth(source)

    def find(names: Sequence[str]) -> Truth:
        own = {name: value for name, value in truth.items() if name.partition(".")[0] not in source.tables}
        options = [own]
        for table in source.tables:
            prefix = f"{table}."
            options.append(
                {n.removeprefix(prefix): value for n, value in truth.items() if n.startswith(prefix)}
            )
        return max(options, key=lambda option: len(option.keys() & set(names)))

    return find
