"""The catalogue page: what anyone reads about the published releases. Knows the catalogue only."""

from collections.abc import Mapping
from typing import Any

from portal.page import render_template
from publish.lateness import write_late


def render_catalogue_page(catalogue: Mapping[str, Any]) -> str:
    """The public page over all releases, in the order of the catalogue: newest first."""
    releases = [
        {**entry, "opening": _write_opening(entry), "late": [write_late(one) for one in entry["late"] or ()]}
        for entry in catalogue["releases"]
    ]
    return render_template("catalogue.html", latest=catalogue["latest"], releases=releases)


def _write_opening(entry: Mapping[str, Any]) -> list[str]:
    """One line each that works when it is pasted into Python beside this page."""
    paths = [file["path"] for file in entry["files"] if file["name"].endswith(".parquet")]
    return [
        line
        for path in paths
        for line in (
            f"import pandas; cases = pandas.read_parquet({path!r}, dtype_backend='numpy_nullable')",
            f'import duckdb; print(duckdb.sql("FROM {path!r} LIMIT 10"))',
        )
    ]
