"""Parts of a page that Streamlit runs without the visit around them speak the visitor's language."""

import re
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import house
import pytest
import streamlit as st
from foreign import teach_chinese

from core.errors import N_, LabError
from core.translation import spoken
from dashboard import server
from dashboard.frame import page, session
from dashboard.frame.fragments import fragment
from dashboard.language import _


@pytest.fixture(autouse=True)
def chinese_visitor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    teach_chinese(monkeypatch, tmp_path, {"Loss is {loss}.": "损失为 {loss}。"})
    monkeypatch.setattr(session, "language", lambda: "zh-CN")


def as_streamlit_does(rerun: Callable[[], None]) -> None:
    """Run it in a thread of its own, in which nobody has said what language is spoken."""
    thread = Thread(target=rerun)
    thread.start()
    thread.join()


def test_a_fragment_that_reruns_alone_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "fragment", lambda function: function)
    heard: list[tuple[str, str, int]] = []

    def part(number: int) -> None:
        heard.append((part.__name__, _("Loss is {loss}.").format(loss=1), number))

    shown = fragment(part)
    as_streamlit_does(lambda: shown(7))
    assert heard == [("part", "损失为 1。", 7)]
    assert shown.__name__ == "part"


def test_an_error_of_a_callback_is_told_in_the_visitors_language(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(st, "error", lambda text, icon: told.append(text))
    error = LabError(N_("Loss is {loss}."), loss=2)
    as_streamlit_does(lambda: page.problem(error))
    as_streamlit_does(lambda: told.append(str(server.on_script_error(error))))
    assert told == ["损失为 2。", "损失为 2。", "True"]


def test_an_unexpected_failure_is_told_in_the_visitors_language(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(st, "error", lambda _text, icon: heard.append(spoken()))
    as_streamlit_does(lambda: heard.append(str(server.on_script_error(RuntimeError("for this test")))))
    assert heard == ["zh-CN", "True"]


def test_every_fragment_of_the_lab_speaks() -> None:
    silent = re.compile(r"\bst\.fragment\b|from streamlit import .*\bfragment\b")
    assert [name for name, source in house.sources().items() if silent.search(source)] == [
        "dashboard/frame/fragments.py"
    ]
