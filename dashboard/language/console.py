"""Lines of the log, in the language of whoever runs the server."""

from __future__ import annotations

import logging

from core.errors import LabError
from dashboard.language.translation import of_the_server, speaking, translated

_OURS = ("core.", "dashboard.")


class Translated(logging.LogRecord):
    """A line of the log; where the lab itself wrote it, its text and the errors in it are translated."""

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)  # type: ignore[arg-type]
        if self.name.startswith(_OURS):
            with speaking(of_the_server()):
                self.msg = translated(str(self.msg))
                self.args = _told(self.args)


def _told(values: object) -> tuple[object, ...]:
    """The values of a line, errors as sentences."""
    return tuple(
        translated(value.template).format(**value.values) if isinstance(value, LabError) else value
        for value in (values if isinstance(values, tuple) else ())
    )
