"""Invented workbooks in the form of North Macedonia's identifications; 2019 has the published margins."""

from openpyxl.worksheet.worksheet import Worksheet

from samples.chance import Chance
from samples.layout import write_workbook

TITLE = "Идентификувани жртви на трговија со луѓе (измислени податоци)"
HEADER = (
    "Реден број",
    "Број на предмет",
    "Датум на идентификација",
    "Пол",
    "Возраст",
    "Државјанство",
    "Вид на експлоатација",
    "Земја на експлоатација",
    "Забелешка",
)
HOME = "Северна Македонија"

# Published for 2019: 6 victims, all female; 4 sexual, 1 labour, 1 begging; 4 children; 1 from Bosnia and
# Herzegovina, 2 from Kosovo. How the margins cross is invented.
PUBLISHED = 2019
PEOPLE: tuple[tuple[str, str, bool, str], ...] = (
    ("сексуална", "женски", True, HOME),
    ("сексуална", "женски", True, HOME),
    ("сексуална", "женски", True, "Косово"),
    ("сексуална", "женски", False, "Босна и Херцеговина"),
    ("трудова", "женски", False, "Косово"),
    ("питачење", "женски", True, HOME),
)
EARLIER = {2017: 5, 2018: 9}


def make_files(chance: Chance) -> dict[str, dict[str, bytes]]:
    """One workbook a year."""
    return {str(year): {f"invented_{year}.xlsx": _make_year(chance, year)} for year in (*EARLIER, PUBLISHED)}


def _make_year(chance: Chance, year: int) -> bytes:
    """The workbook of one year: a title row, the header, the rows."""
    people = chance.shuffled(PEOPLE) if year == PUBLISHED else _invented(chance, EARLIER[year])
    rows = [_row(chance, year, number, *person) for number, person in enumerate(people, 1)]

    def fill(sheet: Worksheet) -> None:
        sheet.append([f"{TITLE}, {year}"])
        sheet.append(HEADER)
        for row in rows:
            sheet.append(row)

    return write_workbook(f"Жртви {year}", fill)


def _invented(chance: Chance, size: int) -> list[tuple[str, str, bool, str]]:
    forms = {"сексуална": 5, "трудова": 2, "питачење": 1, "сексуална, присилен брак": 2}
    countries = {HOME: 7, "Албанија": 1, "Србија": 1, "Филипини": 1}
    return [
        (
            chance.pick(forms),
            chance.pick({"женски": 8, "машки": 2}),
            chance.happens(0.6),
            chance.pick(countries),
        )
        for _ in range(size)
    ]


def _row(
    chance: Chance, year: int, number: int, form: str, gender: str, child: bool, country: str
) -> tuple[str | int | None, ...]:
    return (
        number,
        f"НМР-{year}/{number:02}",
        f"{chance.whole(1, 28):02}.{chance.whole(1, 12):02}.{year}",
        gender,
        chance.whole(12, 17) if child else chance.whole(18, 40),
        country,
        form,
        HOME,
        None,
    )
