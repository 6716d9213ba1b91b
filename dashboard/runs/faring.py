"""How a run fares at this moment, from the record and in words: for pages, and pushed."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import pandas as pd

from core.hints.rules import Hint, hints
from core.record.store import Store
from core.runs.run import Run
from dashboard.browser.run_fare import Figure, Told
from dashboard.frame import resources
from dashboard.frame.sharing import shared
from dashboard.language import _, numbers
from dashboard.language.joining import facts
from dashboard.runs import hint_words
from dashboard.runs.hints_of import seen_with

HINT = 2_000
"""Bytes that a hint takes in memory, at most: its numbers, and the settings that it would change to."""


@dataclass(frozen=True)
class Faring:
    """The hints on a run, the most useful first; () while nothing is known."""

    found: tuple[Hint, ...]


def _moment(_store: Store, run: Run, points: pd.DataFrame) -> Hashable:
    """A key for how a run fares: all runs of the same training fare alike with as many points."""
    return run.trajectory, run.settings, run.status, run.epochs, run.epochs_done, len(points)


@shared(2, size=lambda faring: HINT * (1 + len(faring.found)), key=_moment)
def look(store: Store, run: Run, points: pd.DataFrame) -> Faring:
    """How the run fares by its curve so far and what else the record has of it. Raises what reading raises.

    Args:
        points: as ``Curves.points`` gives them.
    """
    layers = store.curves.layers(run.id) if run.epochs_done else pd.DataFrame()
    return Faring(tuple(hints(seen_with(run, points, layers))))


def told(run: Run, faring: Faring) -> Told:
    """In the reader's language."""
    first = next(iter(faring.found), None)
    return {
        "code": "" if first is None else first.code,
        "words": "" if first is None else hint_words.told(first, run.settings),
        "is_trouble": first is not None and first.rule.kind == "trouble",
        "accuracy": run.val_accuracy,
        **_figure(run),
    }


def _measured_after(run: Run) -> int:
    """The epoch whose validation accuracy is the run's: its last whole one, or the best that it keeps."""
    return run.epochs_done if run.shown_step is None else run.weights_epoch


def _figure(run: Run) -> Figure:
    if run.val_accuracy is None:
        return {"figure": "", "when": "", "wrong": ""}
    count = run.settings.data.validation
    wrong = _("{wrong:,} of {count:,} wrong").format(wrong=round((1 - run.val_accuracy) * count), count=count)
    guess = resources.guessing(run.settings).accuracy
    return {
        "figure": numbers.percent(run.val_accuracy),
        "when": _("Validation accuracy after epoch {epoch}").format(epoch=_measured_after(run)),
        "wrong": facts([wrong, _("guessing: {share:.1%}").format(share=guess)]),
    }
