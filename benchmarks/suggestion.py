"""Measure `palermo suggest`: columns placed rightly, left open, and placed wrongly.

Usage: python benchmarks/suggestion.py [FOLDER_OF_REAL_FILES]. A column is right where it becomes what the
description of its source says (or the truth written by hand beside this file), wrong where it becomes
something else, and open where it is left to the officer. A wrong one costs five open ones.
"""

import io
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Any

import yaml

from pipeline.settings import CHECKOUT
from samples.layout import write_delimited
from samples.submission import SUBMISSIONS, make_example
from schemas.description import parse_source
from schemas.source import Source
from transforms.suggestion.placement import Place, PlacedColumn
from transforms.suggestion.table import suggest_table
from transforms.suggestion.vocabulary import list_flags

HERE = Path(__file__).parent
UNUSED, LABELS, HIDDEN = "unused", "labels", "hidden"
COST = 5
REAL = {
    "arg_rescate_linea145": ("argentina_linea145/*.csv", "ARG"),
    "int_ctdc_global_dataset_2020": ("ctdc/global_dataset_2020_kanon_10_columns.csv", "CHE"),
    "int_ctdc_global_dataset_2020_full": ("ctdc/global_dataset_2020_kanon_excerpt_64_columns.csv", "CHE"),
    "int_iom_htcds_2_0": ("htcds/*v2.0.xls[xm]", "CHE"),
}
BY_HAND = (
    "ctdc_victim_perpetrator/*.csv",
    "benchmark/*/adult.csv",
    "benchmark/*/mach2019_int.csv",
    "aggregates/*",
)
COUNTRIES = {
    "sr-Latn": "SRB", "sr-Cyrl": "SRB", "mk": "MKD", "sq": "ALB", "es": "MEX", "fr": "FRA", "pt": "PRT",
    "ar": "LBN", "ru": "KGZ", "uk": "UKR", "ro": "ROU", "tr": "TUR", "th": "THA", "en": "GBR",
}  # fmt: skip
ROWS, SEED = 40, 2026
Truth = dict[str, Any]


def describe_truth(source: Source) -> Truth:
    """Column, or table and column, to what the description makes of it; columns that tie tables count not."""
    truth: Truth = dict.fromkeys(source.concatenated, LABELS)
    truth |= dict.fromkeys([*source.ignored, *source.refused], UNUSED)
    for name, column in source.columns.items():
        targets = source.lookups.get(column.flags or "", {}).values()
        flags = {flag for target in targets for flag in (target if isinstance(target, tuple) else ())}
        truth[name] = "key" if column.key else column.field or frozenset(flags)
    return truth


def judge(one: PlacedColumn, true: Any) -> str:
    """Right, open or wrong."""
    placement = one.placement
    if placement.place is Place.UNDECIDED:
        return "open"
    if placement.place in (Place.IGNORED, Place.REFUSED):
        return "right" if true == UNUSED else "wrong"
    if placement.place is Place.CONCATENATED:
        return "right" if true == LABELS else "wrong"
    if placement.place is Place.KEY:
        return "right" if true == "key" else "wrong"
    if placement.place is Place.FLAGS:
        named = true if isinstance(true, frozenset) else frozenset()
        same = true == placement.target or bool(named & set(list_flags(placement.target)))
        return "right" if same else "wrong"
    same_field = {true, "citizenship" if true == "citizenship_all" else true}
    return "right" if placement.target in same_field else "wrong"


def measure(
    name: str, content: bytes, extension: str, country: str, truth: Mapping[str, Any]
) -> Counter[str]:
    """Count the columns of one file, and say which are wrong."""
    table = suggest_table(content, extension, languages=(), country=country, encoding=None)
    counts: Counter[str] = Counter()
    for one in table.columns:
        column = one.column.name or f"column {one.column.position}"
        if column not in truth and one.column.name:
            continue  # it ties two tables
        true = truth.get(column, HIDDEN)
        verdict = judge(one, true)
        counts[verdict] += 1
        if verdict == "wrong":
            print(f"    wrong in {name}: {column} -> {one.placement.place.value} {one.placement.target}")
    return counts


def list_real(folder: Path) -> Iterator[tuple[str, Counter[str]]]:
    """The real files of every described source."""
    for source_id, (pattern, country) in REAL.items():
        truth = describe_truth(_load(source_id))
        for path in sorted(folder.glob(pattern)):
            truth_here = _own_names(truth, path, _load(source_id))
            yield path.name, measure(path.name, path.read_bytes(), path.suffix, country, truth_here)


def list_others(folder: Path) -> Iterator[tuple[str, Counter[str]]]:
    """Real files of other things than victims, with a truth by hand; most of their columns fill nothing."""
    by_hand = yaml.safe_load((HERE / "suggestion_truth.yml").read_text("utf-8"))
    for pattern in BY_HAND:
        for path in sorted(folder.glob(pattern)):
            truth = _Others(by_hand[path.name])
            yield path.name, measure(path.name, path.read_bytes(), path.suffix, "ZZZ", truth)


def list_samples() -> Iterator[tuple[str, Counter[str]]]:
    """The invented example of every source."""
    for source_id in SUBMISSIONS:
        source, (_, files) = _load(source_id), make_example(source_id)
        for name, content in files.items():
            truth = _own_names(describe_truth(source), Path(name), source)
            yield name, measure(name, content, Path(name).suffix, source.publisher.country, truth)


def list_generated(forms_file: str) -> Iterator[tuple[str, Counter[str]]]:
    """Invented forms of several languages: as written, in capitals, as machine names, and misspelt."""
    forms = yaml.safe_load((HERE / forms_file).read_text("utf-8"))
    for style in (_keep, str.upper, _as_machine_name, _misspell):
        total: Counter[str] = Counter()
        for language, columns in forms.items():
            content, truth = _fill(language, columns, style)
            total += measure(f"{language} {style.__name__}", content, ".csv", COUNTRIES[language], truth)
        yield f"generated, {style.__name__.strip('_').replace('_', ' ')}", total


def _fill(language: str, columns: list[list[Any]], style: Any) -> tuple[bytes, Truth]:
    rng = Random(f"{SEED} {language}")
    names = [style(header) for header, _, _ in columns]
    rows = [
        {name: _cell(kind, rng, number) for name, (_, _, kind) in zip(names, columns, strict=True)}
        for number in range(1, ROWS + 1)
    ]
    truth = {name: target for name, (_, target, _) in zip(names, columns, strict=True)}
    return write_delimited(rows, encoding="utf-8-sig", delimiter=";"), truth


def _cell(kind: Any, rng: Random, number: int) -> Any:
    if isinstance(kind, list):
        return rng.choice(kind)
    day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(2018, 2024)
    return {
        "n": number,
        "code": f"K-{number * 7919 % 10000:04}",
        "date": f"{day:02}.{month:02}.{year}",
        "slashed": f"{day:02}/{month:02}/{year}",
        "thai": f"{day:02}/{month:02}/{year + 543}",
        "year": year,
        "age": rng.randint(9, 58),
        "name": f"Izmišljena {chr(65 + number % 26)}{chr(97 + number // 26)}",
        "blank": "",
    }[kind]


def _keep(header: str) -> str:
    return header


def _as_machine_name(header: str) -> str:
    """Small letters without accents, joined by underscores; letters of other scripts stay."""
    plain = "".join(
        s for s in unicodedata.normalize("NFKD", header) if unicodedata.combining(s) not in (220, 230)
    )
    return re.sub(r"[^\w\u0e00-\u0e7f]+", "_", unicodedata.normalize("NFC", plain).casefold()).strip("_")


def _misspell(header: str) -> str:
    """Two letters in the middle of the longest word change places, as in typing."""
    word = max(re.findall(r"[^\W\d_]+", header), key=len, default="")
    if len(word) < 6 or not word.isalpha():
        return header
    middle = len(word) // 2
    return header.replace(word, word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :], 1)


class _Others(dict[str, Any]):
    """Columns that the truth does not list fill nothing."""

    def __contains__(self, column: object) -> bool:
        return True

    def get(self, column: str, default: Any = None) -> Any:
        return self[column] if column in self.keys() else UNUSED


def _load(source_id: str) -> Source:
    return parse_source(source_id, (CHECKOUT / "sources" / source_id / "source.yml").read_text("utf-8"))


def _own_names(truth: Truth, path: Path, source: Source) -> Truth:
    """Of several tables the one of the file: a name in two of them means the column of this one."""
    if len(source.tables) == 1:
        names = {source.labels.get(wrong, wrong): value for wrong, value in truth.items()}
        aliases = {wrong: truth[right] for wrong, right in source.aliases.items() if right in truth}
        return truth | names | aliases
    table = next(name for name, layout in source.tables.items() if path.match(layout.file))
    if table == source.cases:
        return {name: value for name, value in truth.items() if "." not in name and name in _own(source)}
    prefix = f"{table}."
    return {name.removeprefix(prefix): value for name, value in truth.items() if name.startswith(prefix)}


def _own(source: Source) -> set[str]:
    return {*source.columns, *source.ignored, *source.refused, *source.concatenated}


def show(title: str, measured: Iterator[tuple[str, Counter[str]]]) -> Counter[str]:
    """Print a line a file, and their sum."""
    total: Counter[str] = Counter()
    for name, counts in measured:
        total += counts
        _print_line(name, counts)
    _print_line(f"ALL {title}", total)
    return total


def _print_line(name: str, counts: Counter[str]) -> None:
    columns = sum(counts.values())
    shares = (counts[verdict] / max(columns, 1) for verdict in ("right", "open", "wrong"))
    cost = (counts["open"] + COST * counts["wrong"]) / max(columns, 1)
    print(f"{name[:58]:<58}{columns:>5}" + "".join(f"{share:>8.1%}" for share in shares) + f"{cost:>7.2f}")


def main(folder: Path) -> None:
    """All measures, the real files where they are."""
    print(f"{'file':<58}{'cols':>5}{'right':>8}{'open':>8}{'wrong':>8}{'cost':>7}")
    total = show("examples", list_samples())
    total += show("generated, tuned on", list_generated("suggestion_forms.yml"))
    total += show("generated, held out", list_generated("suggestion_held_out.yml"))
    if folder.is_dir():
        total += show("real files of cases", list_real(folder))
        show("real files of other things", list_others(folder))
    _print_line("ALL", total)


if __name__ == "__main__":
    sys.stdout = io.TextIOWrapper(sys.stdout.buffer, "utf-8", line_buffering=True)
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CHECKOUT.parent / "shared" / "data")
