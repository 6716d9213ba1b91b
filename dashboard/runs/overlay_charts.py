"""Runs over one another: loss and accuracy, each line with its name at its end.

Written down as what Plotly makes of a figure, as in ``curve_charts``. Runs that have ended come with their
points; those that still move are filled in by the browser (``run_traces.js``), which also puts the names
where the lines end (``line_labels.js``).
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.study.guessing import Guessing
from dashboard.language import _, names
from dashboard.language.foreign import in_chart
from dashboard.look import style
from dashboard.look.thinning import thin
from dashboard.runs.curve_charts import filled, points_of

PUBLISHED_LINES = (style.Line(style.NEUTRAL, "2px,3px"), style.Line(style.NEUTRAL, "8px,3px,2px,3px"))
"""How the report's own runs are drawn: grey, so that they keep apart from the learner's."""

MOST_MARKERS = 40
"""A line of more points than this has no markers."""
LABEL = 17
"""Screen pixels from one name to the next, at the lines' ends."""

Part = Literal["validation", "training"]
Axis = Literal["epoch", "seconds"]
Trace = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Curve:
    """One line of an overlay.

    Attributes:
        key: tells the line from the others while the chart is updated.
        name: at the line's end.
        line: its colour and dash, the same wherever the run is drawn.
        loss: code of the loss it was trained with; different losses never share an axis.
        points: columns of ``Point`` for each run. One run is a line; several, which differ in
            nothing but the seed, are their mean and the band from the lowest to the highest.
        moving: ids of the runs where one of them still trains; the browser fills them in.
        published: a figure from the report: epoch, loss, accuracy, val_loss, val_accuracy, no seconds.
    """

    key: str
    name: str
    line: style.Line
    loss: str
    points: Sequence[pd.DataFrame]
    moving: Sequence[str] = ()
    published: bool = False


@dataclass(frozen=True)
class Look:
    """How an overlay is drawn.

    Attributes:
        part: the validation figures, at each epoch's end; or the training figures, within the epochs.
        axis: what runs along the bottom.
        log: a logarithmic axis for the losses.
        smoothing: training figures are drawn as means of so many points, the measured ones faint behind
            them; 1 draws what was measured.
        close: fit the axes to what comes after the first epoch, as soon as there is such a thing, instead
            of showing all from 0.
        within: what the first run of each line measures within the epochs stands faint behind it.
    """

    part: Part = "validation"
    axis: Axis = "epoch"
    log: bool = False
    smoothing: int = 1
    close: bool = True
    within: bool = False

    @property
    def is_smoothed(self) -> bool:
        """Whether lines are means of several points."""
        return self.part == "training" and self.smoothing > 1

    def column(self, measure: str) -> str:
        """The column of ``Point`` that is drawn."""
        return f"val_{measure}" if self.part == "validation" else measure


def overlay(
    curves: Sequence[Curve], look: Look | None = None, *, guessing: Mapping[str, Guessing] | None = None
) -> dict[str, Any]:
    """Loss on the left, one panel for each kind of loss, and accuracy on the right.

    Args:
        curves: published ones are left out against seconds, which belong to another machine.
        guessing: code of a loss → what guessing scores, drawn as a line in the panels from 0.

    Returns:
        ``data`` and ``layout`` as ``go.Figure`` takes them; ``layout.meta.panels`` are the panels' titles.
    """
    look = look or Look()
    shown = [curve for curve in curves if not (curve.published and look.axis == "seconds")]
    kinds = list(dict.fromkeys(curve.loss for curve in shown)) or ["cross-entropy"]
    panels = [*kinds, None]
    data: list[Trace] = []
    layout = _layout(panels, look, len(shown))
    for number, kind in enumerate(panels, start=1):
        measure, lines = "loss" if kind else "accuracy", [c for c in shown if kind in (None, c.loss)]
        place = {"xaxis": f"x{number}", "yaxis": f"y{number}"} if number > 1 else {}
        if guessing and not look.close:
            guess = guessing[kind].loss if kind else next(iter(guessing.values())).accuracy
            layout["shapes"].append(_guess(guess, number))
        for curve in lines:
            data += [trace | place for trace in _traces(curve, measure, look)]
        upward = f"yaxis{number if number > 1 else ''}"
        layout[upward] |= _range(lines, measure, look)
        if look.close and any(curve.moving for curve in lines):
            layout["meta"]["live"].append(_live_range(lines, measure, look) | {"axis": upward})
    return {"data": data, "layout": layout}


def height_of(count: int) -> int:
    """Screen pixels of an overlay of so many lines: room for all names."""
    return max(430, 90 + LABEL * count)


def _titles(panels: Sequence[str | None]) -> list[str]:
    losses = [_("Loss")] if len(panels) == 2 else [names.loss(kind) for kind in panels if kind]
    return [*losses, _("Accuracy")]


def _traces(curve: Curve, measure: str, look: Look) -> Iterator[Trace]:
    """The band of several runs; what was measured, if the line is smoothed; the line, which has a name."""
    column, color = look.column(measure), curve.line.color
    key = f"{curve.key}-{measure}"
    quiet = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "showlegend": False}
    rule = {"x": look.axis, "y": column}
    series = pd.DataFrame() if curve.moving else _series(curve, column, look)
    if len(curve.points) > 1:
        points = filled("band", curve.moving, **rule) if curve.moving else _band(series, look.axis)
        fill = {"fill": "toself", "fillcolor": style.faded(color, 0.18), "line": {"width": 0}}
        yield {**quiet, **fill, **points, "uid": f"{key}-band"}
    if look.is_smoothed and not curve.published:
        faint = {"color": style.faded(color, 0.3), "width": 1}
        points = filled("mean", curve.moving, **rule) if curve.moving else _xy(series, look.axis, "measured")
        yield {**quiet, **points, "line": faint, "uid": f"{key}-measured"}
    if look.within and not curve.published:
        yield {**quiet, **_within(curve, measure, look.axis), "opacity": 0.4, "uid": f"{key}-within"} | {
            "line": {"color": color, "width": 1}
        }
    points = _moving(curve, rule, look) if curve.moving else _xy(series, look.axis, "value")
    label = {"label": html.unescape(in_chart(curve.name)), "color": color}
    yield {
        "type": "scatter",
        "name": in_chart(curve.name),
        "mode": "lines" if look.part == "training" or len(series) > MOST_MARKERS else "lines+markers",
        "marker": {"size": 6},
        "line": {"color": color, "dash": curve.line.dash, "width": 1.5 if curve.published else 2.25},
        "uid": key,
        "showlegend": False,
        **points,
        "meta": label | points.get("meta", {}),
    }


def _moving(curve: Curve, rule: Mapping[str, str], look: Look) -> Trace:
    """How the browser fills in a line."""
    smoothing = {"smoothing": look.smoothing} if look.is_smoothed else {}
    if len(curve.moving) > 1 or smoothing:
        return filled("mean", curve.moving, **rule, **smoothing)
    return points_of(curve.moving, rule["x"], rule["y"], rule["y"])


def _within(curve: Curve, measure: str, axis: Axis) -> Trace:
    """What the first run measures while it trains."""
    if curve.moving:
        return points_of(curve.moving[:1], axis, measure, measure)
    known = thin(curve.points[0].dropna(subset=[measure]))
    return _xy(known, axis, measure)


def _xy(series: pd.DataFrame, axis: str, column: str) -> Trace:
    return {"x": series[axis].to_numpy(), "y": series[column].to_numpy()}


def _band(series: pd.DataFrame, axis: str) -> Trace:
    x, high, low = (series[name].to_numpy() for name in (axis, "high", "low"))
    return {"x": np.concatenate([x, x[::-1]]), "y": np.concatenate([high, low[::-1]])}


def _series(curve: Curve, column: str, look: Look) -> pd.DataFrame:
    """epoch, seconds, value, low, high, measured: over the curve's runs, at every epoch that all have."""
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
    if look.is_smoothed and not curve.published:
        series["value"] = series["value"].rolling(look.smoothing, min_periods=1).mean()
    return thin(series)


def _figures(points: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """float64 (3, n): epoch, seconds (NaN where there are none) and the figure, where it was measured."""
    figure = points[column].to_numpy(dtype=float)
    seconds = points["seconds"].to_numpy(dtype=float) if "seconds" in points else np.full(len(points), np.nan)
    found: NDArray[np.float64] = np.stack([points["epoch"].to_numpy(dtype=float), seconds, figure])
    return found[:, ~np.isnan(figure)]


def _guess(value: float, number: int) -> dict[str, Any]:
    """What guessing scores, across a panel."""
    axis = "" if number == 1 else number
    line = {"color": style.GUESS_COLOR, "width": 1.5, "dash": "dash"}
    across = {"xref": f"x{axis} domain", "x0": 0, "x1": 1, "yref": f"y{axis}", "y0": value, "y1": value}
    return {"type": "line", "line": line, **across}


def _later(curves: Iterable[Curve], column: str) -> NDArray[np.float64]:
    """What curves that move no more measured after the first epoch: (n,)."""
    still = [points for curve in curves if not curve.moving for points in curve.points]
    found = [figures[2, figures[0] >= 1] for points in still if (figures := _figures(points, column)).size]
    return np.concatenate([np.empty(0), *found])


def _has_later(curves: Iterable[Curve]) -> bool:
    return any(points["epoch"].max() > 1 for curve in curves for points in curve.points)


def _range(curves: Sequence[Curve], measure: str, look: Look) -> dict[str, Any]:
    """How the axis of a panel runs; close: around the worst of what comes after the first epoch."""
    later = _later(curves, look.column(measure)) if look.close and _has_later(curves) else np.empty(0)
    if measure == "accuracy":
        lowest = max(0.0, 1 - 1.1 * (1 - float(later.min()))) if later.size else 0.0
        return {"range": [lowest, 1], "tickformat": ".0%" if lowest < 0.9 else ".1%"}
    if look.log:
        return {"type": "log", "exponentformat": "power"}
    return {"range": [0, 1.1 * float(later.max())]} if later.size else {"rangemode": "tozero"}


def _live_range(curves: Sequence[Curve], measure: str, look: Look) -> dict[str, Any]:
    """The same for the browser, which knows what the moving ones measure."""
    later = _later(curves, look.column(measure)) if _has_later(curves) else np.empty(0)
    worst = (later.min() if measure == "accuracy" else later.max()) if later.size else None
    runs = [run for curve in curves for run in curve.moving]
    return {"how": "worst", "measure": measure, "y": look.column(measure), "worst": worst, "runs": runs}


def _layout(panels: Sequence[str | None], look: Look, lines: int) -> dict[str, Any]:
    """All but the axes' ranges; where the panels stand is up to the browser, which knows its width."""
    across = {"title": {"text": _x_title(look), "standoff": 8}}
    axes: dict[str, Any] = {}
    for number in range(1, len(panels) + 1):
        suffix = "" if number == 1 else str(number)
        axes[f"xaxis{suffix}"] = across | {"anchor": f"y{suffix}"}
        axes[f"yaxis{suffix}"] = {"anchor": f"x{suffix}"}
    return {
        **axes,
        "shapes": [],
        "showlegend": False,
        "hovermode": "x unified" if lines <= len(style.RUN_COLORS) else "closest",
        "meta": {"panels": _titles(panels), "live": []},
    }


def _x_title(look: Look) -> str:
    title = _("epochs") if look.axis == "epoch" else _("seconds of training")
    if not look.is_smoothed:
        return title
    return _("{axis} · smoothed: means of {count} points").format(axis=title, count=look.smoothing)
