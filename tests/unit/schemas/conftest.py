"""How the tests of rules ask one rule about one case."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from schemas.case import REASON_SUFFIX
from schemas.rule import Rule
from schemas.rules import build_rules
from schemas.rules_hygiene import REASONED

CURRENT_YEAR = 2026


@pytest.fixture(scope="session")
def rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in build_rules(CURRENT_YEAR)}


@pytest.fixture
def holds(make_cases: Callable[..., pd.DataFrame], rules: dict[str, Rule]) -> Callable[..., list[bool]]:
    """Asks a rule, through its pandera check, about cases; reasons for missing values stand beside them."""

    def ask(rule_id: str, *rows: dict[str, Any]) -> list[bool]:
        fields = [{k: v for k, v in row.items() if not k.endswith(REASON_SUFFIX)} for row in rows]
        reasons = {
            f"{name}{REASON_SUFFIX}": pd.array(
                [row.get(f"{name}{REASON_SUFFIX}") for row in rows], dtype="str"
            )
            for name in REASONED
        }
        cases = make_cases(fields)
        frame = pd.concat([cases, pd.DataFrame(reasons, index=cases.index)], axis=1)
        rule = rules[rule_id]
        return list(rule.check(frame[list(rule.fields)]).check_output)

    return ask
