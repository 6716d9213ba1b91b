"""The ideas behind the lab, drawn: probabilities, losses, one weighted sum, a walk downhill."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from core.choices.losses import LOSSES, Array
from core.settings import DIGITS
from core.theory import descent, one_answer
from dashboard.language import _, names
from dashboard.look import style

_P = np.linspace(0.001, 1, 400)
REACH = 3.0
_Curve = Callable[[Array], Array]


def probabilities(shares: NDArray[np.floating], digit: int) -> go.Figure:
    """Ten probabilities as bars; ``digit`` stands out."""
    chart = style.figure(x_title=_("digit"), y_title=_("probability"))
    chart.add_bar(
        x=np.arange(DIGITS),
        y=shares,
        marker={
            "color": [style.ACCENT if d == digit else style.NEUTRAL for d in range(DIGITS)],
            "cornerradius": 4,
        },
        text=[f"{share:.1%}" for share in shares],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
    )
    chart.update_xaxes(dtick=1, showgrid=False)
    return chart.update_yaxes(range=[0, 1.08], tickformat=".0%")


def loss_curves(p: float) -> go.Figure:
    """Both losses on the left, how hard each pushes on the right, against the right digit's probability."""
    chart = make_subplots(
        1, 2, subplot_titles=(_("Loss"), _("Push on the right digit")), horizontal_spacing=0.1
    )
    for code in LOSSES:
        name, line = names.loss(code), style.choice_line(LOSSES, code)
        for column, measure in enumerate((one_answer.loss, one_answer.push), start=1):
            curve = partial(measure, code)
            shown = {"name": name, "legendgroup": name, "showlegend": column == 1}
            chart.add_trace(_curve(curve, line, shown), 1, column)
            chart.add_trace(_dot(p, curve, line, shown), 1, column)
    title = {"text": _("probability given to the right digit"), "standoff": 6}
    chart.update_xaxes(range=[0, 1], tickformat=".0%", title=title)
    chart.update_yaxes(range=[0, 7], col=1)
    chart.update_yaxes(range=[0, 1.05], col=2)
    return chart.update_layout(
        hovermode="x",
        margin={"l": 36, "r": 16, "t": 36, "b": 84},
        legend={"orientation": "h", "x": 0, "y": -0.22},
    )


def _curve(curve: _Curve, line: style.Line, shown: dict[str, Any]) -> go.Scatter:
    look = {"color": line.color, "dash": line.dash, "width": 2.5}
    return go.Scatter(x=_P, y=curve(_P), line=look, hovertemplate="%{y:.4f}", **shown)


def _dot(p: float, curve: _Curve, line: style.Line, shown: dict[str, Any]) -> go.Scatter:
    look = {"color": line.color, "size": 10}
    y = float(curve(np.array(p)))
    return go.Scatter(
        x=[p], y=[y], mode="markers", marker=look, hoverinfo="skip", **{**shown, "showlegend": False}
    )


def walk(rate: float, steps: int) -> go.Figure:
    """A walk down L(w) = w² from w = 2: the valley, and a dot and a line for each step."""
    chart = style.figure(x_title="w", y_title="L(w)")
    w = np.linspace(-REACH, REACH, 201)
    chart.add_scatter(
        x=w, y=descent.valley(w), mode="lines", line={"color": style.NEUTRAL, "width": 3}, hoverinfo="skip"
    )
    places = descent.walk(rate, steps)
    chart.add_scatter(
        x=places,
        y=descent.valley(places),
        mode="lines+markers",
        line={"color": style.ACCENT, "width": 1.5},
        marker={"size": 9, "color": [style.WARNING, *[style.ACCENT] * steps]},
        customdata=np.arange(steps + 1),
        hovertemplate=style.hover(
            _("step {step}: w = {w}, L = {loss}").format(
                step="%{customdata}", w="%{x:.4~f}", loss="%{y:.4~f}"
            )
        ),
    )
    chart.update_xaxes(range=[-REACH, REACH], zeroline=True)
    chart.update_yaxes(range=[-0.4, REACH**2])
    return chart.update_layout(showlegend=False, margin_t=8)
