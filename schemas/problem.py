"""Problems of a description: where in the file, what is wrong, and what to write instead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""The keys from the top of a description down to a place; entries of a list by number, from 0."""

Lines = Mapping[Path, int]
"""Places of a description and the lines, from 1, on which they begin."""


@dataclass(frozen=True)
class Problem:
    """One mistake. `what` says what is wrong and what to do; `line` is given where the path tells none."""

    path: Path
    what: str
    line: int | None = None


class InvalidDescription(Exception):
    """A description has errors; `problems` has one line for each: line, key path, mistake, remedy."""

    def __init__(self, what: str, problems: Iterable[str]) -> None:
        """Keep what is wrong and the problems, and join them to one line."""
        self.what = what
        self.problems = tuple(problems)
        super().__init__(f"{what}: {'; '.join(self.problems)}")


def write_problems(problems: Iterable[Problem], lines: Lines) -> list[str]:
    """One line a problem, in the order of the file, each once."""
    placed = [(problem.line or find_line(problem.path, lines) or 0, problem) for problem in problems]
    ordered = sorted(placed, key=lambda pair: pair[0])
    return list(dict.fromkeys(_write(line, problem) for line, problem in ordered))


def find_line(path: Path, lines: Lines) -> int | None:
    """The line of a place, or of the nearest place above it that stands in the file."""
    above = (path[:length] for length in range(len(path), 0, -1))
    return next((lines[place] for place in above if place in lines), None)


def write_path(path: Path) -> str:
    """A place as messages name it: `columns.pol.lookup`, `ignored_rows[1].column` (the first is 1)."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        else:
            text += f".{part}" if text else part
    return text


def _write(line: int, problem: Problem) -> str:
    where = f"line {line}: " if line else ""
    path = write_path(problem.path)
    return f"{where}{path}: {problem.what}" if path else f"{where}{problem.what}"
