"""Drafting a source description from files, for an officer who has them; nothing is stored of the files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.room import FileNotThere
from pipeline.step import Refusal, safe_errors
from pipeline.workspace import Workspace
from schemas.codelist import load_codelist
from transforms.suggestion.draft import Draft, write_draft
from transforms.suggestion.table import SuggestedTable, suggest_table


class DescriptionThere(Refusal):
    """There is a file where the draft should be written."""


class UnknownCountry(Refusal):
    """The country is no code of ISO 3166-1 alpha-3."""


@dataclass(frozen=True)
class Suggestion:
    """What each file probably says, in the order of the files, and the draft of the description."""

    tables: tuple[SuggestedTable, ...]
    draft: Draft
    least: int


def suggest_description(
    workspace: Workspace,
    paths: Sequence[Path],
    *,
    languages: Sequence[str] = (),
    country: str | None = None,
    encoding: str | None = None,
) -> Suggestion:
    """Draft the description of one source from a file of each of its tables.

    A word of the cells is shown only if it occurs in as many rows as the release policy asks of a class,
    or is public vocabulary; see `transforms/suggestion/lookup.py`.

    Raises:
        FileNotThere: a file cannot be opened.
        FileUnreadable: a file is empty, or of no format that is read.
        EncodingUndecided: several encodings fit alike, and none was given.
        UnknownCountry: the country is not in the code list.
    """
    with safe_errors("suggest"):
        if country is not None and country not in load_codelist("country").codes:
            raise UnknownCountry("give the country as ISO 3166-1 alpha-3, such as SRB")
        tables = tuple(
            suggest_table(
                _read(path, number, len(paths)),
                path.suffix,
                languages=languages,
                country=country or "ZZZ",
                encoding=encoding,
            )
            for number, path in enumerate(paths, 1)
        )
        least = workspace.policy.k
        return Suggestion(tables, write_draft(tables, country=country, least=least), least)


def write_description(suggestion: Suggestion, path: Path) -> None:
    """Write the draft where no file is yet.

    Raises:
        DescriptionThere: there is one.
    """
    with safe_errors("suggest"):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(suggestion.draft.text)
        except FileExistsError:
            raise DescriptionThere("there is a file at --out already: name another one") from None


def _read(path: Path, number: int, of: int) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileNotThere(
            f"file {number} of {of} cannot be read ({type(error).__name__}): check its path"
        ) from None
