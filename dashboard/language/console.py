"""Lines of the log, in the language of whoever runs the server."""

from __future__ import annotations

import logging

from core.errors import N_, LabError
from core.logs import OURS
from dashboard.language.translation import of_the_server, speaking, translated

AGAIN = N_("{line} ({count} times more since this was told)")
"""``core.logs`` has it too: it imports nothing, so that it cannot mark it."""


def said(marked: str) -> str:
    """A text that was marked with ``N_``, in the server's language."""
    with speaking(of_the_server()):
        return translated(marked)


class Translated(logging.LogRecord):
    """A line of the log; where the lab itself wrote it, its text and the errors in it are translated."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        if str(self.name).split(".")[0] in OURS:
            self.msg = said(str(self.msg))
            values = self.args if isinstance(self.args, tuple) else ()
            self.args = tuple(map(_told, values))


def _told(value: object) -> object:
    """A value of a line; an error is a sentence."""
    return said(value.template).format(**value.values) if isinstance(value, LabError) else value
