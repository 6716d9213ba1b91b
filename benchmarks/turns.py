"""Contenders in processes of their own that take turns, an epoch each."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import fmean

from core.settings import Settings

TURN_SECONDS = 0.3
"""At least so long a contender's turn takes: an epoch of a few hundredths of a second is over before what the
others have driven out of the processor's caches is back."""
ROOT = Path(__file__).resolve().parent.parent


class Contender:
    """A process that trains an epoch when it is asked to."""

    def __init__(self, process: subprocess.Popen[str], name: str) -> None:
        self._process = process
        self._name = name
        self._has_begun = False

    def epoch(self) -> float:
        """Seconds of the next epoch; the first call also waits for the start."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if self._has_begun:
            self._process.stdin.write("\n")
            self._process.stdin.flush()
        self._has_begun = True
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self._name} ended before its epoch was done.")
        return float(line)

    def turn(self) -> float:
        """Seconds an epoch, in the mean of as many as one turn has room for; at least one."""
        epochs = [self.epoch()]
        while sum(epochs) < TURN_SECONDS:
            epochs.append(self.epoch())
        return fmean(epochs)


@contextmanager
def contender(name: str, settings: Settings) -> Iterator[Contender]:
    """Start a contender, and end it afterwards by closing its input."""
    command = [sys.executable, "-m", "benchmarks.contenders", name, settings.to_json()]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        yield Contender(process, name)


def rounds(settings: Settings, names: Sequence[str], count: int) -> list[dict[str, float]]:
    """Seconds an epoch of each contender in each of so many rounds, one at a time, after one to warm up.

    A short epoch is done several times in its turn.
    """
    with ExitStack() as stack:
        contenders = {name: stack.enter_context(contender(name, settings)) for name in names}
        for each in contenders.values():
            each.epoch()
        return [{name: each.turn() for name, each in contenders.items()} for _ in range(count)]
