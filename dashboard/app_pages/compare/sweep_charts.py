"""Sweeps: a map of two settings, and loss against learning rate."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from dashboard.app_pages.compare.merit import merit
from dashboard.language import _
from dashboard.look import style

GOOD_SCALE = (
    (0.0, "rgba(37, 128, 211, 0.06)"),
    (0.5, "rgba(37, 128, 211, 0.22)"),
    (1.0, "rgba(37, 128, 211, 0.75)"),
)

_GUESS = {"color": style.GUESS_COLOR, "width": 1.5, "dash": "dash"}


@dataclass(frozen=True)
class Cell:
    """One cell of a sweep: the validation accuracy so far, or None, and what stands in it."""

    accuracy: float | None
    text: str


def grid(
    rows: tuple[str, Sequence[str]],
    columns: tuple[str, Sequence[str]],
    cells: Mapping[tuple[int, int], Cell],
    *,
    chosen: tuple[int, int] | None = None,
) -> go.Figure:
    """A sweep: the darker a cell, the greater its ``merit``.

    Args:
        rows, columns: name of the setting and its values.
        cells: by (row, column); the experiments that are possible.
        chosen: the cell to frame.
    """
    merits = np.zeros((len(rows[1]), len(columns[1])))
    chart = style.figure("", columns[0], rows[0])
    for place, cell in cells.items():
        if cell.accuracy is not None:
            merits[place] = merit(cell.accuracy)
        # Not the heat map's own text: its colour would not follow the theme.
        chart.add_annotation(x=place[1], y=place[0], text=cell.text, showarrow=False)
    chart.add_heatmap(
        x=list(columns[1]),
        y=list(rows[1]),
        z=merits,
        hovertemplate="%{y} · %{x}<extra></extra>",
        colorscale=GOOD_SCALE,
        zmin=0.0,
        zmax=max(float(merits.max()), 0.5),
        showscale=False,
        xgap=3,
        ygap=3,
    )
    if chosen is not None:
        style.frame_cell(chart, *chosen)
    chart.update_xaxes(type="category", showgrid=False, fixedrange=True, side="bottom")
    chart.update_yaxes(
        type="category", showgrid=False, fixedrange=True, autorange="reversed", automargin=True
    )
    return chart.update_layout(margin={"l": 12, "r": 8, "t": 8, "b": 56}, dragmode=False)


def rates(
    losses: Mapping[float, float],
    diverged: Sequence[float],
    *,
    span: tuple[float, float],
    guessing: float,
    chosen: float | None = None,
) -> go.Figure:
    """Loss against learning rate, after short runs.

    Args:
        losses: rate → validation loss.
        diverged: rates whose runs broke off; drawn as crosses at the top.
        span: smallest and largest rate that are tried.
        guessing: what guessing costs, drawn as a line.
        chosen: the rate to mark.
    """
    chart = style.figure("", _("Learning rate"), _("Validation loss"))
    top = 1.25 * guessing
    known = sorted(losses)
    chart.add_scatter(
        x=known,
        y=[min(losses[rate], top) for rate in known],
        customdata=[losses[rate] for rate in known],
        mode="lines+markers",
        line={"color": style.ACCENT, "width": 2.5},
        marker={"size": 10},
        hovertemplate=style.hover(_("rate %{x:g}: loss %{customdata:.4f}")),
        name=_("loss"),
    )
    chart.add_scatter(
        x=sorted(diverged),
        y=[top] * len(diverged),
        mode="markers",
        marker={"symbol": "x", "size": 11, "color": style.WARNING},
        hovertemplate=style.hover(_("rate %{x:g}: diverged")),
        name=_("diverged"),
    )
    chart.add_hline(y=guessing, line=_GUESS, annotation={"text": _("guessing"), "xanchor": "right"})
    if chosen is not None:
        chart.add_vline(x=chosen, line={"color": style.ACCENT, "width": 1.5, "dash": "dot"})
    edges = [math.log10(span[0]) - 0.2, math.log10(span[1]) + 0.2]
    chart.update_xaxes(type="log", range=edges, tickvals=_decades(span), exponentformat="none")
    chart.update_yaxes(range=[0, 1.06 * top])
    return chart.update_layout(showlegend=False, margin={"l": 60, "r": 16, "t": 12, "b": 52})


def _decades(span: tuple[float, float]) -> list[float]:
    return [
        10.0**power for power in range(math.floor(math.log10(span[0])), math.ceil(math.log10(span[1])) + 1)
    ]
