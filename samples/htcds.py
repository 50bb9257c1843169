"""An invented workbook in the form of IOM's HTCDS 2.0 template, its disagreements included."""

from datetime import date

from openpyxl.worksheet.worksheet import Worksheet

from samples.chance import Chance
from samples.layout import write_workbook

CASES, NUMBERED = 25, 200
FIRST_ROW = 3

# Machine name and visible label as the template has them: five address columns of which four disagree,
# one misspelt name, one column without a name.
COLUMNS: tuple[tuple[str | None, str | None], ...] = (
    (None, None),
    ("cas_CaseOwner", "Case Owner"),
    ("prs_Salutation", "Salutation"),
    ("prs_FirstName", "First Name"),
    ("prs_SecondName", "Second Name"),
    ("con_Consent", "Consent"),
    ("prs_Birthdate", "Birthdate"),
    ("prs_Gender", "Gender"),
    ("prs_Citizenship", "Citizenship"),
    ("prs_Title", "Title"),
    ("prs_Email", "Email"),
    ("prs_HomePhone", "Home Phone"),
    ("prs_MobilePhone", "Mobile Phone"),
    ("prs_MailingCity", "Mailing Street"),
    ("prs_MailingCountry", "Mailing City"),
    ("prs_MailingState", "Mailing State/Province"),
    ("prs_MailingStreet", "Mailing Zip/Postal Code"),
    ("prs_MailingPostalCode", "Mailing Country"),
    ("vic_TraffickingStatus", "Trafficking Status"),
    ("vic_TraffickinStatusDecisionMakingOrg", "Trafficking Status Decision Making Organization"),
    ("vic_MethodOfRecruitment", "Method of Recruitment"),
    ("vic_LocationOfRecruitment", "Location of Recruitment"),
    ("vic_MethodsOfControl", "Methods of Control"),
    ("vic_TypeOfExploitation", "Type of Exploitation"),
    ("vic_ForcedLabourIndustry", "Forced Labour Industry"),
    ("vic_TypeOfSexExploitation", "Type of Sex Exploitation"),
    ("vic_LocationOfExploitation", "Location of Exploitation"),
    ("cas_Status", "Status"),
    ("cas_ReferringOrganisation", "Referring Organisation"),
    ("cas_IncomingReferralDate", "Incoming Referral Date"),
    ("cas_ReferringPrimaryCaseWorker", "Referring Primary Case Worker"),
    ("cas_ReasonForIncomingReferral", "Reason for Incoming Referral"),
    ("cas_IncomingReferralDetails", "Incoming Referral Details"),
    ("cas_ReferredOrganisation", "Referred Organisation"),
    ("cas_ReferredPrimaryCaseWorker", "Referred Primary Case Worker"),
    (None, "Reason for Outgoing Referral"),
    ("cas_OutgoingReferralDate", "Outgoing Referral Date"),
    ("cas_OutgoingReferralDetails", "Outgoing Referral Details"),
    ("cas_ReasonForCaseClosure", "Reason for Case Closure"),
)

INDUSTRIES = (
    "Agriculture, forestry and fishing",
    "Water supply; sewerage, waste management and remediation",
    "Construction",
    "Accommodation and food service activities",
)
CITIZENSHIPS = {"Nigeria": 4, "Viet Nam": 3, "Moldova, Republic of": 2, "NA": 1, "Nigeria;Benin": 1, "": 1}
METHODS = {"Threats of law enforcement;Debt bondage": 4, "FalsePromises;WithholdsDocuments": 3, "": 3}
STATUSES = {
    "Actual victim of trafficking": 7,
    "PossibleVictimOfTrafficking": 2,
    "Not a victim of trafficking": 1,
}


def make_workbook(chance: Chance) -> dict[str, bytes]:
    """Filled rows, then numbered blank ones; every column that identifies people is left empty."""
    rows = [_case(chance) for _ in range(CASES)]

    def fill(sheet: Worksheet) -> None:
        sheet.append([name for name, _ in COLUMNS])
        sheet.append([label for _, label in COLUMNS])
        sheet.row_dimensions[1].hidden = True
        for number in range(NUMBERED):
            row = rows[number] if number < len(rows) else {}
            sheet.append([number + 1, *(row.get(name or "") for name, _ in COLUMNS[1:])])

    return {"invented.xlsx": write_workbook("Case Sheet", fill)}


def _case(chance: Chance) -> dict[str, str | bool | date | None]:
    form = chance.pick({"Forced labour": 5, "SexualExploitation": 3, "Forced labour;ForcedBegging": 1})
    labour = form.startswith("Forced labour")
    words: dict[str, str] = {
        "prs_Gender": chance.pick({"Feminine": 6, "Masculine": 3, "TransgenderFeminine": 1}),
        "prs_Citizenship": chance.pick(CITIZENSHIPS),
        "vic_TraffickingStatus": chance.pick(STATUSES),
        "vic_TraffickinStatusDecisionMakingOrg": chance.pick({"NGO": 2, "Court or prosecution": 1}),
        "vic_MethodOfRecruitment": chance.pick(
            {"At work": 1, "Through online social networks;Other": 1, "": 1}
        ),
        "vic_MethodsOfControl": chance.pick(METHODS),
        "vic_TypeOfExploitation": form,
        "vic_ForcedLabourIndustry": chance.pick(dict.fromkeys(INDUSTRIES, 1.0)) if labour else "",
        "vic_TypeOfSexExploitation": "" if labour else chance.pick({"Prostitution": 3, "": 1}),
        "vic_LocationOfExploitation": chance.pick({"Italy": 4, "FR": 2, "": 1}),
        "cas_Status": "Active",
    }
    return {
        "con_Consent": chance.pick({True: 8, False: 1, None: 1}),
        "cas_IncomingReferralDate": date(2019, chance.whole(1, 12), chance.whole(1, 28)),
        **{name: word or None for name, word in words.items()},
    }
