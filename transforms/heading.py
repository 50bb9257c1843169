"""Headings: what the columns of a table are called, from its header and label rows and the source's names."""

from collections import Counter
from dataclasses import dataclass, replace

from schemas.finding import Finding, FindingCode
from schemas.source import Source
from transforms.column import list_known_columns, locate_column
from transforms.lookup import fold_word
from transforms.readers.content import Content


@dataclass(frozen=True)
class _Names:
    """What the source description calls the columns of one table."""

    exact: frozenset[str]
    folded: dict[str, str]
    aliases: dict[str, str]


def name_columns(source: Source, table: str, content: Content) -> tuple[list[str], list[Finding]]:
    """The columns' names as the source description writes them, and what was odd about them."""
    width = _measure_width(content)
    header = [*content.header, *[""] * width][:width]
    labels = [*content.labels, *[""] * width][:width]
    known = _gather_names(source, table, header)
    choices = [_choose_name(name, label, known) for name, label in zip(header, labels, strict=True)]
    names = _make_distinct([name or f"column {n}" for n, (name, _) in enumerate(choices, 1)])
    findings = [
        Finding(code, 1, column=name if name in known.exact else f"column {position}")
        for position, (name, (_, code)) in enumerate(zip(names, choices, strict=True), 1)
        if code
    ]
    findings += _compare_labels(source, table, names, labels)
    return names, [replace(finding, table=table) for finding in findings]


def _measure_width(content: Content) -> int:
    """Columns up to the last one that has a name, a label or a cell."""
    filled = (i for cells in (content.header, content.labels) for i, cell in enumerate(cells, 1) if cell)
    longest = max(filled, default=0)
    longest = max(longest, content.width)
    for cells in content.rows.values():
        if len(cells) > longest:
            longest = max((i for i, cell in enumerate(cells, 1) if cell and i > longest), default=longest)
    return longest


def _choose_name(name: str, label: str, known: _Names) -> tuple[str, FindingCode | None]:
    if not name:
        return known.folded.get(fold_word(label), label), FindingCode.COLUMN_UNNAMED if label else None
    if right := known.aliases.get(fold_word(name)):
        return right, FindingCode.COLUMN_MISSPELT
    return (name if name in known.exact else known.folded.get(fold_word(name), name)), None


def _make_distinct(names: list[str]) -> list[str]:
    """A name that stands again is followed by a number."""
    distinct: dict[str, None] = {}
    seen: Counter[str] = Counter()
    for name in names:
        chosen = name
        while chosen in distinct:
            seen[name] += 1
            chosen = f"{name} {seen[name] + 1}"
        distinct[chosen] = None
    return list(distinct)


def _gather_names(source: Source, table: str, header: list[str]) -> _Names:
    """A name is known by its label too; a name that stands in the header exactly is not given to another."""
    exact = frozenset(list_known_columns(source, table))
    free = [name for name in list_known_columns(source, table) if name not in header]
    labels = _labels_of(source, table)
    folded = {fold_word(labels[name]): name for name in free if name in labels}
    folded |= {fold_word(name): name for name in reversed(free)}
    return _Names(exact, folded, _aliases_of(source, table))


def _labels_of(source: Source, table: str) -> dict[str, str]:
    located = ((*locate_column(source, address), label) for address, label in source.labels.items())
    return {column: label for where, column, label in located if where == table}


def _aliases_of(source: Source, table: str) -> dict[str, str]:
    located = ((*locate_column(source, wrong), right) for wrong, right in source.aliases.items())
    return {
        fold_word(wrong): locate_column(source, right)[1] for where, wrong, right in located if where == table
    }


def _compare_labels(source: Source, table: str, names: list[str], labels: list[str]) -> list[Finding]:
    """Columns above which another label stands than the source expects."""
    expected = _labels_of(source, table)
    return [
        Finding(FindingCode.LABEL_DISAGREES, 1, column=name)
        for name, label in zip(names, labels, strict=True)
        if label and name in expected and fold_word(label) != fold_word(expected[name])
    ]
