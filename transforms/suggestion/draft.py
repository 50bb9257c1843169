"""Draft: the text of a `source.yml`, complete but for what says TODO and only a person can decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from schemas.case import case_fields
from schemas.codelist import load_codelist
from schemas.field import Requirement
from schemas.unfilled import TODO
from transforms.lookup import fold_word
from transforms.suggestion.draft_column import (
    Addressed,
    write_columns,
    write_ignored_rows,
    write_one_hot,
    write_unused,
)
from transforms.suggestion.draft_layout import address_columns, name_tables, write_layout
from transforms.suggestion.header import STANDARD, STRIPPED, match_headers
from transforms.suggestion.lookup import DraftLookup, build_lookups
from transforms.suggestion.notation import need_languages
from transforms.suggestion.one_hot import DraftOneHot, group_flags
from transforms.suggestion.placement import Place, PlacedColumn
from transforms.suggestion.scalar import comment, quote, wrap_list, write_todo
from transforms.suggestion.table import SuggestedTable
from transforms.suggestion.tie import TiedTables, tie_tables
from transforms.suggestion.tongue import choose_languages
from transforms.suggestion.vocabulary import is_missing, list_flags
from transforms.yes_no import index_no_answers

HEAD = """\
# Drafted by `palermo suggest`. No person has checked it: read every line. Where it says TODO you decide; what
# stands behind a # is why, and how sure (0 to 1). A column that stands nowhere in this file is refused at the
# door unless it is blank."""
GIVEN_BY_PEOPLE = {
    "data_source_type": "what kind of register it is",
    "trafficking_status": "the weakest that is true of every row",
    "consent_publication": "true only if the agreement covers publication of what identifies nobody",
    "year_of_registration": "if all rows are of one year write it here; else find the column that tells it",
}
OF_THE_OFFICE = frozenset({"reporting_entity_type", "status_decision_org", "reporting_country"})
"""Expected fields that tell of the publisher and not of what was asked."""
SIBLINGS = {
    "age_broad": frozenset({"age_at_registration", "age_group"}),
    "traffick_months": frozenset({"traffick_months_exact"}),
    "citizenship": frozenset({"citizenship_all", "citizenship_subregion", "citizenship_region"}),
    "citizenship_is_proxy": frozenset({"citizenship", "citizenship_all"}),
    "coe_basis": frozenset({"country_of_exploitation"}),
}
"""Expected fields that another one of the case tells as well."""


@dataclass(frozen=True)
class Draft:
    """The text, and for the account of what is left its lookups and tables."""

    text: str = field(repr=False)
    lookups: dict[str, DraftLookup] = field(repr=False)
    tied: TiedTables = field(repr=False)


@dataclass(frozen=True)
class _Parts:
    """What the sections of a draft are written from."""

    columns: list[Addressed]
    groups: list[DraftOneHot]
    languages: tuple[str, ...]
    country: str | None
    given: frozenset[str]

    @property
    def born(self) -> bool:
        return any(one.placement.place is Place.BIRTH for _, one in self.columns)


def write_draft(
    tables: Sequence[SuggestedTable],
    *,
    country: str | None,
    least: int,
    languages: Sequence[str] = (),
    files: Sequence[str] = (),
) -> Draft:
    """The description of a source of one table or several.

    `least` is the fewest rows of a word shown, `languages` those that a person named, `files` the names of
    the files that the tables are in.
    """
    tied = tie_tables(tables)
    named = name_tables(tied, files)
    columns = address_columns(tied, named)
    spoken = tuple(languages) or _find_languages([one for _, one in columns])
    groups = group_flags(columns)
    parts = _Parts(columns, groups, spoken, country, _list_given(columns))
    in_groups = {id(one) for group in groups for _, one in group.columns}
    single = [one for _, one in columns if id(one) not in in_groups]
    lookups = build_lookups(single, least, spoken)
    sections = (
        [HEAD],
        _write_publisher(parts),
        write_layout(tied, named, files),
        write_columns(columns, groups, spoken),
        write_one_hot(groups),
        _write_constants(parts),
        _write_not_collected(parts),
        write_ignored_rows(columns),
        write_unused(columns),
        _write_missing(parts),
        _write_lookups(lookups, least),
    )
    text = "\n\n".join("\n".join(section) for section in map(list, sections) if section)
    return Draft(text + "\n", lookups, tied)


def _find_languages(columns: Sequence[PlacedColumn]) -> tuple[str, ...]:
    """The language of most headers and words, and those in which single columns name countries or months."""
    votes = []
    for one in columns:
        matches = match_headers(one.column.names)
        votes += [match.language for match in matches[:1] if match.score >= STRIPPED]
        votes.append(one.placement.words.language if one.placement.words else "")
    spoken = [vote for vote in votes if vote != STANDARD]
    used = [one for one in columns if one.placement.is_used]
    return choose_languages(spoken, need_languages(used))


def _list_given(columns: Sequence[Addressed]) -> frozenset[str]:
    """Fields that a placed column fills, all flags of a topic among them."""
    placed = [one.placement for _, one in columns if one.placement.is_used and one.column.name]
    flags = {f for p in placed if p.place is Place.FLAGS for f in list_flags(p.target)}
    ages = {"age_at_registration"} if any(p.place is Place.BIRTH for p in placed) else set()
    return frozenset({p.target for p in placed} | flags | ages)


def _write_publisher(parts: _Parts) -> Iterator[str]:
    yield write_todo("title", "country and register in one line")
    yield "publisher:"
    yield write_todo("name", "name of the office that answers for the data", "  ")
    yield f"  country: {parts.country or TODO}" + (
        "" if parts.country else "  # ISO 3166 alpha-3, such as SRB"
    )
    yield "terms:"
    yield "  licence: restricted-submission"
    yield write_todo("agreement", "on what grounds the data are here, by its number", "  ")
    if parts.born:
        yield write_todo(
            "birth_dates", "where the agreement allows birth dates; else refuse the column", "  "
        )
    yield "schedule: {every: year}  # or month, quarter, once"
    if parts.languages:
        tags = parts.languages
        yield f"language: {tags[0] if len(tags) == 1 else '[' + ', '.join(tags) + ']'}"


def _write_constants(parts: _Parts) -> Iterator[str]:
    yield "constants:"
    if "reporting_country" not in parts.given:
        yield f"  reporting_country: {parts.country or TODO}"
    for name, why in GIVEN_BY_PEOPLE.items():
        if name not in parts.given:
            choices = _list_choices(name)
            yield write_todo(name, why, "  ")
            yield from _wrap_choices(choices)
    if "country_of_exploitation" in parts.given and "coe_basis" not in parts.given:
        yield "  coe_basis: Reported  # what the country of exploitation rests on: the column says so"


def _list_choices(name: str) -> list[str]:
    codelist = case_fields()[name].codelist
    return list(load_codelist(codelist).codes) if codelist else []


def _wrap_choices(choices: Sequence[str]) -> Iterator[str]:
    line = "  # one of:"
    for choice in choices:
        if len(line) + len(choice) > 100:
            yield line
            line = "  #  "
        line += f" {choice}"
    if choices:
        yield line


def _write_not_collected(parts: _Parts) -> Iterator[str]:
    expected = [f.name for f in case_fields().values() if f.requirement is Requirement.EXPECTED]
    known = parts.given | OF_THE_OFFICE
    absent = [n for n in expected if n not in known and not SIBLINGS.get(n, frozenset()) & parts.given]
    if absent:
        yield "# Nothing above fills these: take out what the form does ask, and all that you place later."
        yield from wrap_list("not_collected", absent)


def _write_missing(parts: _Parts) -> Iterator[str]:
    """Words of no answer in placed columns that the language does not tell; all are public vocabulary."""
    spoken = index_no_answers(parts.languages)
    found: dict[str, str] = {}
    for _, one in parts.columns:
        if one.placement.place in (Place.FIELD, Place.FLAGS, Place.BIRTH):
            words = one.placement.words.missing if one.placement.words else {}
            found |= {cell: "unknown" for cell in one.column.profile.counts if is_missing(cell)} | dict(words)
    left = {word: reason for word, reason in found.items() if fold_word(word) not in spoken}
    if left:
        yield "missing:"
        yield from (f"  {quote(word)}: {reason}" for word, reason in _spell_once(left).items())


def _spell_once(words: dict[str, str]) -> dict[str, str]:
    return dict({word.casefold(): (word, code) for word, code in words.items()}.values())


def _write_lookups(lookups: dict[str, DraftLookup], least: int) -> Iterator[str]:
    if lookups:
        yield "lookups:"
    for name, lookup in lookups.items():
        written = lookup.codes or lookup.to_place
        yield f"  {name}:" if written or lookup.rare else f"  {name}: {{}}"
        if lookup.rare and not written:
            yield write_todo(TODO, f"a word and what it stands for; {name}: {{}} if none needs it", "    ")
        for word, code in lookup.codes.items():
            yield f"    {quote(word)}: {_write_code(code)}"
        for word, number in lookup.to_place.items():
            yield f"    {quote(word)}: {TODO}  # in {number:,} rows"
        for column, number in lookup.rare.items():
            where = comment(quote(column)) if column else "the file"
            more = "1 more word," if number == 1 else f"{number:,} more words, each"
            yield f"    # add {more} in fewer than {least} rows: look at {where} itself"


def _write_code(code: str) -> str:
    """Flags as a list, so that a word may name several, or none; numbers and codes as they are."""
    if not code:
        return "[]  # known, and sets no flag that is mapped"
    if code in case_fields():
        return f"[{code}]"
    return code if code.isdigit() and len(code) == 1 else quote(code)
