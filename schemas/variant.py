"""Variant: the forms that an agency can be handed."""

from enum import StrEnum


class Variant(StrEnum):
    """How much a form asks."""

    MINIMUM = "minimum"
    FULL = "full"
