"""What a form asks and how its answers read: one meaning a word, in whatever language it is."""

import pytest

from schemas.case import case_fields
from schemas.description import InvalidDescription, parse_source
from schemas.field import Requirement
from schemas.template import (
    COVERED,
    EIGHT,
    FORM,
    FORMS,
    Variant,
    describe_template,
    label_question,
    list_answers,
    list_cover_questions,
    list_questions,
)
from schemas.text import Language

HEAD = """
title: Shelters
publisher: {name: Office, country: SRB}
terms: {licence: none, agreement: none}
schedule: {every: year}
"""


def test_eight_questions_are_fields_of_the_case_or_the_form_of_exploitation():
    assert len(EIGHT) == 8
    assert set(EIGHT) - set(case_fields()) == {FORM}
    assert set(FORMS) < set(case_fields())


def test_every_mandatory_field_that_a_person_knows_is_asked():
    written = {"source_id", "source_record_key", "schema_version", "source_version", "period"}
    mandatory = {f.name for f in case_fields().values() if f.requirement is Requirement.MANDATORY}
    assert mandatory - written <= {*EIGHT, *COVERED}


def test_no_question_is_about_who_the_person_is():
    asked = {question.subject for question in list_questions(Variant.FULL)} - {"case_number"}
    assert asked <= set(case_fields())


@pytest.mark.parametrize("variant", list(Variant))
def test_a_word_has_one_meaning_in_all_languages_together(variant):
    for question in (*list_questions(variant), *list_cover_questions()):
        meanings: dict[str, set[str]] = {}
        for language in Language:
            for word, code in list_answers(question.subject, language, 2026).items():
                meanings.setdefault(" ".join(word.casefold().split()), set()).add(str(code))
        assert not [word for word, codes in meanings.items() if len(codes) > 1]


@pytest.mark.parametrize("language", list(Language))
def test_every_question_has_a_label_and_a_list_keeps_every_code(language):
    size = {len(list_answers(FORM, one, 2026)) for one in Language}
    assert size == {len(FORMS) + 2}
    for question in list_questions(Variant.FULL):
        assert label_question(question, language)
        sizes = {len(list_answers(question.subject, one, 2026)) for one in Language}
        assert len(sizes) == 1


def test_an_answer_that_a_case_needs_cannot_be_left_open():
    words = list_answers("trafficking_status", Language.ENGLISH, 2026)
    assert {"unknown", "refused"} & set(words.values()) == set()
    assert list_answers("gender", Language.ENGLISH, 2026)["Unknown"] == "unknown"


def test_years_end_with_the_given_one_and_periods_are_periods():
    years = list(list_answers("year_of_registration", Language.ENGLISH, 2026))
    assert (years[0], years[-1]) == ("2026", "2000")
    periods = list(list_answers("period", Language.ENGLISH, 2026))
    assert {"2026", "2026-Q1", "2025-12"} < set(periods)


def test_the_description_names_only_the_form():
    source = parse_source("srb_office_shelters", f"{HEAD}template: minimum\n")
    assert set(source.columns) == {
        *(question.name for question in list_questions(Variant.MINIMUM)),
        *(f"cover.{name}" for name in COVERED),
    }
    assert source.stated.columns == ("cover.period", "cover.reporting_country")


@pytest.mark.parametrize("key", [*describe_template(Variant.MINIMUM), "reader", "cases"])
def test_what_the_template_says_is_not_said_again(key):
    with pytest.raises(InvalidDescription, match=f"{key}: the template says what stands in the form"):
        parse_source("srb_office_shelters", f"{HEAD}template: minimum\n{key}: {{}}\n")


def test_an_unknown_template_is_the_only_mistake():
    with pytest.raises(InvalidDescription) as caught:
        parse_source("srb_office_shelters", f"{HEAD}template: tiny\n")
    assert list(caught.value.problems) == ["line 6: template: must be one of minimum, full"]
