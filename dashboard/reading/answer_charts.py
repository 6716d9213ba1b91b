"""Why a network answers as it does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from core.reading.trained_network import UnitTrace
from core.settings import SIDE
from dashboard.language import _
from dashboard.language.foreign import in_chart
from dashboard.look import style

OUTLINE = "#0B0F14"
"""Stands out from the light middle of ``style.SIGNED_SCALE``, by day and by night."""


def saliency(image: NDArray[np.uint8], gradient: NDArray[np.floating]) -> go.Figure:
    """Where more ink would speak for the answer (blue) or against it (orange), over the image's outline.

    Args:
        image: (28, 28) what the network saw.
        gradient: (28, 28) change of the answer's weighted sum for each pixel.
    """
    largest = float(np.abs(gradient).max()) or 1.0
    chart = style.figure()
    chart.add_heatmap(
        z=gradient,
        customdata=image,
        colorscale=style.SIGNED_SCALE,
        zmin=-largest,
        zmax=largest,
        colorbar={
            "tickvals": [-largest, 0, largest],
            "ticktext": [_("against"), "0", _("for")],
            **style.COLOR_BAR,
        },
        hovertemplate=style.hover(_("pixel %{x}, %{y}: ink %{customdata}, slope %{z:.3f}")),
    )
    chart.add_contour(
        z=image,
        contours={"start": 127, "end": 127, "size": 1, "coloring": "none"},
        line={"color": OUTLINE, "width": 2, "smoothing": 0},
        showscale=False,
        hoverinfo="skip",
    )
    return _square(chart)


def pixels(image: NDArray[np.uint8], chosen: tuple[int, int]) -> go.Figure:
    """An image (28, 28) of which any pixel can be clicked, with the chosen one (row, column) framed."""
    chart = style.figure()
    chart.add_heatmap(
        x=np.arange(image.shape[1]),
        y=np.arange(image.shape[0]),
        z=image,
        colorscale=style.INK_SCALE,
        zmin=0,
        zmax=255,
        showscale=False,
        hovertemplate=style.hover(_("ink %{z}")),
    )
    style.frame_cell(chart, *chosen)
    return _square(chart)


def products_of_pixels(parts: UnitTrace, chosen: int) -> go.Figure:
    """A unit's sum over 784 pixels as three pictures: inputs, weights, and their products; one is framed."""
    titles = (_("inputs x"), _("weights w"), _("products w · x"))
    chart = make_subplots(1, 3, subplot_titles=titles, horizontal_spacing=0.04)
    row, column = divmod(chosen, SIDE)
    for place, values in enumerate((parts.inputs, parts.weights, parts.contributions), start=1):
        lowest, highest = min(float(values.min()), 0), max(float(values.max()), 0)
        chart.add_heatmap(
            x=np.arange(SIDE),
            y=np.arange(SIDE),
            z=values.reshape(SIDE, SIDE),
            zmin=lowest,
            zmax=highest,
            colorscale=style.signed_scale(lowest, highest),
            showscale=False,
            hovertemplate="%{z:.4f}<extra></extra>",
            row=1,
            col=place,
        )
        edges = {"x0": column - 0.5, "x1": column + 0.5, "y0": row - 0.5, "y1": row + 0.5}
        chart.add_shape(**edges, line={"color": OUTLINE, "width": 2}, row=1, col=place)
        number = "" if place == 1 else place
        chart.update_yaxes(autorange="reversed", scaleanchor=f"x{number}", fixedrange=True, col=place)
    chart.update_xaxes(fixedrange=True)
    return style.bare(chart).update_layout(margin={"l": 0, "r": 0, "t": 52, "b": 0}, dragmode=False)


def columns(units: int) -> int:
    """How many units of a layer stand in one row of its picture."""
    return min(units, 25)


def units(output: NDArray[np.floating], chosen: int) -> go.Figure:
    """A layer's outputs, or what each adds to a sum, as a block of cells, row by row, with one framed.

    Args:
        output: (n,) what each unit hands on, or adds.
        chosen: number of the framed unit, from 0.
    """
    width = columns(len(output))
    rows = -(-len(output) // width)
    cells = np.full(rows * width, np.nan)
    cells[: len(output)] = output
    largest = float(np.abs(output).max()) or 1.0
    chart = style.figure()
    chart.add_heatmap(
        x=np.arange(width),
        y=np.arange(rows),
        z=cells.reshape(rows, width),
        customdata=np.arange(rows * width).reshape(rows, width),
        colorscale=style.SIGNED_SCALE,
        zmin=-largest,
        zmax=largest,
        xgap=1,
        ygap=1,
        hoverongaps=False,
        colorbar=style.COLOR_BAR,
        hovertemplate=style.hover(_("unit %{customdata}: %{z:.4f}")),
    )
    row, column = divmod(chosen, width)
    style.frame_cell(chart, row, column)
    style.bare(chart)
    chart.update_yaxes(autorange="reversed", fixedrange=True)
    chart.update_layout(margin={"l": 4, "r": 4, "t": 4, "b": 4}, dragmode=False)
    return chart


def robustness(
    curves: Sequence[tuple[str, style.Line, Sequence[float]]], levels: Sequence[float], unit: str
) -> go.Figure:
    """Accuracy against how much the images are damaged, a line for each network.

    Args:
        curves: (name, line, accuracy at each level); may be empty.
        levels: how much, in ``unit``.
    """
    chart = style.figure("", unit, _("Read right"))
    for name, line, accuracies in curves:
        chart.add_scatter(
            x=list(levels),
            y=list(accuracies),
            name=in_chart(name),
            mode="lines+markers",
            line=line._asdict(),
            hovertemplate="%{x}: %{y:.1%}<extra></extra>",
        )
    chart.update_yaxes(range=[0, 1.02], tickformat=".0%", fixedrange=True)
    chart.update_xaxes(range=[min(levels), max(levels)], fixedrange=True)
    chart.update_layout(showlegend=True, dragmode=False)
    return chart


def _square(chart: go.Figure) -> go.Figure:
    style.bare(chart)
    chart.update_yaxes(autorange="reversed", scaleanchor="x", fixedrange=True)
    chart.update_xaxes(fixedrange=True)
    chart.update_layout(margin={"l": 4, "r": 4, "t": 4, "b": 4}, dragmode=False)
    return chart
