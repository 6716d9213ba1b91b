"""Why a network answers as it does."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.language import _
from dashboard.language.foreign import in_chart
from dashboard.look import style


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
            "thickness": 10,
        },
        hovertemplate=style.hover(_("pixel %{x}, %{y}: ink %{customdata}, slope %{z:.3f}")),
    )
    chart.add_contour(
        z=image,
        contours={"start": 127, "end": 127, "size": 1, "coloring": "none"},
        line={"color": "#0B0F14", "width": 2, "smoothing": 0},
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


def contributions(added: NDArray[np.floating]) -> go.Figure:
    """What each pixel (28, 28) adds to a unit's weighted sum: blue adds, orange takes away."""
    largest = float(np.abs(added).max()) or 1.0
    chart = style.figure()
    chart.add_heatmap(
        z=added,
        colorscale=style.SIGNED_SCALE,
        zmin=-largest,
        zmax=largest,
        colorbar={"thickness": 10},
        hovertemplate="%{x}, %{y}: %{z:.4f}<extra></extra>",
    )
    return _square(chart)


def columns(units: int) -> int:
    """How many units of a layer stand in one row of its picture."""
    return min(units, 25)


def units(output: NDArray[np.floating], chosen: int) -> go.Figure:
    """A layer's outputs as a block of cells, row by row, with one unit framed.

    Args:
        output: (n,) what each unit hands on.
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
        colorbar={"thickness": 10},
        hovertemplate=style.hover(_("unit %{customdata}: %{z:.4f}")),
    )
    row, column = divmod(chosen, width)
    style.frame_cell(chart, row, column)
    style.bare(chart)
    chart.update_yaxes(autorange="reversed", fixedrange=True)
    chart.update_layout(margin={"l": 4, "r": 4, "t": 4, "b": 4}, dragmode=False)
    return chart


def robustness(
    curves: Sequence[tuple[str, Sequence[float]]], levels: Sequence[float], unit: str
) -> go.Figure:
    """Accuracy against how much the images are damaged, a line for each network.

    Args:
        curves: (name, accuracy at each level); may be empty.
        levels: how much, in ``unit``.
    """
    chart = style.figure("", unit, _("Read right"))
    for (name, accuracies), line in zip(curves, style.RUN_COLORS, strict=False):
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
