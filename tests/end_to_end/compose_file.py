"""docker-compose.yml as data: what every service is given, with the variables of the file filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from pipeline.settings import CHECKOUT

VARIABLE = re.compile(r"\$\{(\w+):-([^}]*)\}")


@dataclass(frozen=True)
class Service:
    """One service: its name and all of its keys."""

    name: str
    keys: Mapping[str, Any]

    @property
    def environment(self) -> dict[str, str]:
        """The variables it starts with."""
        return {name: str(value) for name, value in self.keys.get("environment", {}).items()}

    @property
    def command(self) -> list[str]:
        """What it runs; none where the image decides."""
        return list(self.keys.get("command", []))

    @property
    def health_check(self) -> list[str]:
        """The command that says whether it is well."""
        kind, *command = self.keys["healthcheck"]["test"]
        return command if kind == "CMD" else ["sh", "-c", *command]


@cache
def read_compose(**variables: str) -> dict[str, Any]:
    """The whole file, `${NAME:-default}` filled in from `variables`."""

    def fill(match: re.Match[str]) -> str:
        return variables.get(match[1], match[2])

    text = (CHECKOUT / "docker-compose.yml").read_text("utf-8")
    return dict(yaml.safe_load(VARIABLE.sub(fill, text)))


def services(**variables: str) -> dict[str, Service]:
    """Every service by its name, those of a profile too."""
    return {name: Service(name, keys) for name, keys in read_compose(**variables)["services"].items()}
