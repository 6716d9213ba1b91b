"""The theory's pages say little at first sight: a picture and one thing to move say the rest."""

from __future__ import annotations

import re

import pytest
from page_lab import Lab
from streamlit.testing.v1 import AppTest

from core.translation import speaking

MOST = {"en": 60, "zh-CN": 100}
"""Words of a tab; as many Chinese characters as sixty words come to."""
TABS = {"learning": 7, "ideas": 7}
NEWCOMER = ("no trained network yet", "没有训练好的网络")
"""What the choice of a network says to whoever has none, on every page alike."""


def sentences(app: AppTest) -> list[str]:
    """What a tab says at once: neither labels, formulas nor tables."""
    texts = [element.value for element in [*app.main.markdown, *app.main.caption]]
    return [text for text in texts if not any(part in text for part in NEWCOMER)]


def length(text: str, language: str) -> int:
    """English words, or Chinese characters, among which each other word and each number counts as one."""
    plain = re.sub(r"\$[^$]*\$|[*`#]|\]\([^)]*\)", " ", text)
    word = r"[\u4e00-\u9fff]|[A-Za-z]+|\d[\d.,]*" if language == "zh-CN" else r"\S*\w\S*"
    return len(re.findall(word, plain))


def tabs(lab: Lab, page: str, language: str) -> dict[str, list[str]]:
    """Title of each tab → what it says at once."""
    with speaking(language):  # AppTest words the widgets' choices, too
        app = lab.open(page, lang=language)
        said = {}
        for title in [tab.label for tab in app.tabs]:
            app.session_state[f"{page}-tab"] = title
            app.run()
            assert not app.exception
            said[title] = sentences(app)
    return said


@pytest.mark.parametrize("language", MOST)
@pytest.mark.parametrize("page", TABS)
def test_every_tab_says_little(lab: Lab, page: str, language: str) -> None:
    said = tabs(lab, page, language)
    assert len(said) == TABS[page]
    header = set.intersection(*map(set, said.values()))  # what stands above all tabs is no tab's own
    lengths = {
        title: sum(length(text, language) for text in texts if text not in header)
        for title, texts in said.items()
    }
    assert min(lengths.values()) > 10
    assert {title: count for title, count in lengths.items() if count > MOST[language]} == {}


def test_words_and_characters_are_counted() -> None:
    assert length("A **step** of `fit()`: 1,719 – $x + 1$ steps.", "en") == 6
    assert length("走 **1,719** 步，用 Keras。", "zh-CN") == 5
