"""Purpose of exploitation and the sectors in which it took place."""

from typing import Any

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.field import FieldClass, Publication, Requirement, codes, flag

EXPECTED, OPTIONAL, DERIVED = Requirement.EXPECTED, Requirement.OPTIONAL, Requirement.DERIVED
SENSITIVE = FieldClass.SENSITIVE
YES, NEVER = Publication.YES, Publication.NEVER
Flag = Series[pd.Int8Dtype]


def _purpose(description: str, ctdc: str | None, htcds: str | None, iccs: str) -> Any:
    return flag(
        EXPECTED,
        SENSITIVE,
        YES,
        description,
        ctdc=ctdc,
        htcds=htcds and f"TypeOfExploitation={htcds}",
        ictip="event: purpose",
        note=f"ICCS {iccs}",
    )


def _form(description: str, htcds: str | None, iccs: str) -> Any:
    return flag(
        OPTIONAL,
        SENSITIVE,
        NEVER,
        description,
        htcds=htcds and f"TypeOfExploitation={htcds}",
        ictip="event: purpose",
        note=f"ICCS {iccs}",
    )


def _labour(description: str, ctdc: str, isic: str | None) -> Any:
    return flag(
        EXPECTED,
        SENSITIVE,
        YES,
        description,
        ctdc=f"typeOfLabour{ctdc}",
        ictip="event: sector",
        note=isic and f"ISIC Rev. 4: {isic}",
    )


def _sex(description: str, name: str) -> Any:
    return flag(
        EXPECTED,
        SENSITIVE,
        YES,
        description,
        ctdc=f"typeOfSex{name}",
        htcds=f"TypeOfSexExploitation={name}",
        ictip="event: sector",
    )


class Purpose(pa.DataFrameModel):
    """Palermo Protocol, Article 3 (a): the purpose; `note` gives the ICCS category."""

    is_forced_labour: Flag = _purpose(
        "Forced labour or services, sexual services excluded.", "isForcedLabour", "ForcedLabour", "02042"
    )
    is_sexual_exploit: Flag = _purpose(
        "Sexual exploitation.", "isSexualExploit", "SexualExploitation", "02041"
    )
    is_organ_removal: Flag = _purpose("Removal of organs.", "isOrganRemoval", "OrganRemoval", "02043")
    is_forced_marriage: Flag = _purpose("Forced marriage.", "isForcedMarriage", "ForcedMarriage", "02044")
    is_forced_military: Flag = _purpose(
        "Forced military service by non-state actors.",
        "isForcedMilitary",
        "ForcedMilitaryByNonStateActors",
        "02044",
    )
    is_slavery_and_practices: Flag = _purpose(
        "Slavery or similar practices.", "isSlaveryAndPractices", None, "02044"
    )
    is_other_exploit: Flag = flag(
        DERIVED,
        SENSITIVE,
        YES,
        "Another purpose: OR of marriage, military, organ removal and slavery, or stated by the source.",
        ctdc="isOtherExploit",
        htcds="TypeOfExploitation=Other",
        ictip="event: purpose",
    )
    is_servitude: Flag = _form("Servitude.", "Servitude", "02044")
    is_forced_begging: Flag = _form("Forced begging.", "ForcedBegging", "02042")
    is_child_labour: Flag = _form("Child labour.", "ChildLabour", "02042")
    is_forced_adoption: Flag = _form("Forced adoption.", "ForcedAdoption", "02044")
    is_surrogacy: Flag = _form("Surrogacy.", "Surrogacy", "02044")
    is_forced_criminality: Flag = _form("Forced criminality.", None, "02044")
    isic_section: Series[str] = codes(
        "isic_section",
        OPTIONAL,
        SENSITIVE,
        NEVER,
        "ISIC sections of forced labour.",
        htcds="vic_ForcedLabourIndustry",
        ictip="event: sector",
    )


class Labour(pa.DataFrameModel):
    """Sectors of forced labour."""

    labour_agriculture: Flag = _labour(
        "Agriculture, farms, animal husbandry.", "Agriculture", "A, division 01"
    )
    labour_aquafarming: Flag = _labour("Aquafarming and fishing.", "Aquafarming", "A, division 03")
    labour_begging: Flag = _labour("Begging: soliciting donations without goods.", "Begging", None)
    labour_construction: Flag = _labour("Construction.", "Construction", "F")
    labour_domestic_work: Flag = _labour("Domestic work.", "DomesticWork", "T")
    labour_hospitality: Flag = _labour(
        "Hospitality, restaurants, hotels.", "Hospitality", "I, divisions 55 and 56"
    )
    labour_illicit_activities: Flag = _labour("Illicit activities.", "IllicitActivities", None)
    labour_manufacturing: Flag = _labour("Manufacturing.", "Manufacturing", "C")
    labour_mining_or_drilling: Flag = _labour("Mining, quarrying, oil and gas.", "MiningOrDrilling", "B")
    labour_peddling: Flag = _labour("Peddling, informal street commerce.", "Peddling", "G")
    labour_transportation: Flag = _labour("Transportation.", "Transportation", "H")
    labour_other: Flag = _labour("Another sector.", "Other", None)
    labour_not_specified: Flag = _labour("Sector not specified.", "NotSpecified", None)


class Sex(pa.DataFrameModel):
    """Kinds of sexual exploitation."""

    sex_prostitution: Flag = _sex("Prostitution.", "Prostitution")
    sex_pornography: Flag = _sex("Pornography.", "Pornography")
    sex_remote_interactive: Flag = _sex("Remote interactive services.", "RemoteInteractiveServices")
    sex_private_services: Flag = _sex("Private sexual services.", "PrivateSexualServices")


class Palermo(pa.DataFrameModel):
    """Completeness against Article 3; published as a rate only (rule L1)."""

    palermo_act: Flag = flag(
        DERIVED, SENSITIVE, NEVER, "Any act, abduction or recruiter is recorded.", ictip="event: act"
    )
    palermo_means: Flag = flag(
        DERIVED, SENSITIVE, NEVER, "Any means or abduction is recorded.", ictip="event: means"
    )
    palermo_purpose: Flag = flag(
        DERIVED, SENSITIVE, NEVER, "Any purpose is recorded.", ictip="event: purpose"
    )
