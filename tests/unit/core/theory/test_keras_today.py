"""What is measured in processes of their own: what is run, and what a process that fails comes to."""

from __future__ import annotations

import pytest

import core
from core.theory import keras_today, own_process
from core.theory.keras_today import IMPORTS, program
from core.theory.own_process import MeasurementFailed


def test_one_line_is_all_that_differs() -> None:
    one, other = (program(code).splitlines() for code in IMPORTS)
    assert [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]] == [tuple(IMPORTS.values())]
    assert "{" not in program("keras").split("json.dumps")[0]


def test_the_last_line_that_a_process_prints_is_its_answer() -> None:
    assert keras_today._answer("-c", "print('a warning'); print('[1, 2]')") == [1, 2]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("raise ValueError('too little memory')", "too little memory"),
        ("print('nothing')", "char 0"),
        ("", "list index"),
    ],
)
def test_a_process_that_fails_says_why(source: str, reason: str) -> None:
    with pytest.raises(MeasurementFailed, match=reason):
        keras_today._answer("-c", source)


def test_what_the_environment_says_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import os; print(os.environ['TF_CPP_MIN_LOG_LEVEL'])"
    assert own_process.run("-c", code).strip() == core.TENSORFLOW["TF_CPP_MIN_LOG_LEVEL"]
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "1")
    assert own_process.run("-c", code).strip() == "1"


def test_a_process_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_process, "PATIENCE", 0.1)
    with pytest.raises(MeasurementFailed, match="timed out"):
        keras_today._answer("-c", "import time; time.sleep(60)")
