"""Invented files in the form of Serbia's formal identifications; 2019 has the published margins."""

from typing import Any

from samples.chance import Chance
from samples.layout import write_delimited

# Published for 2019: 36 victims; 23 sexual, 3 labour, 4 begging, 1 criminality, 5 mixed; 29 female, 7 male;
# 24 children (67 %); 2 foreign. How the margins cross is invented: (form, gender, child) to how many.
PUBLISHED = 2019
GROUPS: dict[tuple[str, str, bool], int] = {
    ("seksualna", "ženski", True): 16,
    ("seksualna", "ženski", False): 7,
    ("radna", "muški", False): 3,
    ("prosjačenje", "ženski", True): 2,
    ("prosjačenje", "muški", True): 2,
    ("prinuda na vršenje krivičnih dela", "muški", True): 1,
    ("seksualna+prosjačenje", "ženski", True): 2,
    ("seksualna+prinudni brak", "ženski", True): 1,
    ("seksualna+radna", "ženski", False): 1,
    ("radna+prosjačenje", "muški", False): 1,
}
FOREIGN = ("Rumunija", "Ukrajina")

# No margins are taken from elsewhere for the years before: sizes and shares are invented.
EARLIER = {2017: 46, 2018: 76}
PLACES = {"Srbija": 80, "Nemačka": 8, "Austrija": 6, "Italija": 6}
RECRUITERS = {"poznanik": 30, "porodica": 20, "partner": 20, "drugo": 5, "nepoznato": 25}


def make_files(chance: Chance) -> dict[str, dict[str, bytes]]:
    """One file a year."""
    return {str(year): {f"invented_{year}.csv": _make_year(chance, year)} for year in (*EARLIER, PUBLISHED)}


def _make_year(chance: Chance, year: int) -> bytes:
    """The file of one year, in windows-1250 with semicolons."""
    people = _published(chance) if year == PUBLISHED else _invented(chance, EARLIER[year])
    rows = [_row(chance, year, number, *person) for number, person in enumerate(people, 1)]
    return write_delimited(rows, encoding="windows-1250", delimiter=";", newline="\r\n")


def _published(chance: Chance) -> list[tuple[str, str, bool, str]]:
    groups = [group for group, count in GROUPS.items() for _ in range(count)]
    adults = iter(FOREIGN)
    people = []
    for form, gender, child in groups:
        abroad = form == "seksualna" and not child
        people.append((form, gender, child, next(adults, "Srbija") if abroad else "Srbija"))
    return chance.shuffled(people)


def _invented(chance: Chance, size: int) -> list[tuple[str, str, bool, str]]:
    groups = {group: float(count) for group, count in GROUPS.items()}
    countries = {"Srbija": 93, "Severna Makedonija": 2, "Bosna i Hercegovina": 3, "Bugarska": 2}
    return [(*chance.pick(groups), chance.pick(countries)) for _ in range(size)]


def _row(
    chance: Chance, year: int, number: int, form: str, gender: str, child: bool, country: str
) -> dict[str, Any]:
    return {
        "broj_predmeta": f"IZM-{year}-{number:03}",
        "datum_identifikacije": f"{chance.whole(1, 28):02}.{chance.whole(1, 12):02}.{year}.",
        "pol": gender,
        "uzrast": chance.whole(11, 17) if child else chance.whole(18, 45),
        "državljanstvo": country,
        "oblik_eksploatacije": form,
        "zemlja_eksploatacije": "Srbija" if child else chance.pick(PLACES),
        "odnos_sa_vrbovateljem": chance.pick(RECRUITERS),
        "opština": "izmišljena",
        "vrsta_podrške": "smeštaj",
    }
