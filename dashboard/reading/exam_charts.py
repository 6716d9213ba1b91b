"""How well a network reads: which digits it takes for which, digit by digit, and how far luck reaches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from core.reading.evaluation import wilson
from dashboard.language import _
from dashboard.look import style

DIGITS = [str(digit) for digit in range(10)]
_MISTAKES = (
    (0.0, "rgba(213, 94, 0, 0.06)"),
    (0.5, "rgba(213, 94, 0, 0.55)"),
    (1.0, "rgba(213, 94, 0, 0.95)"),
)
_RIGHT = ((0.0, "rgba(37, 128, 211, 0.16)"), (1.0, "rgba(37, 128, 211, 0.16)"))


def confusion(counts: NDArray[np.integer], chosen: tuple[int, int] | None = None) -> go.Figure:
    """Which digits were taken for which; the colour shows the mistakes only, so that rare ones are seen.

    Args:
        counts: (10, 10); rows are the true digits, columns the answers.
        chosen: (true digit, answer) of the cell to frame.
    """
    chart = style.figure("", _("The network's answer"), _("True digit"))
    right = np.eye(10, dtype=bool)
    chart.add_traces([_cells(counts, ~right, _MISTAKES), _cells(counts, right, _RIGHT), _numbers(counts)])
    if chosen is not None:
        style.frame_cell(chart, *chosen)
    axis = {"tickvals": DIGITS, "type": "category", "showgrid": False, "fixedrange": True}
    chart.update_xaxes(range=[-0.5, 9.5], **axis)
    chart.update_yaxes(range=[9.5, -0.5], **axis)
    chart.update_layout(margin={"l": 52, "r": 8, "t": 28, "b": 48}, dragmode=False, showlegend=False)
    return chart


def _cells(
    counts: NDArray[np.integer], shown: NDArray[np.bool_], scale: Sequence[tuple[float, str]]
) -> go.Heatmap:
    return go.Heatmap(
        x=DIGITS,
        y=DIGITS,
        z=np.where(shown & (counts > 0), counts, np.nan),
        hovertemplate=style.hover(_("a %{y} taken for a %{x}: %{z}")),
        hoverongaps=False,
        colorscale=scale,
        zmin=0,
        showscale=False,
        xgap=2,
        ygap=2,
    )


def _numbers(counts: NDArray[np.integer]) -> go.Scatter:
    """The counts as text of its own, which the theme colours; a heat map's text vanishes in the dark."""
    rows, columns = np.nonzero(counts)
    return go.Scatter(
        x=[DIGITS[column] for column in columns],
        y=[DIGITS[row] for row in rows],
        text=counts[rows, columns],
        mode="text",
        textfont={"size": 13},
        hoverinfo="skip",
    )


def by_digit(counts: NDArray[np.integer]) -> go.Figure:
    """Share of each digit's images that were read right, with the reach of luck; as for ``confusion``."""
    totals, right = counts.sum(axis=1), counts.diagonal()
    shown = np.flatnonzero(totals)
    share = right[shown] / totals[shown]
    ends = np.array([wilson(int(right[digit]), int(totals[digit])) for digit in shown]).reshape(-1, 2)
    chart = style.figure("", _("True digit"), _("Read right"))
    chart.add_scatter(
        x=[DIGITS[digit] for digit in shown],
        y=share,
        mode="markers",
        marker={"size": 12, "color": style.ACCENT},
        error_y=_error_bars(share, ends),
        customdata=np.stack([right[shown], totals[shown]], axis=1),
        hovertemplate=style.hover(_("%{x}: %{customdata[0]} of %{customdata[1]}, %{y:.1%}")),
    )
    chart.update_yaxes(tickformat=".0%", fixedrange=True)
    chart.update_xaxes(type="category", categoryarray=DIGITS, range=[-0.5, 9.5], fixedrange=True)
    chart.update_layout(showlegend=False, dragmode=False)
    return chart


def intervals(rows: Sequence[tuple[str, float, float, float]]) -> go.Figure:
    """Accuracies, each with the 95 % interval of the true one.

    Args:
        rows: (name, accuracy, lower end, upper end), the first one on top.
    """
    names = [name for name, *_rest in rows]
    accuracy = np.array([row[1] for row in rows])
    ends = np.array([row[2:] for row in rows])
    colors = [style.PART_COLORS["test"], style.PART_COLORS["validation"], *[style.NEUTRAL] * len(rows)]
    chart = style.figure("", _("Accuracy"))
    chart.add_scatter(
        x=accuracy,
        y=names,
        mode="markers",
        marker={"size": 12, "color": colors[: len(rows)]},
        error_x=_error_bars(accuracy, ends),
        customdata=ends,
        hovertemplate="%{y}: %{x:.2%} (%{customdata[0]:.2%} … %{customdata[1]:.2%})<extra></extra>",
    )
    chart.update_xaxes(tickformat=".1%", nticks=5, tickangle=0, fixedrange=True)
    chart.update_yaxes(range=[len(rows) - 0.5, -0.5], fixedrange=True)
    chart.update_layout(showlegend=False, dragmode=False, margin={"l": 90, "r": 16, "t": 8, "b": 44})
    return chart


def _error_bars(value: NDArray[np.floating], ends: NDArray[np.floating]) -> dict[str, object]:
    """Bars from the lower (n, 0) to the upper (n, 1) ends."""
    bars: dict[str, object] = {"array": ends[:, 1] - value, "arrayminus": value - ends[:, 0]}
    return bars | {"color": style.NEUTRAL, "width": 6}
