"""The pictures of How it learns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from core.choices.activations import Array
from core.settings import DIGITS
from core.theory.one_weight import Curve
from core.theory.projections import Projection
from dashboard.language import _
from dashboard.look import style


def matrix(values: Array, labels: NDArray[np.uint8], *, units: str) -> go.Figure:
    """What a layer makes of a batch: a row for each image, named by its digit; a column for each unit."""
    lowest, highest = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    chart = style.figure(x_title=units, y_title=_("image"))
    chart.add_heatmap(
        z=values,
        zmin=lowest,
        zmax=highest,
        colorscale=style.signed_scale(lowest, highest),
        colorbar={"thickness": 12, "outlinewidth": 0},
        hovertemplate="%{z:.4f}<extra></extra>",
    )
    rows = np.arange(len(labels))
    chart.update_yaxes(
        autorange="reversed", tickvals=rows, ticktext=[str(label) for label in labels], showgrid=False
    )
    chart.update_yaxes(tickfont={"size": 9}, ticks="")
    return chart.update_xaxes(showgrid=False)


def by_image(values: Array, labels: NDArray[np.uint8], *, title: str, marked: int) -> go.Figure:
    """A bar for each image of a batch; one of them stands out."""
    chart = style.figure(x_title=_("image"), y_title=title)
    rows = np.arange(len(labels))
    chart.add_bar(
        x=rows,
        y=values,
        marker={"color": [style.ACCENT if row == marked else style.NEUTRAL for row in rows]},
        hovertemplate="%{y:.6f}<extra></extra>",
    )
    return chart.update_xaxes(
        tickvals=rows, ticktext=[str(label) for label in labels], tickangle=0, showgrid=False
    )


def rates(tried: Sequence[float], losses: Sequence[float], before: float, chosen: float) -> go.Figure:
    """The loss of the batch after a step of each rate; what it is before is a line, the chosen rate a dot."""
    chart = style.figure(x_title=_("learning rate η"), y_title=_("loss of this batch, after"))
    finite = [loss if 0 < loss < np.inf else None for loss in losses]  # what a logarithmic axis has
    chart.add_scatter(
        x=list(tried),
        y=finite,
        mode="lines+markers",
        line={"color": style.NEUTRAL, "width": 2},
        marker={
            "size": [14 if rate == chosen else 7 for rate in tried],
            "color": [style.ACCENT if rate == chosen else style.NEUTRAL for rate in tried],
        },
        hovertemplate="%{y:.5f}<extra></extra>",
    )
    chart.add_scatter(
        x=[tried[0], tried[-1]],
        y=[before, before],
        mode="lines+text",
        text=[_("before"), ""],
        textposition="top right",
        line={"color": style.WARNING, "dash": "dash"},
        hoverinfo="skip",
    )
    chart.update_xaxes(type="log", tickvals=list(tried), ticktext=[f"{rate:g}" for rate in tried])
    chart.update_yaxes(type="log", exponentformat="power", dtick=1)
    return chart.update_layout(showlegend=False)


def against_a_weight(curve: Curve, value: float, loss: float, accuracy: float) -> go.Figure:
    """Accuracy above and loss below against one weight; a dot on each where the weight is."""
    chart = make_subplots(2, 1, shared_xaxes=True, vertical_spacing=0.08)
    for row, (values, here, color) in enumerate(
        ((curve.accuracies, accuracy, style.NEUTRAL), (curve.losses, loss, style.ACCENT)), start=1
    ):
        chart.add_scatter(
            x=curve.values,
            y=values,
            mode="lines",
            line={"color": color, "width": 2.5},
            hovertemplate="%{y:.4f}<extra></extra>",
            row=row,
            col=1,
        )
        chart.add_scatter(
            x=[value],
            y=[here],
            mode="markers",
            marker={"color": style.WARNING, "size": 11},
            hoverinfo="skip",
            row=row,
            col=1,
        )
    chart.update_yaxes(title_text=_("accuracy"), tickformat=".0%", row=1)
    chart.update_yaxes(title_text=_("loss"), row=2)
    chart.update_xaxes(title_text="w", row=2)
    return chart.update_layout(showlegend=False, margin={"l": 64, "r": 16, "t": 16, "b": 48})


def projection(layer: Projection, labels: NDArray[np.uint8]) -> go.Figure:
    """The images after a layer as points, a colour for each digit; own drawings as stars."""
    chart = style.figure(x_title=_("first direction"), y_title=_("second direction"))
    for digit in range(DIGITS):
        here = layer.points[labels == digit]
        chart.add_scatter(
            x=here[:, 0],
            y=here[:, 1],
            name=str(digit),
            uid=f"digit-{digit}",
            mode="markers",
            marker={"color": _digit_color(digit), "size": 6, "symbol": _SYMBOLS[digit], "opacity": 0.75},
            hovertemplate=style.hover(str(digit)),
        )
    if len(layer.drawings):
        chart.add_scatter(
            x=layer.drawings[:, 0],
            y=layer.drawings[:, 1],
            name=_("yours"),
            uid="yours",
            mode="markers",
            marker={"color": style.WARNING, "size": 13, "symbol": "star"},
            hoverinfo="skip",
        )
    return chart.update_layout(margin_t=style.BUTTONS)


def _digit_color(digit: int) -> str:
    return style.choice_line([str(each) for each in range(DIGITS)], str(digit)).color


_SYMBOLS = ("circle",) * 8 + ("diamond",) * 2
"""Ten digits have eight hues: the last two are told by their shape."""
