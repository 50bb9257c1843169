"""The version of the code: the package version, and the commit where the code runs from a checkout."""

import subprocess
from functools import cache
from importlib.metadata import version

from pipeline.settings import CHECKOUT


@cache
def find_code_version() -> str:
    """`0.1.0+<commit>` in a checkout, `0.1.0` elsewhere."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"],  # noqa: S607
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    name = version("palermo")
    return f"{name}+{commit.stdout.strip()}" if commit.returncode == 0 else name
