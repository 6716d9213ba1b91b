"""Work that needs a Python process of its own, beside what a worker trains; it inherits the environment."""

from __future__ import annotations

import subprocess
import sys

from core import ROOT
from core.errors import LONG, N_, LabError, shown

PATIENCE = 240.0
"""Seconds; usually ten, when every core is busy a minute."""


class MeasurementFailed(LabError):
    """A process that was to measure something ended without an answer."""


def run(*arguments: str, told: str = "") -> str:
    """What Python prints when it is started with these arguments and told this. Raises MeasurementFailed."""
    try:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            input=told,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise failed((error.stderr or "").strip().rpartition("\n")[2] or error) from error
    except (subprocess.TimeoutExpired, OSError) as error:
        raise failed(error) from error
    return done.stdout


def failed(reason: object) -> MeasurementFailed:
    """The error of a process without an answer."""
    return MeasurementFailed(
        N_("The measurement ended without an answer ({reason}). Try again when less is trained here."),
        reason=shown(reason, LONG),
    )
