"""How the tests of rules ask one rule about one case."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from schemas.case import REASON_SUFFIX
from schemas.rule import Rule
from schemas.rules import build_rules

CURRENT_YEAR = 2026


@pytest.fixture(scope="session")
def rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in build_rules(CURRENT_YEAR)}


@pytest.fixture
def holds(make_cases: Callable[..., pd.DataFrame], rules: dict[str, Rule]) -> Callable[..., list[bool]]:
    """Asks a rule, through its pandera check, about cases; reasons for missing values stand beside them."""

    def ask(rule_id: str, *rows: dict[str, Any]) -> list[bool]:
        rule = rules[rule_id]
        frame = make_cases([{k: v for k, v in row.items() if not k.endswith(REASON_SUFFIX)} for row in rows])
        reasons = {
            name: pd.Series([row.get(name) for row in rows], index=frame.index, dtype="str")
            for name in rule.fields
            if name.endswith(REASON_SUFFIX)
        }
        frame = pd.concat([frame, pd.DataFrame(reasons, index=frame.index)], axis=1)
        return list(rule.check(frame[list(rule.fields)]).check_output)

    return ask
