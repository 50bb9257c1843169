"""Judgement: where one column belongs, its header word and its cells weighed against each other.

A wrong guess costs an officer more than a blank: he corrects what he sees is missing, and overlooks what
is wrong. So a column is placed only where its header says so and its cells do not speak against it, or
where its cells alone can mean only one thing.
"""

from collections.abc import Sequence

from schemas.case import case_fields
from schemas.field import Kind
from schemas.lexicon import COUNT, FLAGS, IDENTIFIER, IGNORED, UNDECIDED
from transforms.identifier import Identifier, find_identifying_cells
from transforms.suggestion.dating import Dating, find_dating
from transforms.suggestion.evidence import Evidence, weigh_dates, weigh_field, weigh_flags
from transforms.suggestion.header import (
    CONTAINED,
    EXACT,
    FUZZY,
    STRIPPED,
    HeaderMatch,
    match_headers,
    names_other_person,
)
from transforms.suggestion.placement import Place, Placement, SeenColumn, leave_open
from transforms.suggestion.vocabulary import is_code, place_parts, place_words
from transforms.wording import level_words

LEAST = 0.7
"""Confidence below which a column is left to the officer."""
SURE, HALF, MOST = 0.9, 0.5, 0.98
NEARLY, FEW_ANSWERS = 0.74, 6
"""How near a name of a flag must be to a known word where every cell says yes or no; and how many different
cells there may be where only most do."""
FEW_WORDS, REPEATED, DISTINCT = 60, 0.5, 0.95
UNKNOWN_HEADER = "the header is in no lexicon"
LONG_TEXT, LEADING = 40, 6
MOST_AGE = 120
REASONS = {
    Identifier.NAME: "names a person",
    Identifier.PHONE: "telephone number",
    Identifier.EMAIL: "e-mail address, telephone number or coordinates",
    Identifier.NATIONAL_ID: "number of a person",
    Identifier.PASSPORT: "number of a passport",
    Identifier.BIRTH_DATE: "full date of birth",
    Identifier.ADDRESS: "address",
    Identifier.ACCOUNT: "bank account",
    Identifier.COORDINATES: "coordinates of a place",
    Identifier.LINK: "profile, picture or address on the internet",
    "htcds": "identifies a person, by the standard HTCDS",
    "row_number": "running number of the rows",
    "place": "names a small place",
    "remarks": "free text may tell a name, a place or a story",
    "other": "no field of the case",
}
TOPICS_BY_CELLS = (("purpose", 2), ("means", 3), ("recruiter", 3))


def judge_column(column: SeenColumn, languages: Sequence[str], country: str) -> Placement:
    """Where a column belongs; `languages` are asked first, `country` is that of the publisher."""
    if kinds := find_identifying_cells(column.profile.counts, country):
        why = REASONS[next(iter(kinds))]
        return Placement(Place.REFUSED, why, 0.99, f"its cells are recognised: {why}")
    matches = match_headers(column.names)
    judged = [_judge_match(match, column, languages) for match in matches]
    best = max(judged, key=lambda placement: placement.confidence, default=None)
    if best is not None and best.confidence >= LEAST:
        return best
    if any(map(names_other_person, column.names)):
        return Placement(Place.IGNORED, "tells of somebody who is not the victim", 0.8, "by its header")
    if all(match.target == UNDECIDED for match in matches):
        by_cells = _judge_cells(column, languages)
        if not matches or by_cells.place is not Place.UNDECIDED:
            return by_cells
    return leave_open(best.reason if best else "", _date(column, languages))


def _judge_match(match: HeaderMatch, column: SeenColumn, languages: Sequence[str]) -> Placement:
    target = match.target
    said = f'header word "{match.word}" ({match.language})'
    if target.startswith(IDENTIFIER):
        return _judge_identifier(match, column, said, languages)
    if any(map(names_other_person, column.names)) and match.score < EXACT:
        return leave_open(f"{said}, but of somebody who may not be the victim")
    if target.startswith(IGNORED):
        return _judge_ignored(match, column, said, languages)
    if target == COUNT and column.profile.within(1, 1) > HALF:
        more = column.profile.filled - round(column.profile.within(1, 1) * column.profile.filled)
        return leave_open(f"{said}: persons of a row? A row becomes one case, and {more:,} rows do not say 1")
    if target in (UNDECIDED, COUNT):
        cells = _describe_cells(column, languages).removeprefix(f"{UNKNOWN_HEADER}; ")
        return leave_open(f"{said} may mean several things; {cells}", _date(column, languages))
    if target == Place.KEY:
        return _judge_key(match, column, said)
    if target.startswith(FLAGS):
        return _judge_flags(match, column, said, languages)
    return _judge_field(target, match, column, said, languages)


def _judge_identifier(
    match: HeaderMatch, column: SeenColumn, said: str, languages: Sequence[str]
) -> Placement:
    """Refused for its header alone, unless that is short or its cells are few whole numbers, as ages are.

    A date of birth whose cells can be read may become an age; whether it is needed for one is told later.
    """
    kind = match.target.removeprefix(IDENTIFIER)
    why = REASONS[kind]
    weak = match.score <= CONTAINED and len(match.word) < 5
    ages = kind == Identifier.BIRTH_DATE and column.profile.within(0, 110) > HALF
    confidence = 0.3 if weak or ages else 0.5 + match.score / 2
    if kind == Identifier.BIRTH_DATE and column.profile.filled:
        proof = weigh_dates(column.profile, languages)
        if proof.dating:
            said = f"{said}: {why}; {proof.text}"
            return Placement(Place.BIRTH, why, min(confidence, MOST), said, dating=proof.dating)
    return Placement(Place.REFUSED, why, min(confidence, MOST), f"{said}: {why}")


def _judge_ignored(match: HeaderMatch, column: SeenColumn, said: str, languages: Sequence[str]) -> Placement:
    kind, profile = match.target.removeprefix(IGNORED), column.profile
    why, confidence = REASONS[kind], 0.95 * match.score
    if match.score <= CONTAINED:  # a word within a longer name is believed where it is the first, and long
        leads = level_words(column.name).startswith(level_words(match.word)) and len(match.word) >= LEADING
        confidence = LEAST if leads and kind in ("place", "remarks") else 0.0
    if kind == "row_number" and profile.filled and profile.wholes < SURE:
        return leave_open(f"{said}, but not all of its cells are numbers")
    if kind == "place" and place_words(profile, "country", languages).share >= SURE:
        return leave_open(f"{said}, but its cells are {_describe_cells(column, languages)}")
    if kind == "remarks":
        where = Place.REFUSED if profile.filled else Place.IGNORED
        return Placement(where, why, confidence, f"{said}: {why}")
    return Placement(Place.IGNORED, why, confidence, f"{said}: {why}")


def _judge_key(match: HeaderMatch, column: SeenColumn, said: str) -> Placement:
    profile = column.profile
    if profile.filled and profile.different < DISTINCT * profile.filled:
        return leave_open(f"{said}, but its values repeat, so it is no key of a case")
    confidence = 0.95 * match.score if match.score > CONTAINED else 0.0
    return Placement(Place.KEY, "", confidence, f"{said}, and every value is different")


def _judge_flags(match: HeaderMatch, column: SeenColumn, said: str, languages: Sequence[str]) -> Placement:
    """A topic of several flags, or one flag whose column says yes and no."""
    topic, _, flag = match.target.removeprefix(FLAGS).partition("=")
    if flag:
        proof = weigh_field(flag, column.profile, languages)
        share, few = proof.share or 0, column.profile.different <= FEW_ANSWERS
        fits = (match.score >= STRIPPED and share >= (HALF if few else SURE)) or (
            match.score >= NEARLY and share == 1
        )
        confidence = 0.95 * match.score if fits else 0.0
        return Placement(Place.FIELD, flag, confidence, f"{said} = {flag}; {proof.text}", proof.words)
    proof = weigh_flags(topic, column.profile, languages)
    answers = weigh_field("is_forced_labour", column.profile, languages).share or 0
    if column.profile.filled and (answers >= SURE or _is_long_text(column)):
        return leave_open(f"{said}, but its cells are no words of {topic}")
    confidence = _combine(match.score, proof, column)
    return Placement(Place.FLAGS, topic, confidence, f"{said} = {topic}; {proof.text}", proof.words)


def _judge_field(
    name: str, match: HeaderMatch, column: SeenColumn, said: str, languages: Sequence[str]
) -> Placement:
    proof = weigh_field(name, column.profile, languages)
    if name == "age_at_registration" and (proof.share or 0) < HALF:
        banded = weigh_field("age_broad", column.profile, languages)
        if (banded.share or 0) >= HALF:
            name, proof = "age_broad", banded
    said = f"{said} = {name}; {proof.text}"
    return Placement(Place.FIELD, name, _combine(match.score, proof, column), said, proof.words, proof.dating)


def _combine(score: float, proof: Evidence, column: SeenColumn) -> float:
    """Confidence from how near the header is and how many of the cells fit.

    A header within a longer name is not enough; a vocabulary that knows few of the words is, as long as
    the column has few and repeats them, because they can be placed by hand.
    """
    if proof.share is None:
        return 0.8 * score if score >= FUZZY - 0.1 else 0.0
    if proof.share >= SURE:
        return min(0.6 + 0.4 * score, MOST) if score > CONTAINED else 0.75
    if score <= CONTAINED:
        return 0.0
    if proof.share >= HALF:
        return 0.88 * score
    profile = column.profile
    repeats = profile.different <= FEW_WORDS and profile.different <= max(8, REPEATED * profile.filled)
    return 0.76 * score if not proof.is_strict and repeats and profile.wholes < HALF else 0.0


def _judge_cells(column: SeenColumn, languages: Sequence[str]) -> Placement:
    """What the cells alone say, where the header says nothing."""
    profile = column.profile
    if not profile.filled:
        return leave_open("blank column with an unknown header")
    if _is_running(column):
        return Placement(Place.IGNORED, REASONS["row_number"], 0.9, "numbers that rise by one a row")
    genders = place_words(profile, "gender", languages)
    if genders.share >= DISTINCT and len(set(genders.placed.values())) > 1:
        known = len(genders.placed) + len(genders.missing)
        why = f"all {known} different values are gender words ({genders.language})"
        return Placement(Place.FIELD, "gender", 0.78, why, genders)
    if profile.different >= 3 and profile.share(lambda cell: is_code(cell, "age_broad")) >= DISTINCT:
        return Placement(Place.FIELD, "age_broad", 0.8, "its cells are age bands of the code list")
    for topic, least in TOPICS_BY_CELLS:
        words = place_parts(profile, topic, languages)
        if words.share >= DISTINCT and len(set(words.placed.values())) >= least and words.placed:
            why = f"all different values are words of {topic} ({words.language})"
            return Placement(Place.FLAGS, topic, 0.78, why, words)
    return leave_open(_describe_cells(column, languages), _date(column, languages))


def _date(column: SeenColumn, languages: Sequence[str]) -> Dating | None:
    """How the cells are dates, for a person to place them, or where no other column has any."""
    dating = find_dating(column.profile, languages)
    return None if dating is None or dating.is_serial else dating


def _describe_cells(column: SeenColumn, languages: Sequence[str]) -> str:
    profile = column.profile
    if place_words(profile, "country", languages, further=True).share >= SURE:
        return "countries: citizenship, country of exploitation, or another?"
    if dating := _date(column, languages):
        what = "dates" if dating.forms else "years"
        return f"{what}: of registration, of exploitation, or of birth (then refused)?"
    if (weigh_field("is_forced_labour", profile, languages).share or 0) >= SURE:
        return "yes and no: which field does a yes set?"
    if _is_long_text(column) or profile.different > 0.8 * profile.filled > 8:
        return "nearly every cell is different: it may name people (then refused), or be the key"
    if profile.within(0, MOST_AGE) >= SURE and profile.different > FEW_ANSWERS:
        return "whole numbers below 120: ages, or counts of something?"
    if profile.different <= FEW_WORDS:
        return f"{UNKNOWN_HEADER}; {profile.different} different answers, which a lookup may place"
    return f"{UNKNOWN_HEADER}; many different answers"


def _is_long_text(column: SeenColumn) -> bool:
    """Sentences rather than words of a list."""
    profile = column.profile
    length = sum(len(cell) * number for cell, number in profile.counts.items()) / max(profile.filled, 1)
    return length > LONG_TEXT and profile.different > HALF * profile.filled


def _is_running(column: SeenColumn) -> bool:
    profile = column.profile
    if profile.wholes < 1 or profile.different < max(3, profile.filled):
        return False
    numbers = sorted(int(float(cell)) for cell in profile.counts)
    return numbers[-1] - numbers[0] == len(numbers) - 1 and numbers[0] <= 1


def is_single(name: str) -> bool:
    """Whether only one column can fill the field: flags may stand in several."""
    return case_fields()[name].kind is not Kind.FLAG
