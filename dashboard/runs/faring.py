"""How a run fares at this moment, from the record and in words: for pages, and pushed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from core.hints.training import Fare, fare
from core.record.store import Store
from core.runs.run import Run
from dashboard.browser.run_fare import Figure, Told
from dashboard.frame import resources
from dashboard.language import _, numbers
from dashboard.language.joining import facts, sentences
from dashboard.runs.fare_words import cause_told, fare_told


@dataclass(frozen=True)
class Faring:
    """How a run fares, None while nothing is known, and the microscope's record that tells its causes."""

    found: Fare | None
    layers: pd.DataFrame


def look(store: Store, run: Run, points: pd.DataFrame) -> Faring:
    """How the run fares by its curve so far and what else the record has of it. Raises what reading raises.

    Args:
        points: as ``Curves.points`` gives them.
    """
    layers = store.curves.layers(run.id) if run.epochs_done else pd.DataFrame()
    guess = resources.guessing(run.settings)
    found = fare(run, points, layers, guess_accuracy=guess.accuracy, guess_loss=guess.loss)
    return Faring(found, layers)


def told(run: Run, faring: Faring) -> Told:
    """In the reader's language."""
    found = faring.found
    return {
        "code": "" if found is None else found.code,
        "words": "" if found is None else sentences(fare_told(found), cause_told(found, run, faring.layers)),
        "is_trouble": found is not None and found.is_trouble,
        "accuracy": run.val_accuracy,
        **_figure(run),
    }


def _figure(run: Run) -> Figure:
    if run.val_accuracy is None:
        return {"figure": "", "when": "", "wrong": ""}
    count = run.settings.data.validation
    wrong = _("{wrong:,} of {count:,} wrong").format(wrong=round((1 - run.val_accuracy) * count), count=count)
    guess = resources.guessing(run.settings).accuracy
    return {
        "figure": numbers.percent(run.val_accuracy),
        "when": _("Validation accuracy after epoch {epoch}").format(epoch=run.epochs_done),
        "wrong": facts([wrong, _("guessing: {share:.1%}").format(share=guess)]),
    }
