"""Act and means: how the person was brought into the situation and kept in it."""

from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.field import FieldClass, Publication, Requirement, code, codes, flag

EXPECTED, OPTIONAL, DERIVED = Requirement.EXPECTED, Requirement.OPTIONAL, Requirement.DERIVED
SENSITIVE = FieldClass.SENSITIVE
YES, NEVER = Publication.YES, Publication.NEVER
Flag = Series[pd.Int8Dtype]


class Act(pa.DataFrameModel):
    """Palermo Protocol, Article 3 (a): the act."""

    act_recruitment: Flag = flag(OPTIONAL, SENSITIVE, NEVER, "Recruited.", ictip="event: act")
    act_transportation: Flag = flag(OPTIONAL, SENSITIVE, NEVER, "Transported.", ictip="event: act")
    act_transfer: Flag = flag(OPTIONAL, SENSITIVE, NEVER, "Transferred.", ictip="event: act")
    act_harbouring: Flag = flag(OPTIONAL, SENSITIVE, NEVER, "Harboured.", ictip="event: act")
    act_receipt: Flag = flag(OPTIONAL, SENSITIVE, NEVER, "Received.", ictip="event: act")
    recruitment_method: Series[str] = codes(
        "recruitment_method",
        OPTIONAL,
        SENSITIVE,
        NEVER,
        "Ways of recruitment.",
        htcds="vic_MethodOfRecruitment",
        ictip="event: recruitment",
    )
    is_abduction: Flag = flag(
        EXPECTED,
        SENSITIVE,
        YES,
        "Abducted.",
        ctdc="isAbduction",
        htcds="per_RoleInProcess=Kidnapper",
        ictip="event: means",
    )


def _means(description: str, ctdc: str, merged: str | None, htcds: str | None, palermo: str | None) -> Any:
    return flag(
        EXPECTED,
        SENSITIVE,
        YES,
        description,
        ctdc=f"meansOfControl{ctdc}",
        ctdc_2024=merged,
        htcds=htcds and f"MethodsOfControl={htcds}",
        ictip="event: means",
        note=palermo,
    )


def _merged(description: str, ctdc_2024: str) -> Any:
    return flag(
        DERIVED,
        SENSITIVE,
        YES,
        description,
        ctdc_2024=ctdc_2024,
        ictip="event: means",
        note="OR of its parts; filled directly where a source gives only the merged flag",
    )


class Means(pa.DataFrameModel):
    """Means of control, as CTDC names them; `note` gives the means of the Palermo Protocol."""

    means_debt_bondage: Flag = _means(
        "Debt bondage.", "DebtBondage", "meansDebtBondageEarnings", "DebtBondage", "abuse_of_vulnerability"
    )
    means_takes_earnings: Flag = _means(
        "Takes or withholds earnings.",
        "TakesEarnings",
        "meansDebtBondageEarnings",
        "TakesEarnings",
        "other_coercion",
    )
    means_threats: Flag = _means(
        "Threats to the person or others.", "Threats", "meansThreats", "PhysicalThreats", "threat_or_force"
    )
    means_uses_children: Flag = _means(
        "Restricts access to or manipulates children.",
        "UsesChildren",
        "meansThreats",
        "ThreatensChildrenFamily",
        "other_coercion",
    )
    means_threat_law_enforcement: Flag = _means(
        "Threat of action by law enforcement.",
        "ThreatOfLawEnforcement",
        "meansThreats",
        "ThreatsLawEnforcement",
        "other_coercion",
    )
    means_psychological_abuse: Flag = _means(
        "Psychological abuse.",
        "PsychologicalAbuse",
        "meansAbusePsyPhySex",
        "PsychologicalAbuse",
        "other_coercion",
    )
    means_physical_abuse: Flag = _means(
        "Physical abuse.", "PhysicalAbuse", "meansAbusePsyPhySex", "PhysicalAbuse", "threat_or_force"
    )
    means_sexual_abuse: Flag = _means(
        "Sexual abuse, as a means and not as the purpose.",
        "SexualAbuse",
        "meansAbusePsyPhySex",
        "SexualAbuse",
        "threat_or_force",
    )
    means_false_promises: Flag = _means(
        "False promises or deception.", "FalsePromises", "meansFalsePromises", "FalsePromises", "deception"
    )
    means_psychoactive_substances: Flag = _means(
        "Use of psychoactive substances.",
        "PsychoactiveSubstances",
        "meansDrugsAlcohol",
        "PsychoactiveSubstance",
        "abuse_of_vulnerability",
    )
    means_restricts_financial_access: Flag = _means(
        "Restricts access to finances.",
        "RestrictsFinancialAccess",
        "meansDenyBasicNeeds",
        "RestrictsFinancialAccess",
        "other_coercion",
    )
    means_restricts_movement: Flag = _means(
        "Denied freedom of movement or kept in isolation.",
        "RestrictsMovement",
        "meansDenyBasicNeeds",
        None,
        "other_coercion",
    )
    means_restricts_medical_care: Flag = _means(
        "Limits or restricts medical care.",
        "RestrictsMedicalCare",
        "meansDenyBasicNeeds",
        "RestrictsMedicalCare",
        "other_coercion",
    )
    means_withholds_necessities: Flag = _means(
        "Withholds or denies basic necessities.",
        "WithholdsNecessities",
        "meansDenyBasicNeeds",
        "WithholdsNecessities",
        "other_coercion",
    )
    means_excessive_working_hours: Flag = _means(
        "Excessive working hours.",
        "ExcessiveWorkingHours",
        "meansExcessiveWorkHours",
        "ExcessiveWorkingHours",
        "other_coercion",
    )
    means_withholds_documents: Flag = _means(
        "Withholds or destroys important documents.",
        "WithholdsDocuments",
        "meansWithholdDocs",
        "WithholdsDocuments",
        "other_coercion",
    )
    means_other: Flag = _means("Another means of control.", "Other", None, "Other", None)
    means_not_specified: Flag = _means("Means of control not specified.", "NotSpecified", None, None, None)
    means_abuse_of_power: Flag = flag(
        OPTIONAL, SENSITIVE, NEVER, "Abuse of power.", ictip="event: means", note="abuse_of_power"
    )
    means_payment_to_controller: Flag = flag(
        OPTIONAL,
        SENSITIVE,
        NEVER,
        "Payment or benefit to a person having control.",
        ictip="event: means",
        note="payments",
    )


class MergedMeans(pa.DataFrameModel):
    """The eight merged means of CTDC's 2024 files."""

    means_grp_debt_bondage_earnings: Flag = _merged(
        "Debt bondage or takes earnings.", "meansDebtBondageEarnings"
    )
    means_grp_threats: Flag = _merged("Threats of any kind.", "meansThreats")
    means_grp_abuse_psy_phy_sex: Flag = _merged(
        "Psychological, physical or sexual abuse.", "meansAbusePsyPhySex"
    )
    means_grp_false_promises: Flag = _merged("False promises.", "meansFalsePromises")
    means_grp_drugs_alcohol: Flag = _merged("Psychoactive substances.", "meansDrugsAlcohol")
    means_grp_deny_basic_needs: Flag = _merged("Denies basic needs.", "meansDenyBasicNeeds")
    means_grp_excessive_work_hours: Flag = _merged("Excessive working hours.", "meansExcessiveWorkHours")
    means_grp_withhold_docs: Flag = _merged("Withholds documents.", "meansWithholdDocs")


class Recruiter(pa.DataFrameModel):
    """Who initially enticed or obtained the person; never filled from the relation to the trafficker."""

    recruiter_intimate_partner: Flag = flag(
        EXPECTED,
        FieldClass.QUASI_IDENTIFIER_AND_SENSITIVE,
        YES,
        "Recruited by an intimate partner.",
        ctdc="recruiterRelationIntimatePartner",
        ictip="perpetrator: relation",
    )
    recruiter_friend: Flag = flag(
        EXPECTED,
        FieldClass.QUASI_IDENTIFIER_AND_SENSITIVE,
        YES,
        "Recruited by a friend or acquaintance.",
        ctdc="recruiterRelationFriend",
        ictip="perpetrator: relation",
    )
    recruiter_family: Flag = flag(
        EXPECTED,
        FieldClass.QUASI_IDENTIFIER_AND_SENSITIVE,
        YES,
        "Recruited by family or a relative.",
        ctdc="recruiterRelationFamily",
        ictip="perpetrator: relation",
    )
    recruiter_other: Flag = flag(
        EXPECTED,
        FieldClass.QUASI_IDENTIFIER_AND_SENSITIVE,
        YES,
        "Recruited by someone else.",
        ctdc="recruiterRelationOther",
        ictip="perpetrator: relation",
    )
    recruiter_unknown: Flag = flag(
        EXPECTED,
        FieldClass.QUASI_IDENTIFIER_AND_SENSITIVE,
        YES,
        "Recruiter not known.",
        ctdc="recruiterRelationUnknown",
        ictip="perpetrator: relation",
    )
    relationship_to_trafficker: Series[str] = code(
        "trafficker_relationship",
        OPTIONAL,
        SENSITIVE,
        NEVER,
        "Relation to the trafficker, who need not be the recruiter.",
        htcds="vic_RelationshipToTrafficker",
    )
