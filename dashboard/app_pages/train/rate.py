"""The learning rate that a run used, where it changes on the way."""

from __future__ import annotations

from core.choices.parameters import parameter
from core.runs.rates import drawn, is_scheduled, told
from core.runs.run import Run
from dashboard.browser.live_chart import live_chart
from dashboard.language import _
from dashboard.runs import rate_charts
from dashboard.runs.identities import identity


def show(run: Run) -> None:
    """A small chart of it, by the numbers that its steps use; nothing where the rate stays the same."""
    if not is_scheduled(run.settings.training):
        return
    _places, rates = drawn(run.settings.training, run.steps_per_epoch, run.epochs)
    written = parameter("learning_rate").write
    first, last = (written(told(rate, max(rates))) for rate in (rates[0], rates[-1]))
    live_chart(
        rate_charts.used(run),
        key="rate",
        height=170,
        alt=_("Learning rate of {name}").format(name=identity(run).name),
        told=_("From {first} in the first step to {last} at the end of {epochs} epochs.").format(
            first=first, last=last, epochs=run.epochs
        ),
    )
