"""The perpetrator: child table of the case, none to many rows a case; published rolled up only."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from schemas.field import FieldClass, Publication, Requirement, code, flag, number, text

MANDATORY, EXPECTED, OPTIONAL = Requirement.MANDATORY, Requirement.EXPECTED, Requirement.OPTIONAL
QI, SENSITIVE, OPERATIONAL = FieldClass.QUASI_IDENTIFIER, FieldClass.SENSITIVE, FieldClass.OPERATIONAL
NEVER = Publication.NEVER
Flag = Series[pd.Int8Dtype]


class Perpetrator(pa.DataFrameModel):
    """One person who took part in the exploitation of one case."""

    source_record_key: Series[str] = text(MANDATORY, OPERATIONAL, NEVER, "Key of the case.")
    perp_seq: Series[pd.Int16Dtype] = number(1, 999, MANDATORY, OPERATIONAL, NEVER, "Number within the case.")
    perp_gender: Series[str] = code("gender", EXPECTED, QI, NEVER, "Gender.", ctdc="IP_Gender")
    perp_age: Series[str] = code("perpetrator_age", EXPECTED, QI, NEVER, "Age band.", ctdc="IP_ageBroad")
    perp_citizenship_region: Series[str] = code(
        "m49_region", EXPECTED, QI, NEVER, "UN M49 region of citizenship.", ctdc="IP_citizen_UNRegion"
    )
    perp_relation: Series[str] = code(
        "perpetrator_relation", EXPECTED, SENSITIVE, NEVER, "Relation to the victim.", ctdc="IP_Relation"
    )
    role_exploiter: Flag = flag(EXPECTED, SENSITIVE, NEVER, "Exploited the victim.", ctdc="IP_Exploiter")
    role_recruiter_broker: Flag = flag(
        EXPECTED, SENSITIVE, NEVER, "Recruited or brokered.", ctdc="IP_RecruiterBroker"
    )
    role_transaction_process: Flag = flag(
        EXPECTED,
        SENSITIVE,
        NEVER,
        "Transported, transferred, harboured, sold, bought or received.",
        ctdc="IP_TransactionProcess",
    )
    role_control_abuse_kidnap: Flag = flag(
        EXPECTED, SENSITIVE, NEVER, "Controlled, abused or kidnapped.", ctdc="IP_ControlAbuseKidnap"
    )
    victim_paid: Flag = flag(EXPECTED, SENSITIVE, NEVER, "The victim paid money.", ctdc="IP_PayMoney")
    legal_status: Series[str] = code(
        "perpetrator_legal_status", OPTIONAL, QI, NEVER, "Suspected, prosecuted, convicted or acquitted."
    )
