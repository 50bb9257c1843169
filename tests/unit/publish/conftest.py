"""One invented release, small enough to count by hand."""

import pytest

from publish.manifest import Draft
from schemas.extract import Account
from schemas.policy import Policy
from schemas.release import PublishedFile
from schemas.source import Source
from schemas.verdict import Evidence, Outcome, Verdict


def make_source(source_id: str, publisher: str, country: str, title: str) -> Source:
    return Source(
        id=source_id,
        title=title,
        publisher={"name": publisher, "country": country},
        terms={"licence": "none", "agreement": "none"},
        schedule={"every": "year"},
        reader={"format": "delimited"},
        columns={},
    )


@pytest.fixture
def policy() -> Policy:
    return Policy(
        id="test",
        title="Test",
        k=11,
        m=2,
        suppression_limit=0.1,
        quasi_identifiers={
            "gender": {"ladder": ["gender"]},
            "citizenship": {"ladder": ["citizenship", "citizenship_subregion", "citizenship_region"]},
        },
        sensitive={"columns": ["is_forced_labour", "means_threats"], "minimum_count": 11},
        approvals=2,
    )


@pytest.fixture
def account() -> Account:
    return Account(
        cases=109,
        published=98,
        generalized=37,
        suppressed=11,
        classes=4,
        smallest_class=12,
        levels={"gender": {0: 98}, "citizenship": {0: 61, 1: 28, 3: 9}},
        information_kept={"gender": 1.0, "citizenship": 0.678},
        blanked={"is_forced_labour": 9, "means_threats": 20},
    )


@pytest.fixture
def sources() -> tuple[Source, ...]:
    return (
        make_source("mkd_office_victims", "Office", "MKD", "Victims"),
        make_source("alb_ministry_victims", "Ministry", "ALB", "Assisted | victims"),
    )


@pytest.fixture
def draft(policy: Policy, account: Account, sources: tuple[Source, ...]) -> Draft:
    return Draft(
        version="2026.11.1",
        title="Registered victims",
        policy=policy,
        account=account,
        sources=sources,
        pool="b" * 64,
        code_version="0.1.0",
    )


@pytest.fixture
def files() -> list[PublishedFile]:
    return [
        PublishedFile(name="extract.parquet", sha256="c" * 64, bytes=4000, rows=98),
        PublishedFile(name="codebook.md", sha256="d" * 64, bytes=900),
        PublishedFile(name="extract.csv", sha256="e" * 64, bytes=9000, rows=98),
    ]


@pytest.fixture
def verdict() -> Verdict:
    return Verdict((Evidence("k", Outcome.PASS, 12, 11, "smallest class"),))
