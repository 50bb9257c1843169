"""Yes and no: the words and marks of an answer, in the languages of the source."""

from functools import cache

from schemas.language import is_spoken
from schemas.lexicon import load_no_answer_words, load_value_words
from schemas.missing import MissingReason
from transforms.lookup import fold_word
from transforms.wording import level_digits, level_name

YES, NO = frozenset({"1", "true", "yes"}), frozenset({"0", "false", "no"})
TICKS = frozenset({"x", "х", "✓", "✔", "☑"})
"""Marks on a form, the Cyrillic letter among them; they count only where a language is declared."""


def parse_yes_no(text: str, languages: tuple[str, ...] = ()) -> bool | None:
    """1 and 0, true and false, yes and no; in the languages given also their own words and ticks."""
    word = fold_word(level_digits(text))
    for ending in (".0", ",0"):
        word = word.removesuffix(ending)
    if word in YES or word in NO:
        return word in YES
    if word in TICKS:
        return True if languages else None
    return _index_answers(languages).get(level_name(text))


@cache
def index_no_answers(languages: tuple[str, ...]) -> dict[str, MissingReason]:
    """Folded words of the languages that can only mean that there is no answer."""
    words = (word for word in load_no_answer_words() if is_spoken(word.language, languages))
    return {fold_word(word.word): word.reason for word in words}


@cache
def _index_answers(languages: tuple[str, ...]) -> dict[str, bool]:
    """Levelled words to yes or no; a word that is both in two of the languages is neither."""
    answers: dict[str, set[bool]] = {}
    for word in load_value_words():
        if word.topic == "answer" and is_spoken(word.language, languages):
            answers.setdefault(level_name(word.word), set()).add(word.code == "1")
    return {word: True in said for word, said in answers.items() if len(said) == 1}
