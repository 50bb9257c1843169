"""Country table: the columns in which a release counts countries whose cases are no records."""

from schemas.detail import Detail

CASES, SOURCES, BY = "cases", "sources", "counted_by"
JOINT = ";"
FIXED = ("level", "region", "country", "dataset", BY, "window", "year")

MEANINGS = {
    "level": "step of the detail ladder: region, window or year",
    "region": "UN M49 region of the reporting country",
    "country": "reporting country; empty in the total of a region",
    "dataset": "title of the contributing dataset; empty in the total of a region",
    BY: "columns by which these cases are counted; the others are empty for all of them",
    "window": "years that are counted together, fixed and disjoint",
    "year": "year of registration; empty where the window is counted as a whole",
    CASES: "number of cases, never fewer than k",
    SOURCES: "number of datasets that are counted in the row",
}


def list_columns(detail: Detail) -> tuple[str, ...]:
    """The columns of the table under a policy, in order."""
    return (*FIXED, *detail.columns, CASES, SOURCES)
