"""Measure each room on invented cases, beside a peer where there is one.

Usage: python benchmarks/rooms.py [ROWS]. CPU seconds of this process; peak memory in MiB at the end
of each room. The peers: pycanon counts the smallest class of the same extract; record suppression,
CTDC's method of 2017-2021, drops every class below k of the same class table.
"""

import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from pycanon import anonymity

from anonymize.disclosure import assess_disclosure
from anonymize.recoding import anonymize_cases
from anonymize.risk import check_class_size
from anonymize.suppression import suppress_rare_values
from pipeline.settings import CHECKOUT
from samples import invented
from samples.chance import Chance
from schemas.description import parse_policy, parse_source
from schemas.extract import COUNT, K_ANONYMITY, Extract, FooterFact
from storage.extract import read_extract, write_extract
from storage.relation import apply_recoding, count_classes
from storage.store import Store
from transforms.mapping import map_cases
from transforms.reading import read_tables
from transforms.validation import validate_cases

SOURCE = "zzz_palermo_invented_cases"
YEAR = 2019


def measure(name: str, run: Callable[[], Any]) -> Any:
    """Run, print what it took, and give back the result and the seconds."""
    started = time.process_time()
    result = run()
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:<42}{seconds:>9.2f} s{peak:>9.0f} MiB")
    return result, seconds


def main(rows: int) -> None:
    """Take invented cases through the rooms."""
    source = parse_source(SOURCE, (CHECKOUT / "sources" / SOURCE / "source.yml").read_text("utf-8"))
    policy = parse_policy((CHECKOUT / "anonymize" / "policies" / "public.yml").read_text("utf-8"))
    [content] = invented.make_year(Chance(YEAR, SOURCE), YEAR, rows).values()
    print(f"{rows:,} rows, {len(content) / 2**20:.0f} MiB of JSON lines")
    tables, _ = measure("read", lambda: read_tables(source, {source.cases: content}))
    mapped, _ = measure(
        "map", lambda: map_cases(tables, source, period=str(YEAR), key=b"k" * 32, source_version="0" * 64)
    )
    validated, _ = measure("validate", lambda: validate_cases(mapped, current_year=YEAR))
    with TemporaryDirectory() as folder:
        store = Store(Path(folder))
        sha, _ = measure("store", lambda: store.put_cases(validated.cases, validated.reasons))
        paths = [store.cases_file(sha)]
        classes, _ = measure("count classes", lambda: count_classes(paths, policy.quasi_identifier_columns))
        (recoding, account), _ = measure("anonymize", lambda: anonymize_cases(classes, policy))
        frame, _ = measure("apply", lambda: apply_recoding(paths, recoding, policy.sensitive.columns))
    frame, _ = measure("suppress", lambda: suppress_rare_values(frame, policy)[0])
    facts = {
        FooterFact.PROTECTION: K_ANONYMITY,
        FooterFact.K: str(policy.k),
        FooterFact.POLICY_SHA256: policy.sha256,
    }
    extract = read_extract(write_extract(frame, policy.published_columns, facts))
    verdict, _ = measure("assess, all questions", lambda: assess_disclosure(extract, policy, ()))
    compare_counting(extract, policy)
    compare_suppression(classes.frame[COUNT], policy.k, account)
    print(f"verdict: {verdict.outcome.name.lower()}")


def compare_counting(extract: Extract, policy: Any) -> None:
    """The smallest class: our judge's one question against pycanon, which needs nulls as words."""
    _, ours = measure("smallest class, ours", lambda: check_class_size(extract, policy))
    columns = list(policy.quasi_identifier_columns)
    words = extract.frame[columns].astype(object).fillna("<null>").astype(str)
    _, peer = measure("smallest class, pycanon", lambda: anonymity.k_anonymity(words, columns))
    print(f"ratio pycanon / ours: {peer / ours:.1f}")


def compare_suppression(counts: Any, k: int, account: Any) -> None:
    """Cases kept: ours against leaving out every class below k."""
    kept = int(counts[counts >= k].sum())
    print(f"cases kept, record suppression: {kept:,} of {account.cases:,} ({kept / account.cases:.1%})")
    share = account.published / account.cases
    detail = sum(account.information_kept.values()) / len(account.information_kept)
    print(f"cases kept, ours: {account.published:,} ({share:.1%}), information kept {detail:.1%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
