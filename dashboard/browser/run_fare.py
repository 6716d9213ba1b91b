"""A run's large figure and its verdict in words, which go on by themselves while it trains."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

from core.runs.run import Run
from dashboard.browser import run_stream
from dashboard.browser.mounting import component, fetching

_FILES = Path(__file__).parent
_component = component(
    "run_fare",
    css=(_FILES / "run_fare.css").read_text(encoding="utf-8"),
    js=fetching((_FILES / "run_fare.js").read_text(encoding="utf-8")),
    isolate_styles=False,
)


class Figure(TypedDict):
    """A run's validation accuracy as a large figure, and the two lines below it; empty before."""

    figure: str
    when: str
    wrong: str


class Told(Figure):
    """What a screen shows of how a run fares.

    Attributes:
        code: of the verdict; "" while there is none. words: the verdict with its cause; ``**`` marks bold.
        is_trouble: whether something must change before more training helps.
        accuracy: on the validation part, 0 to 1; None before the first epoch's end.
    """

    code: str
    words: str
    is_trouble: bool
    accuracy: float | None


def run_fare(run: Run, told: Told, *, best: float | None, ahead: str, behind: str, key: str) -> None:
    """Show how a run fares and go on showing it; another verdict than the one shown reruns this part.

    Args:
        best: validation accuracy of the learner's best other run, 0 to 1; None where there is none.
        ahead, behind: what is said where this run is at least as good, and where it is not.
    """
    _component(
        key=key,
        data={
            "run": run.id,
            "moves": run.unfinished,
            "epoch": run.epochs_done,
            "told": told,
            "best": best,
            "ahead": ahead,
            "behind": behind,
            "link": run_stream.link(),
        },
        on_moved_change=lambda: None,
    )
