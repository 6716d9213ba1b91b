"""The learning rate of a run over its epochs: what it used, and what is still to come."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from core.runs.rates import drawn
from core.runs.run import Run
from dashboard.language import _
from dashboard.look import style


def used(run: Run) -> go.Figure:
    """A line until where the run is, dotted from there to the end of the epochs that it wants."""
    epochs, rates = drawn(run.settings.training, run.steps_per_epoch, run.epochs)
    done = run.step / run.steps_per_epoch
    figure = style.figure(x_title=_("epochs"), y_title=_("learning rate"))
    parts = ((epochs <= done, _("used"), "solid"), (epochs >= done, _("to come"), "dot"))
    for part, name, dash in parts:
        if np.any(part):
            figure.add_scatter(
                x=epochs[part],
                y=rates[part],
                name=name,
                mode="lines",
                line={"color": style.ACCENT, "dash": dash},
            )
    figure.update_xaxes(range=[0, run.epochs])
    figure.update_yaxes(rangemode="tozero")
    return figure.update_layout(margin={"t": 28, "b": 44})
