"""How a run fares, in words: what is the case, in numbers, and what in its settings explains trouble."""

from __future__ import annotations

import pandas as pd

from core.hints.inside import faintest
from core.hints.training import Fare
from core.runs.progress import PROBE_SIZE
from core.runs.run import Run
from core.study.fairness import usual_rate
from dashboard.language import _, names
from dashboard.runs.layer_words import gradient_sentence


def fare_told(fare: Fare) -> str:
    """What is the case, in one or two sentences."""
    return {
        "learning": _("**It is learning.**"),
        "begun": _(
            "**It learns.** One epoch does not tell yet how much another would bring: train on, and see."
        ),
        "improving": _(
            "**Still improving.** The last epoch took {gain:.0%} off its validation loss: more would help."
        ),
        "finished": _("**It has levelled off.** More epochs would change little."),
        "overfitting": _(
            "**It overfits.** Since epoch {best_epoch} validation loss rose from {best:.3f} to {last:.3f}, "
            "while training loss fell."
        ),
        "stuck": _("**It is stuck on the guess line.** It reads no more than a guesser: {guess:.1%}."),
        "dead": _(
            "**Layer {layer} is dead.** {share:.0%} of its units answer 0 to each of the {images} training "
            "images that are measured, so hardly any gradient passes; what is left is a guess."
        ),
        "diverged": _("**It diverged.** Its loss grew beyond all numbers."),
    }[fare.code].format(images=PROBE_SIZE, **fare.values)


def cause_told(fare: Fare, run: Run, layers: pd.DataFrame) -> str:
    """What explains trouble, by the settings and by what was measured inside; "" where nothing is known."""
    cause = fare.causes[0] if fare.causes else ""
    training, network = run.settings.training, run.settings.network
    if cause == "rate":
        usual = usual_rate(training.optimizer)
        return _("The rate {rate} is {times:,.0f} times what is usual for {optimizer}.").format(
            rate=names.value("learning_rate", training.learning_rate),
            times=training.learning_rate / usual,
            optimizer=names.optimizer(training.optimizer),
        )
    if cause == "raw":
        return _(
            "Its images come without normalisation, from 0 to 255: every step is too large or too small."
        )
    if cause == "fading":
        return _("Through {depth} layers of {activation} hardly any gradient comes back.").format(
            depth=len(network.hidden), activation=names.activation(network.activation)
        )
    weakest = faintest(layers) if fare.code == "stuck" and not layers.empty else None
    return "" if weakest is None else gradient_sentence(weakest)
