"""The version of the code: the package version, and the commit where the code runs from a checkout."""

import subprocess
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

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


@cache
def hash_packages(*names: str) -> str:
    """SHA-256 of all that stands in packages of ours: other code may write other pages of the same report."""
    digest = sha256()
    for name in names:
        folder = Path(str(files(name)))
        for path in sorted(folder.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()
