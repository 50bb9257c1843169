"""Every key of a source description is known by its place, and is described for people."""

import pytest

from schemas.key import find_model, list_models
from schemas.reader import Reader, SkippedRows
from schemas.reference_source import render_source_reference
from schemas.source import Column, Limits, RowFilter, Source

MODELS = list_models(Source)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_key_is_described(model):
    undescribed = [name for name, field in model.model_fields.items() if not field.description]
    assert undescribed in ([], ["id"]), f"give {model.__name__} descriptions: Field(..., description=...)"


@pytest.mark.parametrize(
    ("path", "model"),
    [
        ((), Source),
        (("reader",), Reader),
        (("tables", "persons", "reader"), Reader),
        (("tables", "persons", "reader", "skip_rows", 2), SkippedRows),
        (("columns", "pol"), Column),
        (("ignored_rows", 0), RowFilter),
        (("perpetrators", "rows"), RowFilter),
        (("bounds", "max"), Limits),
        (("title",), None),
        (("nothing", "there"), None),
    ],
)
def test_a_place_has_the_keys_of_its_model(path, model):
    assert find_model(Source, path) is model


def test_a_key_stands_on_the_page_with_type_default_and_meaning():
    page = render_source_reference()
    assert "| `due_days` | number | `0` | days after the end of a period on which its file is due |" in page
    assert "| `header_row` | number or list of number | `1` |" in page
    assert "| `key` | true or false | `false` |" in page
    assert [part.split("\n")[0] for part in page.split("\n## ")[1:]] == [model.__name__ for model in MODELS]
