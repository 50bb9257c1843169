"""The house itself: charters, sizes, and what may not stand in any file."""

import ast
import re
from pathlib import Path

import pytest

from pipeline.settings import CHECKOUT

PACKAGES = tuple(sorted(path.parent.name for path in CHECKOUT.glob("*/__init__.py")))
MODULES = sorted(path for package in PACKAGES for path in (CHECKOUT / package).rglob("*.py"))
PURE = ("transforms", "anonymize")
SIDE_EFFECTS = {"os", "pathlib", "socket", "subprocess", "logging", "time", "requests", "sqlalchemy"}
CLOCKS = {"now", "today", "utcnow"}
# Great Expectations reads whether it may phone home from the environment when it is imported.
ALLOWED = {"transforms/expectation.py": {"os"}}
LONGEST_FILE = 400


def name(path: Path) -> str:
    return str(path.relative_to(CHECKOUT))


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_says_what_belongs_in_it(path):
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert len(path.read_text("utf-8").splitlines()) <= LONGEST_FILE


@pytest.mark.parametrize("path", [p for p in MODULES if p.name == "__init__.py"], ids=name)
def test_a_package_exports_nothing_again(path):
    [only] = ast.parse(path.read_text("utf-8")).body
    assert isinstance(only, ast.Expr)


@pytest.mark.parametrize("path", [p for p in MODULES if p.parts[-2] in PURE], ids=name)
def test_a_pure_room_has_no_clock_file_or_network(path):
    tree = ast.parse(path.read_text("utf-8"))
    imported = {
        alias.name.partition(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for alias in n.names
    }
    imported |= {(n.module or "").partition(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    calls = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    attributes = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    assert not imported & SIDE_EFFECTS - ALLOWED.get(name(path), set())
    assert not attributes & CLOCKS
    assert not calls & {"open", "print", "input"}


def test_no_lock_names_an_index():
    for lock in CHECKOUT.glob("requirements*.lock"):
        assert not re.search(r"https?://|--index-url|--find-links", lock.read_text())
    assert not (CHECKOUT / "uv.lock").exists()
