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
from suggestion_judge import UNUSED, FindTruth, Truth, find_in, judge_delivery, suggest_delivery

from pipeline.settings import CHECKOUT
from samples.layout import write_delimited
from samples.submission import SUBMISSIONS, make_example
from schemas.description import parse_source
from schemas.source import Source

HERE = Path(__file__).parent
TEMPLATES = "int_iom_htcds_2_0"
COST = 5
REAL = {
    "arg_rescate_linea145": ("argentina_linea145/*.csv", "ARG"),
    "int_ctdc_global_dataset_2020": ("ctdc/global_dataset_2020_kanon_10_columns.csv", "CHE"),
    "int_ctdc_global_dataset_2020_full": ("ctdc/global_dataset_2020_kanon_excerpt_64_columns.csv", "CHE"),
    TEMPLATES: ("htcds/*v2.0.xls[xm]", "CHE"),
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


def measure(files: Mapping[str, bytes], country: str, find_truth: FindTruth) -> Counter[str]:
    """Count the columns of the files of one delivery, and say which are wrong."""
    verdicts = judge_delivery(suggest_delivery(files, country), find_truth)
    for column, (verdict, one) in verdicts.items():
        if verdict == "wrong":
            print(f"    wrong: {column} -> {one.placement.place.value} {one.placement.target}")
    return Counter(verdict for verdict, _ in verdicts.values())


def list_real(folder: Path) -> Iterator[tuple[str, Counter[str]]]:
    """The real files of every described source; those of one delivery together."""
    for source_id, (pattern, country) in REAL.items():
        paths = sorted(folder.glob(pattern))
        source = _load(CHECKOUT / "sources" / source_id)
        for delivery in (
            [paths] if len(source.tables) > 1 and source_id != TEMPLATES else [[p] for p in paths]
        ):
            files = {path.name: path.read_bytes() for path in delivery}
            yield " + ".join(files), measure(files, country, find_in(source))


def list_others(folder: Path) -> Iterator[tuple[str, Counter[str]]]:
    """Real files of other things than victims, with a truth by hand; most of their columns fill nothing."""
    by_hand = yaml.safe_load((HERE / "suggestion_truth.yml").read_text("utf-8"))
    for pattern in BY_HAND:
        for path in sorted(folder.glob(pattern)):
            truth = by_hand[path.name]
            yield path.name, measure({path.name: path.read_bytes()}, "ZZZ", lambda names, t=truth: _Others(t))


def list_samples() -> Iterator[tuple[str, Counter[str]]]:
    """The invented example of every source."""
    for source_id in SUBMISSIONS:
        source, (_, files) = _load(CHECKOUT / "sources" / source_id), make_example(source_id)
        yield " + ".join(files), measure(files, source.publisher.country, find_in(source))


def list_countries() -> Iterator[tuple[str, Counter[str]]]:
    """The invented files of further countries, of every format."""
    for path in sorted((CHECKOUT / "tests" / "countries").glob("*/source.yml")):
        source = _load(path.parent)
        examples = [p for p in (path.parent / "examples").iterdir() if not p.name.startswith("expected")]
        files = {example.name: example.read_bytes() for example in examples}
        yield (
            " + ".join([source.publisher.country, *files]),
            measure(files, source.publisher.country, find_in(source)),
        )


def list_generated(forms_file: str) -> Iterator[tuple[str, Counter[str]]]:
    """Invented forms of several languages: as written, in capitals, as machine names, and misspelt."""
    forms = yaml.safe_load((HERE / forms_file).read_text("utf-8"))
    for style in (_keep, str.upper, _as_machine_name, _misspell):
        total: Counter[str] = Counter()
        for language, columns in forms.items():
            content, truth = _fill(language, columns, style)
            total += measure({"form.csv": content}, COUNTRIES[language], lambda names, t=truth: t)
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


def _load(folder: Path) -> Source:
    return parse_source(folder.name, (folder / "source.yml").read_text("utf-8"))


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
    total += show("twelve countries, tuned on", list_countries())
    total += show("generated, tuned on", list_generated("suggestion_forms.yml"))
    total += show("generated, held out", list_generated("suggestion_held_out.yml"))
    total += show("generated, held out further", list_generated("suggestion_held_out_further.yml"))
    if folder.is_dir():
        total += show("real files of cases", list_real(folder))
        show("real files of other things", list_others(folder))
    _print_line("ALL", total)


if __name__ == "__main__":
    sys.stdout = io.TextIOWrapper(sys.stdout.buffer, "utf-8", line_buffering=True)
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CHECKOUT.parent / "shared" / "data")
