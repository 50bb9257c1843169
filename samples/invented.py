"""The large invented source: 20,000 rows of a register that does not exist, as JSON lines.

Few routes hold most cases and a long tail holds the rest, as in real registers, but nothing here
is estimated from real data.
"""

from dataclasses import dataclass
from typing import Any

from samples.chance import Chance
from samples.layout import write_json_lines

YEARS = (2015, 2016, 2017, 2018, 2019)
ROWS_A_YEAR = 4_000
SEX, LABOUR, HOUSE, BEGGING, MARRIAGE = "sex", "labour", "house", "begging", "marriage"

Person = tuple[str, int, int]
"""Gender, lowest age, highest age."""

GIRLS: dict[Person, float] = {("female", 9, 17): 45, ("female", 18, 20): 40, ("male", 9, 17): 15}
WOMEN: dict[Person, float] = {("female", 18, 20): 35, ("female", 21, 23): 35, ("female", 24, 26): 30}
MAIDS: dict[Person, float] = {("female", 24, 26): 30, ("female", 30, 38): 55, ("female", 39, 47): 15}
MEN: dict[Person, float] = {("male", 24, 26): 30, ("male", 30, 38): 50, ("male", 39, 47): 20}
CHILDREN: dict[Person, float] = {("female", 9, 17): 55, ("male", 9, 17): 45}
ANYONE: dict[Person, float] = {
    ("female", 5, 60): 60,
    ("male", 5, 60): 30,
    ("trans or non-conforming", 18, 50): 7,
    ("not stated", 18, 50): 3,
}


@dataclass(frozen=True)
class Route:
    """From where people are taken to where, who reports it, for which purposes, and who they are."""

    citizenship: str
    place: str
    reported_by: str
    register: str
    purposes: dict[str, float]
    people: dict[Person, float]


ROUTES: tuple[tuple[float, Route], ...] = (
    (16, Route("NG", "IT", "IT", "shelter", {SEX: 90, BEGGING: 10}, WOMEN)),
    (14, Route("PH", "SA", "PH", "shelter", {HOUSE: 95, LABOUR: 5}, MAIDS)),
    (12, Route("UA", "RU", "UA", "shelter", {LABOUR: 95, SEX: 5}, MEN)),
    (12, Route("US", "US", "US", "helpline", {SEX: 90, LABOUR: 10}, GIRLS)),
    (8, Route("MD", "RU", "MD", "shelter", {LABOUR: 80, SEX: 20}, MEN)),
    (7, Route("KH", "TH", "KH", "mechanism", {LABOUR: 100}, MEN)),
    (6, Route("MX", "US", "US", "helpline", {LABOUR: 70, SEX: 30}, MEN)),
    (6, Route("VN", "CN", "VN", "police", {MARRIAGE: 60, SEX: 40}, GIRLS)),
    (6, Route("GH", "GH", "GH", "mechanism", {LABOUR: 100}, CHILDREN)),
    (5, Route("RO", "DE", "DE", "police", {SEX: 70, LABOUR: 30}, WOMEN)),
    (4, Route("AL", "AL", "AL", "mechanism", {BEGGING: 50, SEX: 50}, CHILDREN)),
    (4, Route("ID", "MY", "ID", "mechanism", {HOUSE: 60, LABOUR: 40}, MAIDS)),
)
TAIL_WEIGHT = 2.0
TAIL_COUNTRIES = dict.fromkeys(("NA", "BR", "IN", "ET", "KE", "PE", "PL", "RS", "TJ", "UG", "ZW", "KG"), 1.0)
TAIL_PURPOSES: dict[str, float] = {SEX: 40, LABOUR: 40, HOUSE: 10, BEGGING: 7, MARRIAGE: 3}

PURPOSES = (
    "sold_for_sex",
    "forced_to_work",
    "forced_to_marry",
    "held_in_servitude",
    "held_as_slave",
    "organ_taken",
    "made_to_fight",
    "made_to_beg",
    "made_to_steal",
)
PURPOSE_OF = {
    SEX: "sold_for_sex",
    LABOUR: "forced_to_work",
    HOUSE: "forced_to_work",
    BEGGING: "made_to_beg",
    MARRIAGE: "forced_to_marry",
}
SECTORS: dict[str, float] = {"farm": 3, "building": 4, "kitchen": 2, "factory": 3, "fishing": 1}
SEX_KINDS: dict[str, float] = {"prostituted": 70, "filmed": 10, "on_camera": 10, "in_private_house": 15}
MEANS: dict[str, float] = {
    "debt": 30,
    "wages_kept": 35,
    "money_barred": 10,
    "threatened": 40,
    "belittled": 35,
    "beaten": 20,
    "sexual_violence": 12,
    "deceived": 55,
    "drugged": 8,
    "locked_in": 30,
    "no_doctor": 10,
    "no_food": 15,
    "long_hours": 30,
    "children_used": 4,
    "police_threat": 12,
    "papers_kept": 28,
}
RECRUITERS: dict[str, float] = {"partner": 12, "friend": 28, "relative": 15, "agent": 30, "not known": 15}


def make_files(chance: Chance) -> dict[str, dict[str, bytes]]:
    """One file a year."""
    return {str(year): make_year(chance, year, ROWS_A_YEAR) for year in YEARS}


def make_year(chance: Chance, year: int, rows: int) -> dict[str, bytes]:
    """The file of one year, with a few rows that cannot be used: the demo shows what becomes of them."""
    table = [_row(chance, year, number) for number in range(1, rows + 1)]
    _spoil(chance.shuffled(table))
    return {f"invented_{year}.jsonl": write_json_lines(table)}


def _row(chance: Chance, year: int, number: int) -> dict[str, Any]:
    route = chance.pick(dict(enumerate([*(weight for weight, _ in ROUTES), TAIL_WEIGHT])))
    return _case(
        chance, f"INV-{year}-{number:05}", year, ROUTES[route][1] if route < len(ROUTES) else _tail(chance)
    )


def _tail(chance: Chance) -> Route:
    home = chance.pick(TAIL_COUNTRIES)
    place = chance.pick({home: 6.0, **TAIL_COUNTRIES})
    register = chance.pick({"shelter": 4, "helpline": 3, "police": 2, "court": 1})
    return Route(home, place, place, register, TAIL_PURPOSES, ANYONE)


def _case(chance: Chance, reference: str, year: int, route: Route) -> dict[str, Any]:
    gender, youngest, oldest = chance.pick(route.people)
    age = None if chance.happens(0.005) else chance.whole(youngest, oldest)
    purpose = chance.pick(route.purposes)
    return {
        "case_ref": reference,
        "intake": f"{year}-{chance.whole(1, 12):02}-{chance.whole(1, 28):02}",
        "register": route.register,
        "reported_by": route.reported_by,
        "finding": chance.pick({"victim": 80, "presumed victim": 19.5, "no victim": 0.5}),
        "sex_or_gender": gender,
        "age": age,
        "child_at_start": _child_at_start(chance, age),
        "nationality": route.citizenship,
        "exploited_in": route.place,
        "held_for": chance.pick({"up to 1 year": 50, "1 to 2 years": 25, "over 2 years": 10, "?": 15}),
        **_purposes(chance, purpose),
        "sectors": _sectors(chance, purpose),
        **_answers(chance, SEX_KINDS if purpose == SEX else dict.fromkeys(SEX_KINDS, 0)),
        **_answers(chance, MEANS),
        "taken_by_force": chance.pick({"y": 3, "n": 60, "?": 37}),
        "recruited_by": chance.pick(RECRUITERS),
    }


def _child_at_start(chance: Chance, age: int | None) -> str | None:
    if age is None or chance.happens(0.2):
        return None
    return "y" if age < 18 else chance.pick({"n": 95, "y": 5})


def _purposes(chance: Chance, purpose: str) -> dict[str, str | None]:
    """The own purpose is yes; the others are mostly an explicit no, not known, or left open."""
    answers = {name: chance.pick({"y": 1, "n": 59, "?": 10, "": 30}) or None for name in PURPOSES}
    return answers | {PURPOSE_OF[purpose]: "y"}


def _sectors(chance: Chance, purpose: str) -> str | None:
    if purpose in (HOUSE, BEGGING):
        return purpose
    if purpose != LABOUR or chance.happens(0.2):
        return None
    first, second = chance.pick(SECTORS), chance.pick(SECTORS)
    return f"{first}|{second}" if first != second and chance.happens(0.1) else first


def _answers(chance: Chance, shares: dict[str, float]) -> dict[str, str | None]:
    """Yes as often as the share says in cases where the question was answered at all."""
    return {name: _answer(chance, share) for name, share in shares.items()}


def _answer(chance: Chance, share: float) -> str | None:
    answered = chance.pick({"yes": 60, "?": 15, "declined": 5, "": 20})
    if answered == "yes":
        return chance.pick({"y": share, "n": 100 - share})
    return answered or None


def _spoil(rows: list[dict[str, Any]]) -> None:
    """Give the first rows a word nobody knows, a torn age, a contradiction, and another row's number."""
    unknown, torn, contradiction, repeated, original = rows[:5]
    unknown["nationality"] = "Atlantis"
    torn["age"] = "about twenty"
    contradiction |= {"sold_for_sex": "n", "prostituted": "y"}
    repeated["case_ref"] = original["case_ref"]
