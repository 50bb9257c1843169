"""Person: columns that repeat because a row has several persons, told by the numbers in their names."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.persons import NUMBER
from transforms.suggestion.header import CONTAINED, match_header
from transforms.suggestion.placement import SeenColumn
from transforms.suggestion.profile import Profile

NUMERAL = re.compile(r"(?<!\d)[1-9]\d?(?!\d)")
LETTER = re.compile(r"(?<![^\W\d_])[A-J](?![^\W\d_])")
AROUND = re.compile(rf"(?P<before>[\s_.\-]*){re.escape(NUMBER)}(?P<after>[\s_.\-]*)")
OF_PERSON = frozenset({"gender", "age_at_registration", "age_broad", "citizenship", "key"})
LEAST = 2
"""Groups, and columns of a group that only persons have, which are needed to believe in persons."""


@dataclass(frozen=True)
class Persons:
    """The groups by what stands for the number in their names, and each name with its columns by group."""

    groups: tuple[str, ...]
    columns: dict[str, dict[str, str]]

    def write_columns(self, name: str) -> str | tuple[str, ...]:
        """The columns of a name as a description gives them: a name with a place for the number, or all."""
        columns = self.columns[name]
        return _find_template(columns) or tuple(columns.values())


def find_persons(names: Sequence[str]) -> Persons | None:
    """The groups of columns of which each may be a person; None where no such columns repeat."""
    templates: dict[str, dict[str, str]] = defaultdict(dict)
    for name in names:
        for template, number in _list_templates(name):
            templates[template].setdefault(number, name)
    for template, columns in templates.items():  # the first of repeated names has no number
        bare = AROUND.sub("", template)
        if bare in names and "1" not in columns and "2" in columns:
            templates[template] = {"1": bare, **columns}
    repeated = {t: columns for t, columns in templates.items() if len(columns) >= LEAST}
    told = [t for t, columns in repeated.items() if _tells_person(t) and min(columns) in ("1", "A")]
    if len(told) < LEAST:
        return None
    groups, _ = Counter(tuple(sorted(repeated[t], key=_order)) for t in told).most_common(1)[0]
    before = {t.partition(NUMBER)[0] for t in told} - {""}
    family = {
        t: columns for t, columns in templates.items() if t in repeated or t.partition(NUMBER)[0] in before
    }
    named = _name_columns(family, groups, frozenset(names))
    return Persons(groups, named) if len(named) >= LEAST else None


def merge_columns(columns: Sequence[SeenColumn], persons: Persons) -> list[SeenColumn]:
    """The columns with those that repeat as one each, at the place of the first."""
    by_name = {column.name: column for column in columns}
    owner = {raw: name for name, groups in persons.columns.items() for raw in groups.values()}
    merged: dict[str, SeenColumn] = {}
    for column in columns:
        name = owner.get(column.name)
        if name is None:
            merged[f"{column.position} {column.name}"] = column
        elif name not in merged:
            several = [by_name[raw] for raw in persons.columns[name].values()]
            counts = sum((one.profile.counts for one in several), Counter[str]())
            merged[name] = SeenColumn(
                column.position,
                name,
                Profile(counts, column.profile.rows * len(several)),
                NUMERAL.sub(" ", column.label).strip(),
                tuple(one.name for one in several),
                optional=len(several) < len(persons.groups),
            )
    return list(merged.values())


def _list_templates(name: str) -> list[tuple[str, str]]:
    """The name with the place for the number in place of each number or single capital letter in it."""
    found = [*NUMERAL.finditer(name), *LETTER.finditer(name)]
    return [(f"{name[: one.start()]}{NUMBER}{name[one.end() :]}", one[0]) for one in found]


def _find_template(columns: dict[str, str]) -> str | None:
    """The one name with a place for the number that all columns of a name follow."""
    group, first = next(iter(columns.items()))
    for template, number in _list_templates(first):
        if number == group and all(template.replace(NUMBER, g) == name for g, name in columns.items()):
            return template
    return None


def _tells_person(template: str) -> bool:
    matches = match_header(_strip_number(template))
    return any(match.target in OF_PERSON and match.score >= CONTAINED for match in matches)


def _strip_number(template: str) -> str:
    """The name without the number, its parts still apart."""

    def join(found: re.Match[str]) -> str:
        before, after = found["before"], found["after"]
        at_end = found.end() == len(template) or template[found.end()] == "@"
        return "" if at_end or not found.start() else (before or after or " ")

    return AROUND.sub(join, template).strip()


def _name_columns(
    repeated: dict[str, dict[str, str]], groups: tuple[str, ...], taken: frozenset[str]
) -> dict[str, dict[str, str]]:
    """Each repeated name once, with its columns; one that the file has already gets a word before it."""
    named: dict[str, dict[str, str]] = {}
    used: set[str] = set()
    for template, columns in repeated.items():
        own = {group: columns[group] for group in groups if group in columns}
        if not set(columns) <= set(groups) or used & set(own.values()):
            continue
        if len(own) < len(groups) and _find_template(own) is None:
            continue
        used |= set(own.values())
        name = _strip_number(template) or "person"
        named[f"each {name}" if name in named or (name in taken and name not in own.values()) else name] = own
    return named


def _order(group: str) -> tuple[int, str]:
    return (int(group) if group.isdigit() else 0, group)
