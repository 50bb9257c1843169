"""Core fields of a case: who registered it, when, whom it concerns, and where it happened."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.field import FieldClass, Kind, Publication, Requirement, boolean, code, codes, flag, number, text

MANDATORY, EXPECTED = Requirement.MANDATORY, Requirement.EXPECTED
OPTIONAL, DERIVED = Requirement.OPTIONAL, Requirement.DERIVED
QI, SENSITIVE = FieldClass.QUASI_IDENTIFIER, FieldClass.SENSITIVE
PLAIN, OPERATIONAL = FieldClass.INSENSITIVE, FieldClass.OPERATIONAL
YES, GENERALIZED, NEVER = Publication.YES, Publication.GENERALIZED, Publication.NEVER

EARLIEST_YEAR, LATEST_YEAR = 1950, 2100
OLDEST = 110


class Registration(pa.DataFrameModel):
    """Who registered the case and when; one row is one victim in one registration of one source."""

    source_id: Series[str] = text(
        MANDATORY,
        OPERATIONAL,
        NEVER,
        "Id of the source in the registry.",
        htcds="cas_ReferringOrganisation",
        ictip="reporting entity",
    )
    source_record_key: Series[str] = text(
        MANDATORY,
        OPERATIONAL,
        NEVER,
        "Pseudonym of the source's own case key: HMAC-SHA-256 under a secret of the source.",
        ictip="victim: unique code",
    )
    shared_person_key: Series[str] = text(
        OPTIONAL,
        OPERATIONAL,
        NEVER,
        "Pseudonym of a code that several agencies give the same person, such as a national referral"
        " number: HMAC-SHA-256 under a secret of the scheme. Two cases that share it are one person.",
        ictip="victim: unique code",
    )
    data_source_type: Series[str] = code(
        "data_source",
        MANDATORY,
        QI,
        YES,
        "Kind of register the case comes from.",
        ctdc="Datasource",
        ictip="reporting entity: type",
    )
    reporting_entity_type: Series[str] = code(
        "organisation",
        EXPECTED,
        QI,
        NEVER,
        "Kind of organisation that reports.",
        htcds="org_Type",
        ictip="reporting entity: type",
    )
    reporting_country: Series[str] = code(
        "country",
        EXPECTED,
        QI,
        GENERALIZED,
        "Country whose register it is; an international register (CTDC) names none.",
        htcds="org_ShippingCountry",
        ictip="reporting entity: country",
    )
    consent_publication: Series[pd.BooleanDtype] = boolean(
        MANDATORY,
        OPERATIONAL,
        NEVER,
        "Whether non-identifying data of the case may be published.",
        htcds="con_Consent",
    )
    year_of_registration: Series[pd.Int16Dtype] = number(
        2000,
        LATEST_YEAR,
        MANDATORY,
        QI,
        YES,
        "Year in which the victim was identified, assisted, referred or reported.",
        kind=Kind.YEAR,
        ctdc="yearOfRegistration",
        htcds="year of cas_IncomingReferralDate",
        ictip="victim: date of detection",
    )
    year_band: Series[str] = code(
        "year_band", DERIVED, QI, YES, "Fixed three-year window of year_of_registration."
    )
    trafficking_status: Series[str] = code(
        "trafficking_status",
        MANDATORY,
        SENSITIVE,
        YES,
        "Whether the person is a possible or an established victim.",
        htcds="vic_TraffickingStatus",
        ictip="victim: status",
    )
    status_decision_org: Series[str] = code(
        "decider",
        EXPECTED,
        QI,
        NEVER,
        "Who decided on the status.",
        htcds="vic_TraffickingStatusDecisionMakingOrg",
        ictip="reporting entity",
    )
    schema_version: Series[str] = text(
        MANDATORY, OPERATIONAL, NEVER, "Version of this schema the case was mapped to."
    )
    source_version: Series[str] = text(
        MANDATORY, OPERATIONAL, NEVER, "SHA-256 of the source description that mapped it."
    )
    period: Series[str] = text(MANDATORY, OPERATIONAL, NEVER, "Reporting period of the submission.")


class Time(pa.DataFrameModel):
    """When the exploitation happened and how long it lasted."""

    entry_year: Series[pd.Int16Dtype] = number(
        EARLIEST_YEAR,
        LATEST_YEAR,
        OPTIONAL,
        QI,
        NEVER,
        "Year of entry into the trafficking process.",
        kind=Kind.YEAR,
        htcds="year of hte_Date",
        ictip="event: time",
    )
    exploit_start_year: Series[pd.Int16Dtype] = number(
        EARLIEST_YEAR,
        LATEST_YEAR,
        OPTIONAL,
        QI,
        NEVER,
        "Year in which the exploitation began.",
        kind=Kind.YEAR,
        htcds="year of hte_Date",
        ictip="event: time",
    )
    exploit_end_year: Series[pd.Int16Dtype] = number(
        EARLIEST_YEAR,
        LATEST_YEAR,
        OPTIONAL,
        QI,
        NEVER,
        "Year in which the exploitation ended.",
        kind=Kind.YEAR,
        htcds="year of hte_Date",
        ictip="event: time",
    )
    traffick_months_exact: Series[pd.Int16Dtype] = number(
        0, 900, OPTIONAL, QI, NEVER, "Months of trafficking.", ictip="event: duration"
    )
    traffick_months: Series[str] = code(
        "duration",
        EXPECTED,
        QI,
        YES,
        "Band of months of trafficking.",
        ctdc="traffickMonths",
        htcds="from hte_Date",
        ictip="event: duration",
    )


class Victim(pa.DataFrameModel):
    """The victim: age, gender, citizenship and situation."""

    age_at_registration: Series[pd.Int16Dtype] = number(
        0,
        OLDEST,
        OPTIONAL,
        QI,
        NEVER,
        "Age in completed years at registration.",
        htcds="from prs_Birthdate",
        ictip="victim: age",
    )
    age_broad: Series[str] = code(
        "age_broad",
        EXPECTED,
        QI,
        YES,
        "Age band at registration.",
        ctdc="ageBroad",
        htcds="from prs_Birthdate",
        ictip="victim: age",
    )
    age_group: Series[str] = code("age_group", DERIVED, QI, YES, "Coarser age band at registration.")
    majority_status: Series[str] = code(
        "majority",
        DERIVED,
        QI,
        YES,
        "Minor or adult at registration.",
        ctdc="majorityStatus",
        htcds="from age",
        ictip="victim: child or adult",
    )
    majority_status_at_exploit: Series[str] = code(
        "majority",
        EXPECTED,
        SENSITIVE,
        YES,
        "Minor or adult when the exploitation began.",
        ctdc="majorityStatusAtExploit",
        ictip="victim: age at event",
    )
    majority_entry: Series[str] = code(
        "majority",
        EXPECTED,
        SENSITIVE,
        YES,
        "Minor or adult on entry into the process.",
        ctdc="majorityEntry",
        htcds="from vic_AgeWhenTrafficked",
        ictip="victim: age at event",
    )
    age_when_trafficked: Series[pd.Int16Dtype] = number(
        0,
        OLDEST,
        OPTIONAL,
        QI,
        NEVER,
        "Age when first trafficked.",
        htcds="vic_AgeWhenTrafficked",
        ictip="victim: age",
    )
    gender: Series[str] = code(
        "gender", EXPECTED, QI, YES, "Gender.", ctdc="gender", htcds="prs_Gender", ictip="victim: gender"
    )
    sex: Series[str] = code(
        "registered_sex",
        OPTIONAL,
        QI,
        NEVER,
        "Registered sex, for SDG and Eurostat tables.",
        ictip="victim: sex",
    )
    citizenship: Series[str] = code(
        "country",
        EXPECTED,
        QI,
        YES,
        "Citizenship; the first where there are several.",
        ctdc="citizenship",
        htcds="prs_Citizenship",
        ictip="victim: citizenship",
    )
    citizenship_subregion: Series[str] = code(
        "m49_subregion", DERIVED, QI, YES, "UN M49 sub-region of citizenship.", ictip="victim: citizenship"
    )
    citizenship_region: Series[str] = code(
        "m49_region",
        DERIVED,
        QI,
        YES,
        "UN M49 region of citizenship.",
        ctdc="UN_COO_Region",
        ictip="victim: citizenship",
    )
    citizenship_all: Series[str] = codes(
        "country",
        OPTIONAL,
        QI,
        NEVER,
        "All citizenships.",
        htcds="prs_Citizenship",
        ictip="victim: citizenship",
    )
    citizenship_is_proxy: Series[pd.BooleanDtype] = boolean(
        EXPECTED, PLAIN, YES, "Whether country of origin stands in for citizenship."
    )
    marital_status: Series[str] = code(
        "marital_status", OPTIONAL, QI, NEVER, "Marital status.", htcds="prs_MaritalStatus", ictip="victim"
    )
    number_of_children: Series[pd.Int8Dtype] = number(
        0, 20, OPTIONAL, QI, NEVER, "Number of children.", htcds="prs_NumberOfChildren", ictip="victim"
    )
    education_isced: Series[str] = code(
        "education_isced",
        OPTIONAL,
        QI,
        NEVER,
        "Highest level of education, ISCED 2011.",
        htcds="prs_HighestLevelOfEducation",
        ictip="victim",
    )
    migrant_type: Series[str] = code(
        "migrant_type", OPTIONAL, SENSITIVE, NEVER, "Kind of migrant.", ictip="victim: status"
    )
    intl_protection: Series[str] = code(
        "international_protection",
        OPTIONAL,
        SENSITIVE,
        NEVER,
        "International protection.",
        ictip="victim: status",
    )


class Place(pa.DataFrameModel):
    """Where the person was exploited, recruited and taken through."""

    country_of_exploitation: Series[str] = code(
        "country",
        EXPECTED,
        QI,
        YES,
        "Country of exploitation, often where the victim was identified: see coe_basis.",
        ctdc="CountryOfExploitation",
        htcds="vic_LocationOfExploitation",
        ictip="event: place",
    )
    coe_basis: Series[str] = code(
        "coe_basis", EXPECTED, PLAIN, YES, "What the country of exploitation rests on.", ictip="event: place"
    )
    coe_subregion: Series[str] = code(
        "m49_subregion", DERIVED, QI, YES, "UN M49 sub-region of exploitation.", ictip="event: place"
    )
    coe_region: Series[str] = code(
        "m49_region",
        DERIVED,
        QI,
        YES,
        "UN M49 region of exploitation.",
        ctdc="UN_COE_Region",
        ictip="event: place",
    )
    is_domestic: Series[pd.Int8Dtype] = flag(
        DERIVED,
        QI,
        NEVER,
        "Citizenship is the country of exploitation; never published, it would restore a suppressed country.",
        ictip="event: cross-border",
    )
    recruitment_country: Series[str] = code(
        "country",
        OPTIONAL,
        QI,
        NEVER,
        "Country of recruitment.",
        htcds="vic_LocationOfRecruitment",
        ictip="event: place",
    )
    transit_countries: Series[str] = codes(
        "country", OPTIONAL, QI, NEVER, "Countries of transit.", htcds="hte_Country", ictip="event: place"
    )
