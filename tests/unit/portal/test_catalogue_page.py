"""The public page: what a stranger needs to trust, open and cite a release, from the catalogue alone."""

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from portal.catalogue_page import render_catalogue_page

Read = Callable[[str], Any]


def make_release(version: str, **changes: Any) -> dict[str, Any]:
    return {
        "version": version,
        "published_at": "2026-11-24T10:00:00+00:00",
        "title": "Registered cases",
        "rows": 70_811,
        "k": 11,
        "classes": 683,
        "smallest_class": 12,
        "protection": "Protected by k-anonymity with k = 11.",
        "limits": ["A row is a case, not a person."],
        "contributors": [{"country": "SRB", "publisher": "Centre", "title": "Identified victims"}],
        "late": None,
        "citation": f"Registered cases. Palermo, version {version}.",
        "manifest": {"path": f"releases/{version}/manifest.json", "sha256": "a" * 64},
        "files": [
            {
                "name": "extract.parquet",
                "path": f"releases/{version}/extract.parquet",
                "sha256": "b" * 64,
                "bytes": 812_345,
                "rows": 70_811,
            },
            {
                "name": "codebook.md",
                "path": f"releases/{version}/codebook.md",
                "sha256": "c" * 64,
                "bytes": 412,
                "rows": None,
            },
        ],
        **changes,
    }


def make_catalogue(*releases: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": "Releases",
        "latest": releases[0]["version"] if releases else None,
        "releases": list(releases),
    }


def test_a_release_says_all_that_is_needed(read_page: Read) -> None:
    words = read_page(render_catalogue_page(make_catalogue(make_release("2026.11.1")))).words
    for part in (
        "Version 2026.11.1 latest",
        "70,811 rows",
        "12 rows in the smallest of 683 classes",
        "2026-11-24 published",
        "Protected by k-anonymity with k = 11.",
        "extract.parquet 70,811 812.3 kB " + "b" * 64,
        "codebook.md 412 bytes " + "c" * 64,
        "manifest.json " + "a" * 64,
        "A row is a case, not a person.",
        "Cite it Registered cases. Palermo, version 2026.11.1.",
        "Centre (SRB): Identified victims",
    ):
        assert part in words


def test_order_is_the_catalogues_and_one_is_the_latest(read_page: Read) -> None:
    catalogue = make_catalogue(make_release("2026.11.2"), make_release("2026.11.1"))
    page = read_page(render_catalogue_page(catalogue))
    assert re.findall(r"Version (\S+)( latest)?", page.words) == [("2026.11.2", " latest"), ("2026.11.1", "")]


def test_links_are_pinned_and_relative(read_page: Read) -> None:
    page = read_page(render_catalogue_page(make_catalogue(make_release("2026.11.1"))))
    assert page.attributes("href") == [
        "releases/2026.11.1/extract.parquet",
        "releases/2026.11.1/codebook.md",
        "releases/2026.11.1/manifest.json",
        "index.json",
    ]


def test_the_lines_that_open_it_work_when_pasted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "releases" / "2026.11.1").mkdir(parents=True)
    pd.DataFrame({"gender": ["Woman", None]}).to_parquet(tmp_path / "releases/2026.11.1/extract.parquet")
    monkeypatch.chdir(tmp_path)
    page = render_catalogue_page(make_catalogue(make_release("2026.11.1")))
    lines = [html.unescape(line) for line in re.findall(r"<pre><code>(.*?)</code></pre>", page)]
    assert len(lines) == 2
    names: dict[str, Any] = {}
    for line in lines:
        exec(line, names)
    assert len(names["cases"]) == 2


def test_nothing_published_yet(read_page: Read) -> None:
    assert "No release has been published so far." in read_page(render_catalogue_page(make_catalogue())).words


def test_whatever_is_put_in_is_escaped(read_page: Read) -> None:
    evil = "<b onclick=alert(1)>&\"'"
    release = make_release(
        "2026.11.1",
        title=evil,
        protection=evil,
        limits=[evil],
        citation=evil,
        contributors=[{"country": evil, "publisher": evil, "title": evil}],
        late=[{"country": evil, "publisher": evil, "title": evil, "years": []}],
    )
    page = read_page(render_catalogue_page(make_catalogue(release)))
    assert page.words.count(evil) == 10
    assert "<b onclick" not in page.html


def test_what_was_late_is_said_and_nothing_where_nothing_was(read_page: Read) -> None:
    late = [{"country": "SRB", "publisher": "Centre", "title": "Identified victims", "years": [2024, 2025]}]
    words = read_page(render_catalogue_page(make_catalogue(make_release("2026.11.1", late=late)))).words
    assert "Centre (SRB): Identified victims, 2024, 2025" in words
    for none in (None, []):
        page = render_catalogue_page(make_catalogue(make_release("2026.11.1", late=none)))
        assert "What is missing" not in read_page(page).words
