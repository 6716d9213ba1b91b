"""What a link asked for in vain is said in the learner's words, with what was taken instead."""

from __future__ import annotations

import pytest

from core.settings import DEFAULT, InvalidSetting, Settings
from core.translation import speaking
from dashboard.frame import links, page, session


@pytest.fixture(autouse=True)
def usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "settings", lambda: DEFAULT)


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("rate", "abc", "Learning rate is abc. Expected a number from 1e-07 to 100."),
        ("epochs", "-3", "Epochs is -3. Expected a whole number from 1 to 1000."),
        ("bn", "yes", "Batch normalisation is yes. Expected 0 (off) or 1 (on)."),
    ],
)
def test_a_refused_value_names_its_setting_as_the_sidebar_does(key: str, text: str, said: str) -> None:
    (refused,) = Settings.from_query({key: text})[1]
    assert page.sentence(refused.error).replace("\\", "").replace("\u2060", "") == said


def test_what_was_taken_instead_is_said_in_both_languages() -> None:
    assert links.instead("learning_rate") == "Taken instead: Learning rate: 0.01."
    assert links.instead("train") == "Taken instead: Training images: 55,000."
    with speaking("zh-CN"):
        assert "0.01" in links.instead("learning_rate")
        assert "Taken" not in links.instead("learning_rate")


def test_an_unknown_key_is_named_and_the_one_that_was_meant() -> None:
    said = links.unknown(["activation"])
    assert "**activation**, which is no setting of the lab" in said
    assert said.endswith("In links, **Activation** is called **act**.")
    assert "called **rate**" in links.unknown(["learningrate"])


def test_an_unknown_key_that_is_like_no_other_is_only_named_and_never_as_markup() -> None:
    said = links.unknown(["colour", "**x**"])
    assert "called" not in said
    assert r"\*\*x" in said


def test_an_error_of_something_else_keeps_its_name() -> None:
    error = InvalidSetting("There is no setting called {name}.", name="rat")
    assert page.sentence(error) == "There is no setting called rat."
