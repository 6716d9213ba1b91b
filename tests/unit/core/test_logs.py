"""One line an incident, nothing secret, and files that are renewed."""

from __future__ import annotations

import io
import logging
import os
import stat
from pathlib import Path

import pytest

from core import logs
from core.errors import N_, LabError


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def told(clock: Clock) -> tuple[logging.Logger, io.StringIO]:
    """A logger of its own, and what it told."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(logs.Unrepeated(clock))
    handler.setFormatter(logs.Discreet("%(levelname)s %(message)s"))
    logger = logging.Logger("of a test")
    logger.addHandler(handler)
    return logger, written


def test_a_trouble_that_lasts_is_told_once_and_after_an_hour_with_how_often_it_came(
    told: tuple[logging.Logger, io.StringIO], clock: Clock
) -> None:
    logger, written = told
    for _ in range(62):
        logger.warning("There is no room left on %s.", "the disk")
        clock.now += 5
    assert written.getvalue() == "WARNING There is no room left on the disk.\n"
    clock.now = 3_601
    logger.warning("There is no room left on %s.", "the disk")
    assert written.getvalue().splitlines()[1:] == [
        "WARNING There is no room left on the disk. (61 times more since this was told)"
    ]


def test_another_trouble_is_told_also_where_only_its_error_differs(
    told: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, written = told
    for error in (ValueError("one"), ValueError("two"), ValueError("one")):
        logger.error("Uncaught", exc_info=error)
    assert [line for line in written.getvalue().splitlines() if line.startswith("ValueError")] == [
        "ValueError: one",
        "ValueError: two",
    ]


def test_no_password_is_told_not_even_in_a_traceback(told: tuple[logging.Logger, io.StringIO]) -> None:
    logger, written = told
    address = "postgresql+psycopg://lab:s3cret!@database-host:5432/digits"
    logger.error("%s does not answer", address, exc_info=ValueError(f"connect to {address} failed"))
    assert "s3cret" not in written.getvalue()
    assert written.getvalue().count("://lab:***@database-host:5432/digits") == 2


def test_what_is_remembered_is_bounded(clock: Clock) -> None:
    filter_ = logs.Unrepeated(clock)
    for number in range(2 * logs.REMEMBERED):
        assert filter_.filter(logging.makeLogRecord({"msg": f"line {number}"}))
    assert len(filter_._told) == logs.REMEMBERED


def test_the_file_is_renewed_and_private_and_begun_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "OURS", ("test-of-logs",))
    monkeypatch.setattr(logs, "STREAMLITS", "test-of-logs.streamlit")
    monkeypatch.setattr(logs, "MEGABYTES", 0.001)
    logger = logging.getLogger("test-of-logs")
    logger.propagate = False
    before = os.umask(0)
    logs.begin(tmp_path / "lab.log")
    logs.begin(tmp_path / "lab.log")
    assert len(logger.handlers) == 2
    for number in range(300):
        logger.warning("A line of some length, the one with number %s", number)
    os.umask(before)
    kept = sorted(file.name for file in tmp_path.iterdir())
    assert kept == ["lab.log", *(f"lab.log.{number}" for number in range(1, logs.FILES + 1))]
    if os.name != "nt":
        assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) < (logs.FILES + 1) * 1_100
    for handler in [*logger.handlers, *logging.getLogger(logs.STREAMLITS).handlers]:
        handler.close()
    logger.handlers.clear()
    logging.getLogger(logs.STREAMLITS).handlers.clear()


def test_a_file_that_cannot_be_written_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(logs, "OURS", ("test-of-logs", "core"))
    logs.begin(tmp_path / "no such folder" / "lab.log")
    logging.getLogger("test-of-logs").handlers.clear()
    core = logging.getLogger("core")
    core.handlers[:] = [each for each in core.handlers if not isinstance(each.formatter, logs.Discreet)]
    assert "No log is kept in" in capsys.readouterr().err


def test_only_python_speaks_while_a_library_is_loaded(capfd: pytest.CaptureFixture[str]) -> None:
    with logs.only_python_speaks():
        os.write(2, b"I0000 Could not find cuda drivers\n")
    with pytest.raises(ImportError), logs.only_python_speaks():
        raise ImportError
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "afterwards\n"


def line(name: str, text: str, *values: object) -> str:
    record = logging.LogRecord(name, logging.WARNING, __file__, 1, text, values, None)
    return logs.Discreet("%(message)s").format(record)


def test_the_labs_own_lines_and_the_errors_in_them_are_in_the_servers_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    error = LabError(N_("There is no run {run}. Check the link, or train a new one."), run="x")
    cannot = N_("Worker %s cannot train: %s")
    assert line("core.cluster.engine", cannot, "y", error).startswith("Worker y cannot train: There is no")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert line("core.cluster.engine", "%s", error) == "没有训练 x。请检查链接，或者训练一次新的。"
    told = line("core.cluster.engine", cannot, "y", error)
    assert told == "工作进程 y 无法训练：没有训练 x。请检查链接，或者训练一次新的。"
    assert line("core.logs", N_("No log is kept in %s (%s)."), "z", "?") == "无法在 z 中记录日志（?）。"
    assert line("core.cluster.elsewhere", N_("The scheduler at %s answers."), "z") == "z 的调度器有回应了。"


def test_lines_of_others_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert line("streamlit.web", "Loss %s", 1) == "Loss 1"
    assert line("corelib", "Loss") == "Loss"
    assert line("core.x", "100 %") == "100 %"


def test_how_often_it_came_is_told_in_the_servers_language(
    told: tuple[logging.Logger, io.StringIO], clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    logger, written = told
    for _ in range(3):
        logger.warning("full")
    clock.now = 3_601
    logger.warning("full")
    assert written.getvalue().splitlines()[1:] == ["WARNING full（此后又发生 2 次）"]
