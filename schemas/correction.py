"""Corrections of one source, as a data officer writes them in `corrections.yml`; no case value stands there.

A file in a repository is read by more people than a case may be. A word that is misspelt throughout a
column is written as it is; what one cell holds and becomes is written as two seals, which only the
secret of the source can open.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Annotated

import yaml
from pydantic import Field, ValidationError, model_validator

from schemas.nearest import find_nearest
from schemas.period import PERIOD
from schemas.plain_yaml import read_document
from schemas.problem import InvalidDescription, Path, Problem, write_problems
from schemas.remedy import explain_refusals
from schemas.source import Column, Source
from schemas.strict import Strict, Word, written_like
from schemas.yaml_remedy import explain_yaml_error

SEAL_DIGITS = 32

Seal = Annotated[
    str, written_like(rf"[0-9a-f]{{{SEAL_DIGITS}}}", "the seal as palermo correct printed it, in quotes")
]
Day = Annotated[str, written_like(r"\d{4}-\d{2}-\d{2}", "the day as 2026-03-31")]


class WordCorrection(Strict):
    """A misspelt word, and the word of the lookup that is meant, in every row of a column."""

    expect: Word = Field(description="what stands in the column now; the correction fails once it does not")
    becomes: Word = Field(description="the word of the column's lookup that is meant")


class CellCorrection(Strict):
    """One cell, sealed: `palermo correct` writes both seals."""

    expect: Seal = Field(description="seal over column, case and what the cell holds now")
    becomes: Seal = Field(description="seal over what the cell becomes")


class Correction(Strict):
    """One correction: exactly one of `word` and `cell` is given."""

    id: Annotated[str, written_like(r"[a-z0-9][a-z0-9-]{0,31}", "a short id such as c1")] = Field(
        description="how reports name it; used once"
    )
    period: Annotated[Word, written_like(PERIOD.pattern, "the period of the submission, such as 2019")] = (
        Field(description="the submission it belongs to: another period is another file")
    )
    column: str = Field(description="the column, as under `columns` of source.yml")
    by: str = Field(description="the data officer who answers for it")
    date: Day = Field(description="the day on which it was made")
    reason: str = Field(description="why the file is wrong there; name no case")
    word: WordCorrection | None = Field(None, description="a misspelt word, in every row")
    cell: CellCorrection | None = Field(None, description="one cell of one case, sealed")

    @model_validator(mode="after")
    def _has_one_target(self) -> "Correction":
        if (self.word is None) == (self.cell is None):
            raise ValueError("give exactly one of word and cell")
        return self


class Corrections(Strict):
    """All corrections of one source."""

    corrections: tuple[Correction, ...] = Field(description="the corrections, in any order")


def parse_corrections(source: Source, text: str) -> tuple[Correction, ...]:
    """Read the corrections of a source.

    Raises:
        InvalidDescription: not YAML, not a list of corrections, or a correction that does not fit the
            source or would write a case value into the file.
    """
    what = f"corrections of {source.id}"
    try:
        document = read_document(text)
    except yaml.YAMLError as error:
        raise InvalidDescription(what, [explain_yaml_error(error)]) from None
    if not isinstance(document.values, dict):
        raise InvalidDescription(what, ["no keys at all; begin with corrections:"])
    problems = list(document.repeated)
    try:
        found = Corrections(**document.values).corrections
    except ValidationError as error:
        found = ()
        problems += explain_refusals(error, Corrections, document.values)
    problems += _find_misfits(source, found)
    if problems:
        raise InvalidDescription(what, write_problems(problems, document.lines))
    return found


def _find_misfits(source: Source, corrections: tuple[Correction, ...]) -> Iterator[Problem]:
    used = Counter(correction.id for correction in corrections)
    for number, correction in enumerate(corrections):
        path: Path = ("corrections", number)
        column = source.find_column(correction.column)
        if used[correction.id] > 1:
            yield Problem((*path, "id"), "this id is used more than once; give each correction its own")
        if column is None or column.key:
            yield Problem((*path, "column"), "only a column that is mapped, and not the key, is corrected")
        elif correction.word:
            yield from _find_wrong_words(path, source, column, correction.word)
        else:
            yield from _find_wrong_cell(path, source, correction.column)


def _find_wrong_words(path: Path, source: Source, column: Column, word: WordCorrection) -> Iterator[Problem]:
    known = {_fold(one) for one in list_words(source, column)}
    if not (column.lookup or column.flags):
        yield Problem((*path, "word"), "this column has no lookup; correct the cell with palermo correct")
    elif _fold(word.becomes) not in known:
        yield Problem((*path, "word", "becomes"), "is no word of the column's lookup; add it there first")
    elif _fold(word.expect) in known:
        yield Problem((*path, "word", "expect"), "is in the column's lookup, so nothing has to be corrected")
    elif not find_nearest(_fold(word.expect), [_fold(word.becomes)]):
        # whoever writes a name there by mistake must not put it into the repository
        said = "is not like the word it becomes: only slips of the pen are written here. A word of the"
        yield Problem(
            (*path, "word", "expect"), f"{said} source goes into its lookup, one cell to palermo correct"
        )


def _find_wrong_cell(path: Path, source: Source, address: str) -> Iterator[Problem]:
    if not any(column.key for column in source.columns.values()):
        yield Problem(
            (*path, "cell"), "the source has no key column, so that no case can be told for certain"
        )
    table, _, column = address.partition(".")
    if column and table in source.tables and table != source.cases:
        yield Problem((*path, "column"), "a cell is corrected in the case table only")


def list_words(source: Source, column: Column) -> tuple[str, ...]:
    """The words that a column may hold: those of its lookup and those that stand for no answer."""
    lookup = source.lookups.get(column.lookup or column.flags or "", {})
    return (*lookup, *column.missing, *source.missing)


def _fold(word: str) -> str:
    return " ".join(word.casefold().split())
