"""The generated reference pages are the ones in the repository."""

import pytest

from cli.main import app
from cli.reference import render_pages
from pipeline.settings import CHECKOUT

PAGES = render_pages(app)


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_has_not_drifted(name):
    written = (CHECKOUT / "docs" / "reference" / name).read_text("utf-8")
    assert written == PAGES[name], "run make docs and commit the pages"


def test_every_command_shows_an_example():
    chapters = PAGES["commands.md"].split("\n## palermo ")[1:]
    groups = [chapter for chapter in chapters if "\nCommands:" in chapter]
    members = sum(len(group.typer_instance.registered_commands) for group in app.registered_groups)
    assert len(groups) == len(app.registered_groups)
    assert len(chapters) == len(app.registered_commands) + len(groups) + members
    for chapter in set(chapters) - set(groups):
        assert "Example: " in chapter
