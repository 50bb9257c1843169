"""All cross-field rules of the case, in the order in which the field reference lists them."""

from schemas.case_core import LATEST_YEAR
from schemas.rule import Rule, RuleElsewhere
from schemas.rules_derivation import derivation_rules
from schemas.rules_hygiene import HYGIENE_ELSEWHERE, HYGIENE_RULES
from schemas.rules_palermo import PALERMO_ELSEWHERE, PALERMO_RULES
from schemas.rules_purpose import PURPOSE_RULES
from schemas.rules_time import time_rules

FAMILIES = "HTPLD"


def build_rules(current_year: int) -> tuple[Rule, ...]:
    """The rules as they stand in a given year, which rule T1 needs to know."""
    rules = (
        *HYGIENE_RULES,
        *time_rules(current_year),
        *PURPOSE_RULES,
        *PALERMO_RULES,
        *derivation_rules(),
    )
    return tuple(sorted(rules, key=_order))


def _order(rule: Rule | RuleElsewhere) -> tuple[int, str]:
    return FAMILIES.index(rule.id[0]), rule.id


# For those who only read about rules: ids, severities, titles, fields.
RULES: tuple[Rule, ...] = build_rules(LATEST_YEAR)
RULES_ELSEWHERE: tuple[RuleElsewhere, ...] = HYGIENE_ELSEWHERE + PALERMO_ELSEWHERE
