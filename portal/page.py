"""Pages: the one template environment, and how figures are written for people.

A page is one file: its style is inside, it has no script, and it loads nothing from anywhere.
"""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from schemas.text import Language, name_field, text, write_figure, write_percent

TEMPLATES = Path(__file__).with_name("templates")
KILO = 1000
UNITS = ("bytes", "kB", "MB", "GB", "TB")


def render_template(name: str, **values: object) -> str:
    """One page from its template; whatever is put in is escaped."""
    return _environment().get_template(name).render(**values)


def speak(language: Language) -> dict[str, object]:
    """What a template needs to speak a language: its tag and direction, texts by id, and figures."""
    return {
        "language": language.value,
        "direction": language.direction,
        "t": lambda id_, **values: text(id_, language, **values),
        "number": lambda figure: write_figure(figure, language),
        "field": lambda name: name_field(name, language),
        "percent": lambda share: write_percent(share, language),
    }


def write_number(value: float) -> str:
    """A count or figure: 48,801; 17.4; nothing after the point where it says nothing."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def write_share(share: float) -> str:
    """A share in percent with one decimal: 2.8 %; what is not quite nothing or all is never written so."""
    if 0 < share < 0.0005:
        return "< 0.1 %"
    if 0.9995 <= share < 1:
        return "> 99.9 %"
    return f"{write_number(round(100 * share, 1))} %"


def write_count(count: int, one: str, many: str | None = None) -> str:
    """A count with its word: 1 row, 2 rows."""
    return f"{write_number(count)} {one if count == 1 else many or one + 's'}"


def write_size(size: float) -> str:
    """A file size: 412 bytes, 1.3 MB."""
    unit = 0
    while size >= KILO and unit < len(UNITS) - 1:
        size, unit = size / KILO, unit + 1
    return f"{write_number(round(size, 1))} {UNITS[unit]}"


def write_time(at: str) -> str:
    """A UTC time in ISO 8601 as day and minute."""
    return f"{at[:10]} {at[11:16]} UTC" if len(at) > len("2026-11-24") else at


@cache
def _environment() -> Environment:
    """Made once: a template is compiled once, however many pages are written."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        number=write_number, share=write_share, count_of=write_count, size=write_size, time=write_time
    )
    return environment
