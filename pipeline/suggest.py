"""Drafting a source description from files, for an officer who has them; nothing is stored of the files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.room import FileNotThere
from pipeline.sandbox import prepare_room, survey_sandboxed
from pipeline.step import Refusal, safe_errors
from pipeline.workspace import Workspace
from schemas.codelist import load_codelist
from schemas.language import find_locale
from storage.handed import HandedFile, NotPlain
from transforms.readers.content import FileUnreadable
from transforms.suggestion.draft import Draft, write_draft
from transforms.suggestion.grid import Grid
from transforms.suggestion.table import SuggestedTable, suggest_tables


class DescriptionThere(Refusal):
    """There is a file where the draft should be written."""


class UnknownCountry(Refusal):
    """The country is no code of ISO 3166-1 alpha-3."""


class UnknownLanguage(Refusal):
    """There is no language of such a tag."""


@dataclass(frozen=True)
class Suggestion:
    """The draft, and the fewest rows of a word that it shows."""

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
    """Draft the description of one source from a file of each of its tables, or one that holds them all.

    The files are parsed in a process without network and rights, by the readers that will read them.

    A word of the cells is shown only if it occurs in as many rows as the release policy asks of a class,
    or is public vocabulary; see `transforms/suggestion/lookup.py`.

    Raises:
        FileNotThere: a file cannot be opened.
        FileUnreadable: a file is empty, or of no format that is read.
        EncodingUndecided: several encodings fit alike, and none was given.
        UnknownCountry: the country is not in the code list.
        UnknownLanguage: a language is none.
        SandboxUnavailable: no confined process could be started, so nothing is parsed.
    """
    prepare_room()
    with safe_errors("suggest"):
        if country is not None and country not in load_codelist("country").codes:
            raise UnknownCountry("give the country as ISO 3166-1 alpha-3, such as SRB")
        languages = _check_languages(languages)
        tables: list[SuggestedTable] = []
        for number, path in enumerate(paths):
            grids = _survey(workspace, path, (number + 1, len(paths)), languages, encoding)
            tables += suggest_tables(grids, languages=languages, country=country or "ZZZ", file=number)
        least = workspace.policy.k
        names = [path.name for path in paths]
        draft = write_draft(tables, country=country, least=least, languages=languages, files=names)
        return Suggestion(draft, least)


def _survey(
    workspace: Workspace,
    path: Path,
    place: tuple[int, int],
    languages: Sequence[str],
    encoding: str | None,
) -> list[Grid]:
    """The tables of one file, which is told by its place: its name may be a person's."""
    which = f"file {place[0]} of {place[1]}"
    try:
        with HandedFile(path) as file:
            caps = workspace.settings.caps
            return survey_sandboxed(file.pieces(), path.suffix, languages, encoding, caps)
    except OSError as error:
        raise FileNotThere(f"{which} cannot be read ({type(error).__name__}): check its path") from None
    except NotPlain as error:
        raise FileNotThere(f"{which} cannot be read: {error}") from None
    except FileUnreadable as error:
        if place[1] == 1:
            raise
        raise FileNotThere(f"{which} cannot be used: {error}") from None


def _check_languages(tags: Sequence[str]) -> tuple[str, ...]:
    for tag in tags:
        try:
            find_locale(tag)
        except ValueError as error:
            raise UnknownLanguage(str(error)) from None
    return tuple(tags)


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
