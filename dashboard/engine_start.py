"""The engine starts with the server, or as soon as its database is there."""

from __future__ import annotations

import logging
import threading

from core.errors import LabError
from dashboard.frame import resources

log = logging.getLogger(__name__)

PAUSE = 2.0
"""Seconds between two tries."""


class EngineStart:
    """Tries to start the engine until it does, in a thread of its own: no click is needed for what waits."""

    def __init__(self) -> None:
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._try, name="engine-start", daemon=True)

    def begin(self) -> None:
        """Try for the first time; returns at once, so that pages can say what is missing."""
        self._thread.start()

    def close(self) -> None:
        """Try no more, and end the engine if there is one, whoever started it."""
        self._closing.set()
        engine = resources.engine.made()
        if engine is not None:
            engine.close()

    def _try(self) -> None:
        while not self._closing.is_set():
            try:
                resources.engine()
            except LabError as error:  # pages say it too
                log.error("%s", error)
                self._closing.wait(PAUSE)
            else:
                return
