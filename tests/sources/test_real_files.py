"""Real public files: read from beside the checkout, counted anew from the file itself, never copied.

The figures that stand here are counts published with the files or counted from them by hand.
"""

import csv
import io
from collections import Counter
from datetime import date

import openpyxl
import pandas as pd
import pytest

from schemas.case import case_fields
from schemas.field import Kind
from schemas.finding import FindingCode
from transforms.mapped import Validated
from transforms.selection import BLANK_ROW
from transforms.validation import validate_cases

TEN, FULL = "int_ctdc_global_dataset_2020", "int_ctdc_global_dataset_2020_full"
HOTLINE, HTCDS = "arg_rescate_linea145", "int_iom_htcds_2_0"
TEMPLATES = (
    "HTCDS_Excel_Spreadsheet_v2.0.xlsx",
    "HTCDS_Excel_Spreadsheet_single_select_with_validation_v2.0.xlsx",
    "HTCDS_Excel_Spreadsheet_multi_select_with_validation_v2.0.xlsm",
)
DIRECT_VICTIM = "Victima directa"


@pytest.fixture(scope="module")
def accept(real_data, map_files):
    """Validated cases of real files, by source and paths below the folder of real files."""

    def accept_them(source_id: str, *paths) -> Validated:
        files = {path.name: path.read_bytes() for path in paths}
        return validate_cases(map_files(source_id, files), current_year=2026)

    return accept_them


@pytest.fixture(scope="module")
def ten_columns(real_data, accept):
    return accept(TEN, real_data / "ctdc" / "global_dataset_2020_kanon_10_columns.csv")


@pytest.fixture(scope="module")
def all_columns(real_data, accept):
    return accept(FULL, real_data / "ctdc" / "global_dataset_2020_kanon_excerpt_64_columns.csv")


@pytest.fixture(scope="module")
def hotline(real_data, accept):
    return accept(HOTLINE, *sorted((real_data / "argentina_linea145").glob("*.csv")))


def _rows(path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _account(result: Validated) -> tuple[int, int, int, dict[str, int]]:
    account = result.account
    return account.read, account.accepted, account.held, account.ignored


def test_every_row_of_the_ten_columns_is_accepted(ten_columns):
    assert _account(ten_columns) == (48_801, 48_801, 0, {})


def test_ctdc_kept_its_promise_of_eleven(ten_columns):
    """683 classes with blank as a value, the smallest of exactly eleven; 689 with the kind of register."""
    quasi = ["year_of_registration", "gender", "age_broad", "citizenship"]
    sizes = ten_columns.cases.groupby(quasi, dropna=False).size()
    assert (len(sizes), sizes.min(), sizes.sum()) == (683, 11, 48_801)
    sizes = ten_columns.cases.groupby([*quasi, "data_source_type"], dropna=False).size()
    assert (len(sizes), sizes.min()) == (689, 11)


def test_a_blank_flag_is_never_no(ten_columns):
    counts = ten_columns.cases["is_forced_labour"].value_counts(dropna=False)
    assert (counts[0], counts[1], counts[pd.NA]) == (16_330, 9_772, 22_699)
    assert ten_columns.cases["is_sexual_exploit"].value_counts(dropna=False)[1] == 15_989


def test_every_row_of_the_full_shape_is_accepted(all_columns):
    assert _account(all_columns) == (290, 290, 0, {})


def test_every_flag_of_the_full_shape_is_what_the_file_says(real_data, all_columns, describe):
    rows = _rows(real_data / "ctdc" / "global_dataset_2020_kanon_excerpt_64_columns.csv")
    flags = {
        name: column.field
        for name, column in describe(FULL).columns.items()
        if column.field and case_fields()[column.field].kind is Kind.FLAG
    }
    assert len(flags) == 48
    for name, field in flags.items():
        said = [{"1": 1, "0": 0, "-99": None}[row[name]] for row in rows]
        assert [None if pd.isna(value) else value for value in all_columns.cases[field]] == said


def test_every_column_of_the_full_shape_is_mapped_compared_or_ignored_with_a_reason(real_data, describe):
    (header,) = _rows(real_data / "ctdc" / "global_dataset_2020_kanon_excerpt_64_columns.csv")[:1]
    source = describe(FULL)
    assert len(header) == 64
    assert {*source.columns, *source.concatenated, *source.ignored} == set(header)


@pytest.mark.parametrize(
    ("flag", "text", "count"),
    [
        ("meansOfControlPhysicalAbuse", "meansOfControlConcatenated", 36),  # 14 abuse and 22 Abuse
        ("meansOfControlNotSpecified", "meansOfControlConcatenated", 63),  # 75 more have no text
        ("isOtherExploit", "typeOfExploitConcatenated", 60),
        ("typeOfLabourPeddling", "typeOfLabourConcatenated", 23),
        ("typeOfSexProstitution", "typeOfSexConcatenated", 58),
        ("recruiterRelationFriend", "RecruiterRelationship", 32),  # three of them after "; "
        ("recruiterRelationUnknown", "RecruiterRelationship", 30),  # 107 more have no text
    ],
)
def test_a_flag_lost_from_the_real_file_is_missed_by_its_text(flag, text, count, real_data, map_files):
    rows = _rows(real_data / "ctdc" / "global_dataset_2020_kanon_excerpt_64_columns.csv")
    changed = io.StringIO()
    writer = csv.DictWriter(changed, list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, flag: "-99"} for row in rows)
    findings = map_files(FULL, {"changed.csv": changed.getvalue().encode()}).findings
    assert [(f.code, f.column, f.rule, f.count) for f in findings] == [
        (FindingCode.RULE_HELD, text, "H8", count)
    ]


def test_the_unknown_country_is_no_country(all_columns):
    assert int(all_columns.cases["citizenship"].isna().sum()) == 81
    assert int(all_columns.cases["country_of_exploitation"].isna().sum()) == 120


def test_every_direct_victim_of_the_hotline_is_a_case(hotline):
    ignored = {"accused person": 1_223, "indirect victim": 187}
    assert _account(hotline) == (2_616, 1_206, 0, ignored)
    assert sum(ignored.values()) == 1_410


def test_the_hotline_counts_as_its_file_does(real_data, hotline):
    (path,) = (real_data / "argentina_linea145").glob("*referidos*.csv")
    victims = [row for row in _rows(path) if row["referido_tipo"] == DIRECT_VICTIM]
    gender = Counter(row["genero"] for row in victims)
    known = hotline.cases["gender"].value_counts()
    assert (known["Woman"], known["Man"]) == (gender["Mujer"], gender["Hombre"]) == (791, 271)
    assert int(hotline.cases["age_at_registration"].isna().sum()) == sum(
        row["edad_aparente"] in ("", "0") for row in victims
    )
    subjects = [row["subtema"].casefold() for row in victims]
    sexual = sum("explotación sexual" in subject or "pornografía" in subject for subject in subjects)
    assert int(hotline.cases["is_sexual_exploit"].eq(1).sum()) == sexual


def test_typed_words_of_the_hotline_are_counted_and_not_repeated(hotline, describe):
    (finding,) = [f for f in hotline.findings if f.code is FindingCode.WORD_UNPLACED]
    assert finding.count == 1


def test_accused_are_kept_only_with_the_one_case_they_belong_to(hotline):
    (unplaced,) = [f for f in hotline.findings if f.code is FindingCode.PERPETRATOR_UNPLACED]
    assert len(hotline.perpetrators) + unplaced.count == 1_223


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_blank_template_gives_no_case_and_names_its_mistakes(name, real_data, accept):
    blank = accept(HTCDS, real_data / "htcds" / name)
    assert _account(blank) == (1_000, 0, 0, {BLANK_ROW: 1_000})
    found = {(f.code, f.column) for f in blank.findings if f.code is not FindingCode.MACROS_IGNORED}
    mailing = ("prs_MailingCity", "prs_MailingCountry", "prs_MailingStreet", "prs_MailingPostalCode")
    assert found == {
        *((FindingCode.LABEL_DISAGREES, column) for column in mailing),
        (FindingCode.COLUMN_MISSPELT, "vic_TraffickingStatusDecisionMakingOrg"),
        (FindingCode.COLUMN_UNNAMED, "cas_ReasonForOutgoingReferral"),
    }
    macros = [f for f in blank.findings if f.code is FindingCode.MACROS_IGNORED]
    assert len(macros) == name.endswith(".xlsm")


INVENTED = (
    {
        "con_Consent": True,
        "prs_Gender": "Feminine",
        "prs_Citizenship": "Nigeria",
        "vic_TraffickingStatus": "Actual victim of trafficking",
        "vic_MethodsOfControl": "Threats of law enforcement;Debt bondage ",
        "vic_TypeOfExploitation": "Forced labour",
        "vic_ForcedLabourIndustry": "Construction",
        "vic_LocationOfExploitation": "Italy",
        "cas_IncomingReferralDate": date(2019, 3, 5),
    },
    {"con_Consent": True, "vic_TraffickingStatus": "Not a victim of trafficking"},
)
BECOMES = {
    "consent_publication": True,
    "gender": "Woman",
    "citizenship": "NGA",
    "trafficking_status": "ActualVictimOfTrafficking",
    "means_threat_law_enforcement": 1,
    "means_debt_bondage": 1,
    "is_forced_labour": 1,
    "isic_section": "F",
    "country_of_exploitation": "ITA",
    "year_of_registration": 2019,
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_filled_with_invented_cases_gives_these(name, real_data, map_files):
    filled = _fill(real_data / "htcds" / name, INVENTED)
    result = validate_cases(map_files(HTCDS, {name: filled}), current_year=2026)
    assert _account(result) == (1_000, 1, 0, {BLANK_ROW: 998, "found not to be a victim": 1})
    assert {field: result.cases[field].item() for field in BECOMES} == BECOMES


def _fill(path, rows) -> bytes:
    """The template with rows from its first numbered one on, by the machine names of its hidden row."""
    workbook = openpyxl.load_workbook(path, keep_vba=path.suffix == ".xlsm")
    sheet = workbook.worksheets[0]
    names = [cell.value for cell in sheet[1]]
    for number, row in enumerate(rows, 3):
        for name, answer in row.items():
            sheet.cell(number, names.index(name) + 1).value = answer
    filled = io.BytesIO()
    workbook.save(filled)
    return filled.getvalue()
