"""Draws that come out the same for the same seed."""

import random
from collections.abc import Iterable, Mapping
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A source of draws with a name, so that one family of files does not disturb another."""

    def __init__(self, seed: int, name: str) -> None:
        """Start from a seed and the name of what is drawn."""
        self._random = random.Random(f"{seed}/{name}")  # noqa: S311 - invents people, protects nothing

    def pick(self, weights: Mapping[T, float]) -> T:
        """One of the keys, as often as its weight says."""
        return self._random.choices(list(weights), list(weights.values()))[0]

    def happens(self, share: float) -> bool:
        """Whether something of this share happens."""
        return self._random.random() < share

    def whole(self, lowest: int, highest: int) -> int:
        """A whole number between two bounds, both included."""
        return self._random.randint(lowest, highest)

    def shuffled(self, values: Iterable[T]) -> list[T]:
        """The values in another order."""
        mixed = list(values)
        self._random.shuffle(mixed)
        return mixed
