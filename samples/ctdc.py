"""Invented rows in the two shapes of CTDC's k-anonymised Global Dataset."""

from collections.abc import Mapping
from typing import Any

from samples.chance import Chance
from samples.layout import write_delimited

ROWS = 48
TERMS = "By using this data you agree to the Terms of Use: https://www.ctdatacollaborative.org/terms-use"

AGES = {"0--8": 2, "9--17": 20, "18--20": 15, "21--23": 15, "24--26": 10, "30--38": 20, "39--47": 8, "48+": 5}
MINORS = ("0--8", "9--17")
# NA is Namibia: it must survive every reader.
CITIZENSHIPS = {"PH": 25, "UA": 20, "MD": 12, "US": 12, "KH": 8, "NA": 5, "00": 8}
PLACES = {"PH": "ID", "UA": "RU", "MD": "RU", "US": "US", "KH": "TH", "NA": "ZA", "00": "-99"}
SECTORS = (
    "Agriculture",
    "Aquafarming",
    "Begging",
    "Construction",
    "DomesticWork",
    "Hospitality",
    "IllicitActivities",
    "Manufacturing",
    "MiningOrDrilling",
    "Peddling",
    "Transportation",
    "Other",
    "NotSpecified",
)
FREQUENT_SECTORS = {"Agriculture": 2, "Construction": 3, "DomesticWork": 3, "Hospitality": 1, "Peddling": 1}
SECTOR_LABELS = {"DomesticWork": "Domestic work"}
MEANS = {
    "DebtBondage": "Debt bondage",
    "TakesEarnings": "Takes earnings",
    "RestrictsFinancialAccess": "Restricts financial access",
    "Threats": "Threats",
    "PsychologicalAbuse": "Psychological abuse",
    "PhysicalAbuse": "Physical abuse",
    "SexualAbuse": "Sexual abuse",
    "FalsePromises": "False promises",
    "PsychoactiveSubstances": "Psychoactive substances",
    "RestrictsMovement": "Restricts movement",
    "RestrictsMedicalCare": "Restricts medical care",
    "ExcessiveWorkingHours": "Excessive working hours",
    "UsesChildren": "Uses children",
    "ThreatOfLawEnforcement": "Threat of law enforcement",
    "WithholdsNecessities": "Withholds necessities",
    "WithholdsDocuments": "Withholds documents",
    "Other": "Other",
}
PURPOSES = {
    "labour": "Forced labour",
    "sex": "Sexual exploitation",
    "marriage": "Forced marriage;Other",
    "": "-99",
}
RECRUITERS = {
    "IntimatePartner": "Intimate Partner",
    "Friend": "Friend/Acquaintance",
    "Family": "Family/Relative",
    "Other": "Other",
}
OTHER_PURPOSES = ("isForcedMarriage", "isForcedMilitary", "isOrganRemoval", "isSlaveryAndPractices")
SEX_KINDS = ("Prostitution", "Pornography", "RemoteInteractiveServices", "PrivateSexualServices")
KNOWN_SHARE = 0.7


def make_ten_columns(chance: Chance) -> dict[str, bytes]:
    """The shape that third parties pass on: numbers with a point, blanks, and an index without a name."""
    rows = [_ten_columns(chance, number) for number in range(ROWS)]
    return {"invented_ten_columns.csv": write_delimited(rows)}


def make_all_columns(chance: Chance, number: int = ROWS) -> dict[str, bytes]:
    """CTDC's own shape: a sentence as the first name, -99 for missing, carriage returns."""
    rows = [_all_columns(chance) for _ in range(number)]
    return {"invented_all_columns.csv": write_delimited(rows, newline="\r\n")}


def _person(chance: Chance) -> dict[str, str]:
    return {
        "year": chance.pick({"2015": 2, "2016": 5, "2017": 3, "2018": 3}),
        "source": chance.pick({"Case Management": 75, "Hotline": 25}),
        "gender": chance.pick({"Female": 73, "Male": 27}),
        "age": chance.pick({**AGES, "-99": 15}),
        "citizenship": chance.pick(CITIZENSHIPS),
        "purpose": chance.pick({"labour": 45, "sex": 45, "marriage": 3, "": 7}),
        "recruiter": chance.pick({**dict.fromkeys(RECRUITERS, 10), "": 60}),
    }


def _ten_columns(chance: Chance, number: int) -> dict[str, Any]:
    person = _person(chance)
    words = {"labour": "Labor", "sex": "Sexual", "marriage": "Forced Marriage", "": ""}
    labour = {"labour": "1.0", "sex": "0.0", "marriage": "0.0", "": ""}
    return {
        "": number,
        "yearOfRegistration": f"{person['year']}.0",
        "Datasource": person["source"],
        "gender": person["gender"],
        "ageBroad": person["age"].replace("-99", ""),
        "citizenship": person["citizenship"].replace("00", ""),
        "isForcedLabour": labour[person["purpose"]],
        "control_category": chance.pick({"Other": 50, "Threats": 20, "Financial": 20, "": 10}),
        "RecruiterCategory": RECRUITERS.get(person["recruiter"], ""),
        "ExploitType": words[person["purpose"]],
        "Labor_Type": chance.pick({"Construction": 1, "": 2}) if person["purpose"] == "labour" else "",
    }


def _all_columns(chance: Chance) -> dict[str, str]:
    person = _person(chance)
    majority = "-99" if person["age"] == "-99" else "Minor" if person["age"] in MINORS else "Adult"
    return {
        TERMS: "",
        "yearOfRegistration": person["year"],
        "Datasource": person["source"],
        "gender": person["gender"],
        "ageBroad": person["age"],
        "majorityStatus": majority,
        "majorityStatusAtExploit": "Minor" if majority == "Minor" else "-99",
        "majorityEntry": "-99",
        "citizenship": person["citizenship"],
        **_means(chance),
        **_purposes(person["purpose"]),
        **_sectors(chance, person["purpose"]),
        **_sex_kinds(chance, person["purpose"]),
        "isAbduction": chance.pick({"0": 6, "-99": 4}),
        "RecruiterRelationship": RECRUITERS.get(person["recruiter"], "Not Specified"),
        "CountryOfExploitation": PLACES[person["citizenship"]],
        **_recruiters(person["recruiter"]),
    }


def _flags(prefix: str, yes: Mapping[str, bool], missing: str = "-99") -> dict[str, str]:
    return {prefix + name: "1" if is_yes else missing for name, is_yes in yes.items()}


def _means(chance: Chance) -> dict[str, str]:
    used = {name: chance.happens(0.15) for name in MEANS} if chance.happens(KNOWN_SHARE) else {}
    words = ";".join(sorted(label for name, label in MEANS.items() if used.get(name)))
    return {
        **_flags("meansOfControl", {name: used.get(name, False) for name in MEANS}),
        "meansOfControlNotSpecified": "0" if words else "1",
        "meansOfControlConcatenated": words or "Not specified",
    }


def _purposes(purpose: str) -> dict[str, str]:
    other = dict.fromkeys(OTHER_PURPOSES, "0" if purpose else "-99")
    if purpose == "marriage":
        other["isForcedMarriage"] = "1"
    return {
        "isForcedLabour": "-99" if not purpose else "1" if purpose == "labour" else "0",
        "isSexualExploit": "-99" if not purpose else "1" if purpose == "sex" else "0",
        "isOtherExploit": "-99" if not purpose else "1" if purpose == "marriage" else "0",
        "isSexAndLabour": "0" if purpose else "-99",
        **other,
        "typeOfExploitConcatenated": PURPOSES[purpose],
    }


def _sectors(chance: Chance, purpose: str) -> dict[str, str]:
    own = chance.pick(FREQUENT_SECTORS) if purpose == "labour" else ""
    return {
        **_flags("typeOfLabour", {name: name == own for name in SECTORS}, "0" if purpose else "-99"),
        "typeOfLabourConcatenated": SECTOR_LABELS.get(own, own) or "-99",
    }


def _sex_kinds(chance: Chance, purpose: str) -> dict[str, str]:
    own = "Prostitution" if purpose == "sex" and chance.happens(KNOWN_SHARE) else ""
    return {
        **_flags("typeOfSex", {name: name == own for name in SEX_KINDS}),
        "typeOfSexConcatenated": own or "-99",
    }


def _recruiters(own: str) -> dict[str, str]:
    return {
        **_flags("recruiterRelation", {name: name == own for name in RECRUITERS}, "0"),
        "recruiterRelationUnknown": "0" if own else "1",
    }
