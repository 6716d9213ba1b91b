"""What the lab says to whoever runs it: one line for an incident, on standard error and in a file.

Lines of the lab itself, and the errors in them, are in the language of the process's locale. A trouble that
lasts is met again at every try; it is told once, and again after an hour with how often it came. Passwords in
addresses are left out wherever they come from, tracebacks included.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from core.errors import N_, LabError
from core.translation import of_the_server, sentence, speaking, translated

HOUR = 3600.0
REMEMBERED = 1_000
"""Different lines that are known to have been told."""
MEGABYTES, FILES = 1, 5
"""Of a log's file before the next one is begun, and how many are kept beside it."""
FORM = "%(asctime)s %(levelname)s %(message)s"
AGAIN = N_("{line} ({count} times more since this was told)")
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
    """Writes a line with how often it was met untold, without the passwords of the addresses in it."""

    def __init__(self, form: str = FORM) -> None:
        super().__init__(form)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's own name)
        """The line without its traceback, in the language of whoever runs the process."""
        missed = getattr(record, "missed", 0)
        with speaking(of_the_server()):
            if record.name.split(".")[0] in OURS:
                record.message = _message(record)
            told = super().formatMessage(record)
            return translated(AGAIN).format(line=told, count=missed) if missed else told

    def format(self, record: logging.LogRecord) -> str:
        """The line, and its traceback if it has one."""
        return _PASSWORD.sub(r"\1:***@", super().format(record))


class PrivateFiles(RotatingFileHandler):
    """A log for its own user only, and so is each file that takes the place of a full one."""

    def _open(self) -> TextIOWrapper:
        def private(path: str, flags: int) -> int:
            return os.open(path, flags, PRIVATE)

        return open(self.baseFilename, "a", encoding=self.encoding, opener=private)


def _message(record: logging.LogRecord) -> str:
    """``record.getMessage()`` in the language that is spoken; an error among its values is a sentence."""
    if not isinstance(record.args, tuple):
        return record.getMessage()
    values = (sentence(value) if isinstance(value, LabError) else value for value in record.args)
    return translated(str(record.msg)) % tuple(values) if record.args else translated(str(record.msg))


def begin(file: Path | None = None) -> None:
    """Tell what the lab logs on standard error and, where one is named, in a file that is renewed in time.

    Once a process; a second call changes nothing. A file that cannot be written is done without. It is this
    process's alone: two that renew the same one lose lines.
    """
    if any(isinstance(handler.formatter, Discreet) for handler in logging.getLogger(OURS[0]).handlers):
        return
    _attach(logging.StreamHandler(), OURS)
    if file is not None:
        try:
            handler = PrivateFiles(file, maxBytes=MEGABYTES * 2**20, backupCount=FILES, encoding="utf-8")
        except OSError as error:
            logging.getLogger(__name__).warning(
                N_("No log is kept in %s (%s)."), file, os.strerror(error.errno or 0)
            )
        else:
            _attach(handler, (*OURS, STREAMLITS))


def _attach(handler: logging.Handler, loggers: tuple[str, ...]) -> None:
    handler.addFilter(Unrepeated())
    handler.setFormatter(Discreet())
    for name in loggers:
        logging.getLogger(name).addHandler(handler)
