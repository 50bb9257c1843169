"""Words are compared with case, accents and spacing levelled out, and cells split into the longest words."""

import pytest

from transforms.lookup import fold_list, fold_word, split_cell

ARGENTINA = (
    "Explotación sexual",
    "Explotación sexual niñas, niños y adolescentes",
    "Posible captación",
    "Reducción a la servidumbre o situaciones análogas",
)


def words_of(*labels: str, separator: str = ", ") -> set[str]:
    return {fold_list(label, separator) for label in labels}


@pytest.mark.parametrize(
    "text", ["Debt bondage", "Debt bondage ", "DEBT  BONDAGE", "debt\u00a0bondage", "\tDebt bondage\n"]
)
def test_spelling_of_debt_bondage(text):
    assert fold_word(text) == "debt bondage"


def test_accents_are_compared_composed():
    assert fold_word("Explotacio\u0301n") == fold_word("Explotación")


def test_a_word_may_contain_the_separator():
    cell = "Explotación sexual niñas, niños y adolescentes"
    assert split_cell(cell, ", ", words_of(*ARGENTINA)) == (
        ["explotación sexual niñas,niños y adolescentes"],
        0,
    )


def test_words_are_taken_longest_first_wherever_they_stand():
    cell = "Explotación sexual, explotación sexual niñas,niños y adolescentes, Posible captación"
    assert split_cell(cell, ", ", words_of(*ARGENTINA)) == (
        ["explotación sexual", "explotación sexual niñas,niños y adolescentes", "posible captación"],
        0,
    )


def test_the_longest_first_word_is_given_up_where_the_rest_would_fail():
    assert split_cell("a;b;c", ";", {"a;b", "a", "b;c"}) == (["a", "b;c"], 0)


def test_parts_that_are_no_word_are_counted():
    assert split_cell("Otro, Explotación sexual, algo", ", ", words_of(*ARGENTINA)) == (
        ["explotación sexual"],
        2,
    )


@pytest.mark.parametrize("cell", ["a;b", "a; b", " a ;b;", ";a;;b"])
def test_blank_parts_and_spacing_do_not_matter(cell):
    assert split_cell(cell, ";", {"a", "b"}) == (["a", "b"], 0)


def test_a_very_long_cell_is_split_in_a_moment():
    assert split_cell("a;" * 20_000, ";", {"a"})[1] == 0
