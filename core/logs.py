"""What the lab says to whoever runs it: one line for an incident, on standard error and in a file.

A trouble that lasts is met again at every try; it is told once, and again after an hour with how often it
came. Passwords in addresses are left out wherever they come from, tracebacks included.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

HOUR = 3600.0
REMEMBERED = 1_000
"""Different lines that are known to have been told."""
MEGABYTES, FILES = 1, 5
"""Of a log's file before the next one is begun, and how many are kept beside it."""
FORM = "%(asctime)s %(levelname)s %(message)s"
AGAIN = "{line} ({count} times more since this was told)"
OURS = ("core", "dashboard")
"""Loggers whose lines are told."""
STREAMLITS = "streamlit.error_util"
"""Where Streamlit tells of an error without a name; it writes to standard error by itself."""
PRIVATE = 0o600
ERRORS = 2
"""The file descriptor of standard error."""

_PASSWORD = re.compile(r"(?<=://)([^\s:/@]*):[^\s@]*@")


@contextmanager
def only_python_speaks() -> Iterator[None]:
    """Leave out what libraries write to standard error by themselves, as TensorFlow does while it is loaded.

    What fails meanwhile raises as ever, and is told where it is caught.
    """
    before = os.dup(ERRORS)
    with Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), ERRORS)
    try:
        yield
    finally:
        os.dup2(before, ERRORS)
        os.close(before)


class Unrepeated(logging.Filter):
    """Lets a line through once an hour, then with how often it came meanwhile.

    Args:
        clock: seconds, rising.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._told: OrderedDict[tuple[str, str], tuple[float | None, int]] = OrderedDict()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is told."""
        key = record.getMessage(), str(record.exc_info[1] if record.exc_info else "")
        last, missed = self._told.pop(key, (None, 0))
        is_new = last is None or self._clock() - last >= HOUR
        self._told[key] = (self._clock(), 0) if is_new else (last, missed + 1)
        while len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        record.missed = missed
        return is_new


class Discreet(logging.Formatter):
    """Writes a line with how often it was met untold, without the passwords of the addresses in it.

    Args:
        form: of a line, as ``logging.Formatter`` takes it.
        again: what a ``line`` becomes that was met ``count`` times untold.
    """

    def __init__(self, form: str = FORM, again: str = AGAIN) -> None:
        super().__init__(form)
        self._again = again

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's own name)
        """The line without its traceback."""
        missed = getattr(record, "missed", 0)
        told = super().formatMessage(record)
        return self._again.format(line=told, count=missed) if missed else told

    def format(self, record: logging.LogRecord) -> str:
        """The line, and its traceback if it has one."""
        return _PASSWORD.sub(r"\1:***@", super().format(record))


def begin(file: Path | None = None, again: str = AGAIN) -> None:
    """Tell what the lab logs on standard error and, where one is named, in a file that is renewed in time.

    Once a process; a second call changes nothing. A file that cannot be written is done without. ``again`` is
    that of ``Discreet``.
    """
    if any(isinstance(handler.formatter, Discreet) for handler in logging.getLogger(OURS[0]).handlers):
        return
    _attach(logging.StreamHandler(), OURS, again)
    if file is not None:
        try:
            file.touch(PRIVATE)
            handler = RotatingFileHandler(
                file, maxBytes=MEGABYTES * 2**20, backupCount=FILES, encoding="utf-8"
            )
        except OSError as error:
            logging.getLogger(__name__).warning(
                "No log is kept in %s (%s).", file, os.strerror(error.errno or 0)
            )
        else:
            _attach(handler, (*OURS, STREAMLITS), again)


def _attach(handler: logging.Handler, loggers: tuple[str, ...], again: str) -> None:
    handler.addFilter(Unrepeated())
    handler.setFormatter(Discreet(again=again))
    for name in loggers:
        logging.getLogger(name).addHandler(handler)
