"""The policy that ships: what it publishes, and that it says why it publishes nothing else."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

import anonymize
from schemas.case import publishable_fields, quasi_identifiers
from schemas.policy import Policy

TEXT = (Path(anonymize.__file__).parent / "policies" / "public.yml").read_text(encoding="utf-8")
POLICY = Policy.model_validate(yaml.safe_load(TEXT))
COMMENTS = "\n".join(line for line in TEXT.splitlines() if line.lstrip().startswith("#"))


def test_thresholds_are_the_ones_a_data_protection_officer_expects() -> None:
    assert (POLICY.k, POLICY.sensitive.minimum_count, POLICY.approvals) == (11, 11, 2)
    assert POLICY.suppression_limit == 0.05


def test_every_case_can_be_made_coarse_enough() -> None:
    assert all(qi.levels == range(len(qi.ladder) + 1) for qi in POLICY.quasi_identifiers.values())


@pytest.mark.parametrize("name", [n for n in publishable_fields() if n not in POLICY.published_columns])
def test_field_that_could_be_published_is_named_with_the_reason_why_not(name: str) -> None:
    patterns = [re.sub(r"\*", ".*", word) for word in re.findall(r"[a-z_]+\*?", COMMENTS) if "_" in word]
    assert any(re.fullmatch(pattern, name) for pattern in patterns)


def test_no_quasi_identifier_is_published_without_counting_towards_k() -> None:
    published = set(POLICY.published_columns) & set(quasi_identifiers())
    assert published == set(POLICY.quasi_identifier_columns)


def test_a_policy_that_a_release_states_keeps_its_hash_where_policies_have_more_fields_by_now() -> None:
    """As the first version wrote it: without `m`, `detail` and the weights of answers."""
    stated = POLICY.model_dump(mode="json", exclude={"m": True, "detail": True, "sensitive": {"weights"}})
    written = json.dumps(stated, separators=(",", ":"), ensure_ascii=False)
    read = Policy.of_release(json.loads(written))
    assert (read.m, read.detail) == (1, None)
    assert read.sha256 == sha256(written.encode()).hexdigest()


def test_a_policy_that_this_version_states_has_the_hash_it_was_approved_under() -> None:
    stated = json.loads(json.dumps(POLICY.model_dump(mode="json"), indent=2))
    assert Policy.of_release(stated).sha256 == POLICY.sha256
    assert POLICY.sha256 == sha256(POLICY.model_dump_json().encode()).hexdigest()
