"""One-hot columns: many columns that each say yes or nothing to one question, described in one statement."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from schemas.strict import FieldName, Strict, Word


def _check_target(value: Any) -> Any:
    """Refuse what is none of the three forms, before their union makes three errors of one."""
    is_field = isinstance(value, str) and bool(value)
    is_list = isinstance(value, list | tuple) and value and all(isinstance(one, str) for one in value)
    is_code = isinstance(value, dict) and len(value) == 1 and all(isinstance(c, str) for c in value.values())
    if not (is_field or is_list or is_code):
        raise ValueError("give a field, a list of fields, or one field with its code such as {gender: Woman}")
    return tuple(value) if isinstance(value, list) else value


Target = Annotated[FieldName | tuple[FieldName, ...] | dict[FieldName, str], BeforeValidator(_check_target)]


class OneHot(Strict):
    """Columns of which each is yes, no or blank for one thing; a word that is neither holds the row.

    Where several columns stand for one field, one yes is enough, and a no needs a no in all of them.
    """

    columns: dict[str, Target] = Field(
        min_length=1,
        description="column to the yes/no field that a yes sets, to a list of them, or to a field and the"
        " code that a yes means, such as {gender: Woman}",
    )
    yes: tuple[Word, ...] = Field(min_length=1, description="words that mean yes, such as [x, da, 1]")
    no: tuple[Word, ...] = Field((), description="words that mean no")
    blank: Literal["no", "unknown"] = Field("unknown", description="what a blank cell means")

    @model_validator(mode="after")
    def _words_have_one_meaning(self) -> "OneHot":
        if both := {word.casefold() for word in self.yes} & {word.casefold() for word in self.no}:
            raise ValueError(f"{sorted(both)[0]} stands under yes and under no; choose one")
        return self

    @property
    def words(self) -> dict[str, bool]:
        """Every word, blank among them where it is a no, and whether it means yes."""
        blank = {"": False} if self.blank == "no" else {}
        return blank | dict.fromkeys(self.no, False) | dict.fromkeys(self.yes, True)

    def expand(self, lookup: str) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
        """Each column with its keys and its lookup, as if they were written one by one."""
        for name, target in self.columns.items():
            keys, yes, no = _mean(target)
            key = "flags" if "others" in keys else "lookup"
            words = {word: yes if is_yes else no for word, is_yes in self.words.items()}
            yield name, keys | {key: f"{lookup} {name}"}, words


def _mean(target: Any) -> tuple[dict[str, Any], Any, Any]:
    """The keys of a column with this target, and what yes and no stand for in its lookup."""
    if isinstance(target, tuple):
        return {"others": "no"}, target, ()
    if isinstance(target, dict):
        ((field, code),) = target.items()
        return {"field": field}, code, None
    return {"field": target, "together": "any"}, 1, 0
