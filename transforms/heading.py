"""Headings: what the columns of a table are called, from its header and label rows and the source's names."""

from dataclasses import replace

from schemas.finding import Finding, FindingCode
from schemas.source import Source
from transforms.column import list_known_columns, locate_column
from transforms.lookup import fold_word
from transforms.readers.content import Content


def name_columns(source: Source, table: str, content: Content) -> tuple[list[str], list[Finding]]:
    """The columns' names as the source description writes them, and what was odd about them."""
    width = _measure_width(content)
    header = [*content.header, *[""] * width][:width]
    labels = [*content.labels, *[""] * width][:width]
    known = _index_names(source, table)
    aliases = _aliases_of(source, table)
    names: list[str] = []
    findings: list[Finding] = []
    for position, (name, label) in enumerate(zip(header, labels, strict=True), 1):
        chosen, code = _choose_name(name, label, position, aliases, known)
        chosen = _make_distinct(chosen, names)
        names.append(chosen)
        quoted = chosen if chosen in known.values() else f"column {position}"
        findings += [Finding(code, 1, column=quoted)] if code else []
    findings += _compare_labels(source, table, names, labels)
    return names, [replace(finding, table=table) for finding in findings]


def _measure_width(content: Content) -> int:
    """Columns up to the last one that has a name, a label or a cell."""
    filled = (i for cells in (content.header, content.labels) for i, cell in enumerate(cells, 1) if cell)
    longest = max(filled, default=0)
    for cells in content.rows.values():
        while len(cells) > longest and not cells[-1]:
            cells.pop()
        longest = max(longest, len(cells))
    return longest


def _choose_name(
    name: str, label: str, position: int, aliases: dict[str, str], known: dict[str, str]
) -> tuple[str, FindingCode | None]:
    if not name and not label:
        return f"column {position}", None
    if not name:
        return known.get(fold_word(label), label), FindingCode.COLUMN_UNNAMED
    if right := aliases.get(fold_word(name)):
        return right, FindingCode.COLUMN_MISSPELT
    return (name if name in known.values() else known.get(fold_word(name), name)), None


def _make_distinct(name: str, taken: list[str]) -> str:
    number, chosen = 1, name
    while chosen in taken:
        number += 1
        chosen = f"{name} {number}"
    return chosen


def _index_names(source: Source, table: str) -> dict[str, str]:
    """Folded name to name, and folded label to name for columns whose label the source knows."""
    names = {fold_word(name): name for name in reversed(list_known_columns(source, table))}
    return {fold_word(label): name for name, label in _labels_of(source, table).items()} | names


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
