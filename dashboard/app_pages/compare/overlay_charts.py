"""Runs over one another: loss and accuracy, with a band where a line stands for several seeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from core.study.guessing import Guessing
from dashboard.language import _, names
from dashboard.language.foreign import in_chart
from dashboard.look import style
from dashboard.look.thinning import thin

PUBLISHED_LINES = (style.Line(style.NEUTRAL, "2px,3px"), style.Line(style.NEUTRAL, "8px,3px,2px,3px"))
"""How the report's own runs are drawn: grey, so that they keep apart from the learner's."""

MOST_MARKERS = 40
"""A line of more points than this has no markers."""

_GUESS = {"color": style.GUESS_COLOR, "width": 1.5, "dash": "dash"}

Part = Literal["validation", "training"]


@dataclass(frozen=True, eq=False)
class Curve:
    """One line of an overlay.

    Attributes:
        key: tells the line from the others while the chart is updated.
        name: in the legend.
        line: its colour and dash, the same wherever the run is drawn.
        loss: code of the loss it was trained with; different losses never share an axis.
        points: columns of ``Point`` for each run. One run is a line; several, which differ in
            nothing but the seed, are their mean and the band from the lowest to the highest.
        published: a figure from the report: epoch, loss, accuracy, val_loss, val_accuracy, no seconds.
    """

    key: str
    name: str
    line: style.Line
    loss: str
    points: Sequence[pd.DataFrame]
    published: bool = False


def overlay(
    curves: Sequence[Curve],
    *,
    part: Part = "validation",
    axis: Literal["epoch", "seconds"] = "epoch",
    log: bool = False,
    smoothing: int = 1,
    close: bool = True,
    guessing: Mapping[str, Guessing] | None = None,
) -> go.Figure:
    """Loss on the left, one panel for each kind of loss, and accuracy on the right.

    Args:
        curves: published ones are left out against seconds, which belong to another machine.
        part: the validation figures, at each epoch's end; or the training figures, within the epochs.
        log: a logarithmic axis for the losses.
        smoothing: training figures are drawn as means of so many points, the measured ones faint behind
            them; 1 draws what was measured.
        close: fit the axes to what comes after the first epoch, as soon as there is such a thing, instead
            of showing all from 0.
        guessing: code of a loss → what guessing scores, drawn as a line in the panels from 0.
    """
    shown = [curve for curve in curves if not (curve.published and axis == "seconds")]
    close = close and any(points["epoch"].max() > 1 for curve in shown for points in curve.points)
    kinds = list(dict.fromkeys(curve.loss for curve in shown)) or ["cross-entropy"]
    figure = make_subplots(1, len(kinds) + 1, subplot_titles=_titles(kinds), horizontal_spacing=0.09)
    for column, kind in enumerate([*kinds, None], start=1):
        measure = "loss" if kind else "accuracy"
        lines = {
            curve: _series(curve, part, measure, smoothing) for curve in shown if kind in (None, curve.loss)
        }
        for curve, series in lines.items():
            for trace in _traces(curve, series, axis):
                trace.update(uid=f"{trace.uid}-{measure}", showlegend=bool(trace.name) and kind is None)
                figure.add_trace(trace, 1, column)
        figure.update_yaxes(_range(lines.values(), measure, close, log), col=column)
        if guessing and not close:
            figure.add_hline(y=_guess(guessing, kind), line=_GUESS, row=1, col=column)
    return _lay_out(figure, axis, part, smoothing)


def _titles(kinds: Sequence[str]) -> list[str]:
    losses = [_("Loss")] if len(kinds) == 1 else [names.loss(kind) for kind in kinds]
    return [*losses, _("Accuracy")]


def _guess(guessing: Mapping[str, Guessing], kind: str | None) -> float:
    return guessing[kind].loss if kind else next(iter(guessing.values())).accuracy


def _series(curve: Curve, part: Part, measure: str, smoothing: int) -> pd.DataFrame:
    """epoch, seconds, value, low, high, measured: over the curve's runs, at every epoch that all have."""
    column = f"val_{measure}" if part == "validation" else measure
    runs = [_figures(points, column) for points in curve.points] or [np.empty((3, 0))]
    epochs = reduce(np.intersect1d, (run[0] for run in runs))
    common = np.stack([run[:, np.isin(run[0], epochs)] for run in runs])
    _epoch, seconds, values = common.swapaxes(0, 1)
    series = pd.DataFrame(
        {
            "epoch": epochs,
            "seconds": seconds.mean(axis=0),
            "value": values.mean(axis=0),
            "low": values.min(axis=0),
            "high": values.max(axis=0),
            "measured": values.mean(axis=0),
        }
    )
    if part == "training" and smoothing > 1 and not curve.published:
        drawn = ["value", "low", "high"]
        series[drawn] = series[drawn].rolling(smoothing, min_periods=1).mean()
    return thin(series)


def _figures(points: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """float64 (3, n): epoch, seconds (NaN where there are none) and the figure, where it was measured."""
    figure = points[column].to_numpy(dtype=float)
    seconds = points["seconds"].to_numpy(dtype=float) if "seconds" in points else np.full(len(points), np.nan)
    found: NDArray[np.float64] = np.stack([points["epoch"].to_numpy(dtype=float), seconds, figure])
    return found[:, ~np.isnan(figure)]


def _traces(curve: Curve, series: pd.DataFrame, axis: str) -> Iterator[go.Scatter]:
    """The band of several runs; what was measured, if the line is smoothed; the line, which has a name."""
    x, color = series[axis], curve.line.color
    quiet = {"mode": "lines", "hoverinfo": "skip", "legendgroup": curve.key}
    if len(curve.points) > 1:
        yield go.Scatter(
            x=[*x, *x[::-1]],
            y=[*series["high"], *series["low"][::-1]],
            fill="toself",
            fillcolor=style.faded(color, 0.18),
            line={"width": 0},
            uid=f"{curve.key}-band",
            **quiet,
        )
    if not series["value"].equals(series["measured"]):
        faint = {"color": style.faded(color, 0.3), "width": 1}
        yield go.Scatter(x=x, y=series["measured"], line=faint, uid=f"{curve.key}-measured", **quiet)
    yield go.Scatter(
        x=x,
        y=series["value"],
        name=in_chart(curve.name),
        mode="lines+markers" if len(series) <= MOST_MARKERS else "lines",
        marker={"size": 6},
        line={"color": color, "dash": curve.line.dash, "width": 1.5 if curve.published else 2.25},
        legendgroup=curve.key,
        uid=curve.key,
    )


def _range(series: Iterable[pd.DataFrame], measure: str, close: bool, log: bool) -> dict[str, Any]:
    """How the axis of a panel runs; close: around the worst of what comes after the first epoch."""
    later = pd.concat([pd.DataFrame(columns=["epoch", "low", "high"]), *series])
    later = later[later["epoch"] >= 1]
    if measure == "accuracy":
        lowest = 1 - 1.1 * (1 - float(later["low"].min())) if close and len(later) else 0.0
        return {"range": [max(0.0, lowest), 1], "tickformat": ".0%" if lowest < 0.9 else ".1%"}
    if log:
        return {"type": "log", "exponentformat": "power"}
    return (
        {"range": [0, 1.1 * float(later["high"].max())]} if close and len(later) else {"rangemode": "tozero"}
    )


def _lay_out(figure: go.Figure, axis: str, part: Part, smoothing: int) -> go.Figure:
    title = _("epochs") if axis == "epoch" else _("seconds of training")
    if part == "training" and smoothing > 1:
        title = _("{axis} · smoothed: means of {count} points").format(axis=title, count=smoothing)
    figure.update_xaxes(title_text=title, rangemode="tozero", title_standoff=8)
    return figure.update_layout(
        margin={"l": 52, "r": 12, "t": 40, "b": 92},
        legend={"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
        hovermode="x unified",
    )
