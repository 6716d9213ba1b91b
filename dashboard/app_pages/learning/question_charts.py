"""What networks that were asked differently answer for the same picture."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.choices.activations import Array
from core.choices.losses import LOSSES
from core.settings import DIGITS
from core.theory.two_questions import looks
from dashboard.language import _, names
from dashboard.look import style


def which_and_how_much(probabilities: Array, number: float, label: int) -> go.Figure:
    """Ten probabilities as bars, and on the same axis the one number as a line; ``label`` is right."""
    chart = style.figure(x_title=_("digit"), y_title=_("probability"))
    digits = np.arange(DIGITS)
    chart.add_bar(
        x=digits,
        y=probabilities,
        name=_("Which digit?"),
        marker={"color": [style.ACCENT if digit == label else style.NEUTRAL for digit in digits]},
        hovertemplate="%{y:.1%}<extra></extra>",
    )
    chart.add_scatter(
        x=[number, number],
        y=[0, 1],
        name=_("How much?"),
        mode="lines",
        line={"color": style.WARNING, "width": 3},
        hovertemplate="%{x:.2f}<extra></extra>",
    )
    chart.update_xaxes(dtick=1, showgrid=False, range=[min(-0.6, number - 0.1), max(9.6, number + 0.1)])
    chart.update_yaxes(range=[0, 1.02], tickformat=".0%")
    return chart.update_layout(margin_t=style.BUTTONS)


def two_losses(learnt: Mapping[str, tuple[list[float], Array]]) -> go.Figure:
    """How each loss learnt, on the left, and what both answer for one picture, on the right.

    Args:
        learnt: code of ``LOSSES`` → shares right at ``looks()``, and ten probabilities.
    """
    chart = make_subplots(
        1, 2, subplot_titles=(_("Read right, by step"), _("This picture, by digit")), horizontal_spacing=0.12
    )
    for code, (right, probabilities) in learnt.items():
        name, line = names.loss(code), style.choice_line(LOSSES, code)
        chart.add_scatter(
            x=looks(),
            y=right,
            name=name,
            legendgroup=code,
            line={"color": line.color, "dash": line.dash, "width": 2.5},
            hovertemplate="%{y:.1%}",
            row=1,
            col=1,
        )
        chart.add_bar(
            x=np.arange(DIGITS),
            y=probabilities,
            name=name,
            legendgroup=code,
            showlegend=False,
            marker={"color": line.color},
            hovertemplate="%{y:.1%}",
            row=1,
            col=2,
        )
    chart.update_yaxes(range=[0, 1.02], tickformat=".0%")
    chart.update_xaxes(dtick=1, showgrid=False, col=2)
    return chart.update_layout(
        margin={"l": 48, "r": 16, "t": 52, "b": 68}, legend={"orientation": "h", "x": 0, "y": -0.16}
    )
