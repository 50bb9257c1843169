"""Languages of a source: written as BCP 47 tags, and which of them a list of words is for."""

from typing import Annotated, Any

from babel import Locale, UnknownLocaleError
from pydantic import BeforeValidator


def find_locale(tag: str) -> Locale:
    """What CLDR knows of a language.

    Raises:
        ValueError: CLDR has no such language.
    """
    try:
        return Locale.parse(tag, sep="-")
    except UnknownLocaleError:
        raise ValueError(f"there is no language {tag}; write a tag such as sr-Latn, mk, es or ar") from None


def is_spoken(tag: str, languages: tuple[str, ...]) -> bool:
    """Whether a list of words for `tag` serves one of the languages: `ar` serves `ar-IQ`, `sr` takes both."""
    return any(_is_within(tag, language) or _is_within(language, tag) for language in languages)


def _is_within(narrow: str, wide: str) -> bool:
    return narrow == wide or narrow.startswith(f"{wide}-")


def _check_languages(value: Any) -> Any:
    tags = list(value) if isinstance(value, list | tuple) else [value]
    if not all(isinstance(tag, str) for tag in tags):
        raise ValueError("give a tag such as sr-Latn, or several, such as [sr-Latn, en]")
    for tag in tags:
        find_locale(tag)
    return tuple(tags)


Languages = Annotated[tuple[str, ...], BeforeValidator(_check_languages)]
"""One tag or several."""
