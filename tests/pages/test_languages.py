"""Every page in every language: as a run of its script, without a browser."""

import re

import pytest
from page_lab import Lab
from reading_lab import texts, trained

from core.translation import LANGUAGES, speaking
from dashboard.frame import session
from dashboard.frame.pages import PAGES, Page
from dashboard.language import translated

HAN = re.compile("[\u3400-\u9fff]")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.folder)
def test_a_page_speaks_the_language_that_a_link_names(lab: Lab, page: Page, language: str) -> None:
    trained(lab)
    with speaking(language):  # AppTest words the widgets' choices, too
        app, title = lab.open(page.folder, lang=language), translated(page.title)
    assert not app.exception
    assert not app.error
    shown = app.title[0].value
    assert bool(HAN.search(shown)) == (language == "zh-CN")
    assert title in shown or page.folder in ("start", "draw")  # their titles say more
    assert bool(HAN.search(texts(app))) == (language == "zh-CN")
    assert "lang" not in app.query_params


@pytest.mark.parametrize(
    ("link", "language", "title"),
    [({}, "zh-CN", "原理"), ({"lang": "en"}, "en", "Ideas"), ({"lang": "nobodys"}, "zh-CN", "原理")],
)
def test_the_cookie_decides_where_the_link_says_nothing(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, link: dict[str, str], language: str, title: str
) -> None:
    monkeypatch.setattr(session, "cookie_language", lambda: "zh-CN")
    with speaking(language):
        assert lab.open("ideas", **link).title[0].value == title
