"""Activations as curves, what many layers make of their slopes, and what first weights let through."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.choices.activations import ACTIVATIONS
from core.choices.initializers import INITIALIZERS
from core.settings import MAXIMUM_DEPTH
from dashboard.language import _, names
from dashboard.look import style

REACH = 6.0
_X = np.linspace(-REACH, REACH, 601)


def curves(codes: Iterable[str], x: float) -> go.Figure:
    """f on the left, f′ on the right, for x from −6 to 6; a dot on each curve where it is at ``x``."""
    chart = make_subplots(
        1, 2, subplot_titles=(_("Function f(x)"), _("Slope f′(x)")), horizontal_spacing=0.08
    )
    for code in codes:
        activation = ACTIVATIONS[code]
        for column, curve in enumerate((activation.curve, activation.slope), start=1):
            chart.add_trace(_curve(code, _X, curve(_X), shown=column == 1), 1, column)
            chart.add_trace(_dot(code, x, float(curve(np.array([x]))[0])), 1, column)
    chart.add_vline(x, line={"color": style.NEUTRAL, "width": 1, "dash": "dot"})
    chart.update_xaxes(range=[-REACH, REACH], title={"text": "x", "standoff": 4}, zeroline=True)
    chart.update_yaxes(range=[-2.2, 6.2], zeroline=True, col=1)
    chart.update_yaxes(range=[-0.7, 1.9], zeroline=True, col=2)
    return chart.update_layout(
        margin={"l": 36, "r": 12, "t": 36, "b": 84}, legend={"orientation": "h", "x": 0, "y": -0.2}
    )


def _curve(code: str, x: np.ndarray, y: np.ndarray, *, shown: bool) -> go.Scatter:
    line = style.choice_line(ACTIVATIONS, code)
    return go.Scatter(
        x=x,
        y=y,
        mode="lines",
        name=names.activation(code),
        legendgroup=code,
        showlegend=shown,
        uid=f"{code}-{shown}",
        line={"color": line.color, "dash": line.dash, "width": 2.5},
        hovertemplate=style.hover(
            _("{name}: {value}").format(name=names.activation(code), value="%{y:.4~f}")
        ),
    )


def _dot(code: str, x: float, y: float) -> go.Scatter:
    return go.Scatter(
        x=[x],
        y=[y],
        mode="markers",
        marker={"color": style.choice_line(ACTIVATIONS, code).color, "size": 10},
        legendgroup=code,
        showlegend=False,
        hoverinfo="skip",
    )


def product_of_slopes(codes: Iterable[str], x: float, layers: int) -> go.Figure:
    """f′(x) to the power n for n from 0 to ``MAXIMUM_DEPTH``, on a logarithmic axis; ``layers`` is marked.

    A slope of 0 has no place on such an axis: its line ends at once.
    """
    chart = style.figure(x_title=_("layers passed"), y_title=_("what is left of the gradient"))
    depths = np.arange(MAXIMUM_DEPTH + 1)
    for code in codes:
        slope = float(ACTIVATIONS[code].slope(np.array([x]))[0])
        left = abs(slope) ** depths.astype(np.float64)
        chart.add_trace(_curve(code, depths, np.where(left > 0, left, np.nan), shown=True))
    chart.update_traces(hovertemplate="%{y:.2g}")
    chart.add_vline(layers, line={"color": style.NEUTRAL, "width": 1, "dash": "dot"})
    chart.update_xaxes(range=[0, MAXIMUM_DEPTH])
    chart.update_yaxes(type="log", range=[-12.5, 2.5], dtick=3, exponentformat="power")
    return chart.update_layout(hovermode="x", margin_t=style.BUTTONS)


def first_weights(table: pd.DataFrame, measure: str, title: str, chosen: str) -> go.Figure:
    """A measure of ``core.reading.signal`` at each hidden layer, a line for each initialiser.

    A measure of 0 has no place on the logarithmic axis: the line ends.
    """
    chart = style.figure(title=title, x_title=_("hidden layer"))
    for code, rows in table.groupby("initializer", sort=False):
        line, is_chosen = style.choice_line(INITIALIZERS, str(code)), code == chosen
        name = names.initializer(str(code))
        chart.add_scatter(
            x=rows["layer"],
            y=rows[measure].where(rows[measure] > 0),
            mode="lines+markers",
            name=_("{name} (chosen)").format(name=name) if is_chosen else name,
            line={"color": line.color, "dash": line.dash, "width": 4 if is_chosen else 2},
            marker={"size": 7},
            hovertemplate="%{y:.3g}",
        )
    depth, exponents = int(table["layer"].max()), np.log10(table[measure][table[measure] > 0])
    lowest, highest = math.floor(min([-1.0, *exponents])), math.ceil(max([1.0, *exponents]))
    chart.update_xaxes(range=[0.5, depth + 0.5], dtick=1 if depth <= 10 else 5)
    step = math.ceil((highest - lowest) / 8)
    chart.update_yaxes(type="log", exponentformat="power", dtick=step, range=[lowest, highest])
    return chart.update_layout(
        hovermode="x unified",
        margin={"l": 52, "t": 44, "b": 96},
        legend={"x": 0, "xanchor": "left", "y": -0.24, "yanchor": "top"},
    )
