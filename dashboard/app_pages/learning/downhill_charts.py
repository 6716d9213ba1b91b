"""Contours of a slice of the loss, the walks on it, and where they are."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from core.choices.activations import Array
from core.choices.optimizers import OPTIMIZERS
from core.theory.landscape import REACH, Landscape, axis
from dashboard.language import _, names
from dashboard.look import style

_MARKS = {"minimum": "circle", "saddle": "x"}


def slice_and_walks(surface: Landscape, walks: Mapping[str, Array]) -> go.Figure:
    """The slice as contours of the logarithm of its loss; on it minima, saddles, and a line for each walk."""
    chart = style.figure(x_title=_("first direction"), y_title=_("second direction"))
    chart.add_contour(
        x=axis(),
        y=axis(),
        z=np.log10(np.maximum(surface.losses, 1e-6)),
        customdata=surface.losses,
        colorscale="Greys",
        reversescale=True,
        showscale=False,
        ncontours=24,
        line={"width": 0.5},
        hovertemplate=style.hover(_("loss %{customdata:.4f}")),
    )
    for kind, symbol in _MARKS.items():
        found = [place.place for place in surface.critical if place.kind == kind]
        chart.add_scatter(
            x=[place[0] for place in found],
            y=[place[1] for place in found],
            mode="markers",
            marker={"symbol": symbol, "size": 10, "color": style.WARNING},
            showlegend=False,
            hoverinfo="skip",
            uid=kind,
        )
    for code, places in walks.items():
        chart.add_trace(_walk(code, places))
    chart.update_xaxes(range=[-REACH, REACH])
    chart.update_yaxes(range=[-REACH, REACH])
    return chart.update_layout(margin_t=style.BUTTONS)


def _walk(code: str, places: Array) -> go.Scatter:
    line = style.choice_line(OPTIMIZERS, code)
    return go.Scatter(
        x=places[:, 0],
        y=places[:, 1],
        name=names.optimizer(code),
        mode="lines+markers",
        line={"color": line.color, "dash": line.dash, "width": 3},
        marker={"size": [0] * (len(places) - 1) + [13], "color": line.color},
        hoverinfo="skip",
        uid=code,
    )


def table(ends: Mapping[str, float]) -> pd.DataFrame:
    """One row a walk: the optimiser, its rate, and the loss where it is now."""
    columns = [_("Optimiser"), _("Learning rate"), _("Loss")]
    rows = [
        (names.optimizer(code), f"{OPTIMIZERS[code].usual_rate:g}", f"{loss:.4f}")
        for code, loss in ends.items()
    ]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])
