"""Programs that one worker compiled, kept for its neighbours on this machine as long as they work together.

TensorFlow writes them into a folder and reads them there (https://www.tensorflow.org/xla). It does not notice
when one is damaged: seen with TensorFlow 2.21, a program that was cut short ran without a word and did
nothing, so that nothing was learnt. Hence no program outlives the processes that made it, through a power
failure for example: the folder is new at each start, for this account only (0700), and goes at the end. That
also keeps programs for one processor and one version from others.
"""

from __future__ import annotations

import os
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

ROOM = 200_000_000
"""Bytes; a network's program takes from 0.2 to some ten million."""
LOOK = 30.0
"""Seconds between two looks whether there are too many."""


class SharedPrograms:
    """A folder for them, named in the environment of processes that are started from now on."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="digit-lab-", ignore_cleanup_errors=True)
        self._done = threading.Event()
        flags = f"--tf_xla_persistent_cache_directory={self._folder.name}"
        flags = f"{flags} --tf_xla_persistent_cache_device_types="  # all: else only GPUs
        os.environ["TF_XLA_FLAGS"] = f"{os.environ.get('TF_XLA_FLAGS', '')} {flags}".strip()
        threading.Thread(target=self._watch, name="shared-programs", daemon=True).start()

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return Path(self._folder.name)

    def close(self) -> None:
        """Take it away; whoever compiles later keeps what it makes to itself."""
        self._done.set()
        self._folder.cleanup()

    def _watch(self) -> None:
        while not self._done.wait(LOOK):
            keep_newest(self.folder, ROOM)


def keep_newest(folder: Path, room: int) -> None:
    """Remove the oldest files of a folder until all of them together have at most so many bytes."""
    with suppress(OSError):  # somebody writes or reads there now; the next look is soon
        files = [(entry.stat(), Path(entry)) for entry in os.scandir(folder)]
        taken = 0
        for status, file in sorted(files, key=lambda each: each[0].st_mtime, reverse=True):
            taken += status.st_size
            if taken > room:
                file.unlink(missing_ok=True)
