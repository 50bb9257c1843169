"""Reads a page as a browser would, and says what every page must keep."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise

import pytest

VOID = {"meta", "link", "img", "br", "input", "hr"}


class Page(HTMLParser):
    """Tags, attributes and visible text of a page; complains where tags are not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html, self.open = html, list[str]()
        self.tags, self.text, self.children = list[tuple[str, dict[str, str | None]]](), "", list[str]()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.children.append("/".join([*self.open, tag]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert [tag] == self.open[-1:], f"{tag} is closed out of order"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if "style" not in self.open and "head" not in self.open:
            self.text += f" {data}"

    @property
    def words(self) -> str:
        """The visible text, spaces folded."""
        return " ".join(self.text.split())

    def attributes(self, name: str) -> list[str]:
        """All values of an attribute, in order."""
        return [
            value or "" for _, attributes in self.tags for key, value in attributes.items() if key == name
        ]


def check_page(html: str) -> Page:
    """What holds for every page: self-contained, without script, with captions and ordered headings."""
    page = Page(html)
    names = [tag for tag, _ in page.tags]
    assert page.open == []
    assert not re.search(r"https?:|//[a-z]|url\(|@import|javascript:|data:\w", html, re.IGNORECASE)
    assert not {"script", "iframe", "img", "object", "form", "link", "base"} & set(names)
    assert not [key for _, attributes in page.tags for key in attributes if key.startswith("on")]
    assert not [
        path for path in page.attributes("href") + page.attributes("src") if ":" in path or path[0] == "/"
    ]
    headings = [int(tag[1]) for tag in names if re.fullmatch(r"h\d", tag)]
    assert headings[0] == 1
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))
    assert names.count("table") == names.count("caption") == names.count("thead")
    assert all("scope" in attributes for tag, attributes in page.tags if tag == "th")
    assert page.tags[0][0] == "html"
    assert page.tags[0][1].keys() == {"lang", "dir"}
    return page


@pytest.fixture
def read_page() -> Callable[[str], Page]:
    return check_page
