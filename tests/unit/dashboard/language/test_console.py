"""Lines of the log follow the server's locale, those of the lab only."""

import logging

import pytest

from core.errors import N_, LabError
from core.logs import AGAIN
from dashboard.language import console
from dashboard.language.console import Translated


@pytest.fixture(autouse=True)
def _chinese_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")


def line(name: str, text: str, *values: object) -> str:
    return Translated(name, logging.WARNING, __file__, 1, text, values, None).getMessage()


def test_the_labs_own_lines_and_the_errors_in_them_are_translated() -> None:
    error = LabError(N_("There is no run {run}. Check the link, or train a new one."), run="x")
    assert line("core.cluster.engine", "%s", error) == "没有训练 x。请检查链接，或者训练一次新的。"
    told = line("core.cluster.engine", N_("Worker %s cannot train: %s"), "y", error)
    assert told == "工作进程 y 无法训练：没有训练 x。请检查链接，或者训练一次新的。"


def test_lines_of_others_stay_as_they_are() -> None:
    assert line("streamlit.web", "Loss %s", 1) == "Loss 1"
    assert line("corelib", "Loss") == "Loss"


def test_an_english_server_reads_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert line("core.x", "Loss") == "Loss"


def test_the_words_for_what_came_again_are_those_of_the_log() -> None:
    assert console.AGAIN == AGAIN
