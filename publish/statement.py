"""Statements: the sentences on protection, limits and citation that every page and file repeats."""

from schemas.policy import Policy


def describe_protection(policy: Policy) -> str:
    """What the release protects against, in one sentence; terms of ISO/IEC 20889."""
    columns = ", ".join(policy.quasi_identifiers)
    return (
        f"Protected by k-anonymity with k = {policy.k}: every row shares its values of {columns}, and of "
        f"the coarser columns beside them, with at least {policy.k - 1} other rows, a null counting as a "
        f"value. {_describe_combinations(policy)}Method: local generalization first, then blanked answers, "
        "record suppression last. No row is synthesized: each stands for one record of a contributing "
        "dataset."
    )


def _describe_combinations(policy: Policy) -> str:
    if not policy.sensitive.columns:
        return ""
    return (
        f"And by k^m-anonymity with m = {policy.m}: any {policy.m} published values that occur together in a "
        f"row, answers about the exploitation included, occur together in at least {policy.k} rows; an "
        "answer that is null is no value. "
    )


def list_limits(policy: Policy) -> list[str]:
    """What the release does not protect against and does not say."""
    return [
        f"k = {policy.k} holds over the columns {', '.join(policy.quasi_identifier_columns)} and no others.",
        _limit_of_sensitive(policy),
        "A dataset that never asks a question has only nulls there. That can show which rows are its own; "
        "counted among those alone, a class may be smaller than k.",
        "Someone who finds the class of a person learns whatever all rows of that class have in common.",
        "A row is a case as one register has it, not a person: a person in two registers is two rows, "
        "unless both registers hold a code of the person that they share.",
        "Registers see the cases that reach them. Rows are no measure of how much trafficking there is.",
        "Countries and years differ by who contributed. A change between years need not be a change "
        "in the world.",
        "A null is a missing value or a protected one, never a no. No is written 0.",
        "Whether this counts as anonymous in law is not settled by k alone. Do not try to recognize "
        "anyone, and tell the publisher if it happens to you.",
    ]


def cite_release(title: str, version: str, sha256: str) -> str:
    """How to cite a release so that a reader can tell which one it was."""
    year = version.partition(".")[0]
    return f"{title}. Palermo, version {version}, {year}. SHA-256 of its manifest: {sha256}."


def _limit_of_sensitive(policy: Policy) -> str:
    if not policy.sensitive.columns:
        return "Nothing is published beside those columns."
    return (
        f"The other {len(policy.sensitive.columns)} columns are protected against someone who knows up to "
        f"m = {policy.m} published values of a person, whichever they are. Who knows more than {policy.m}, "
        f"or knows all columns that count towards k and an answer, may find fewer than {policy.k} rows."
    )
