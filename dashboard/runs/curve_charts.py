"""How a run learns: loss and accuracy, training and validation, as it goes."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any, Literal

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from core.study.guessing import Guessing
from dashboard.language import _
from dashboard.look import style
from dashboard.look.thinning import evenly

LOSS, ACCURACY = 1, 2  # the figure's columns

Columns = dict[str, NDArray[np.float64]]


def progress(
    points: pd.DataFrame,
    *,
    guessing: Guessing,
    axis: Literal["epoch", "seconds"] = "epoch",
    length: float = 10.0,
    published: pd.DataFrame | None = None,
    close: bool = False,
) -> dict[str, Any]:
    """Loss on the left, accuracy on the right, against epochs or seconds.

    It is drawn once a second for everybody who watches a run. So it is written down as what Plotly makes of
    a figure in the end, in a hundredth of the time that ``go.Figure`` takes to check every property.

    Args:
        points: columns of ``core.runs.progress.Point``; may be empty.
        guessing: drawn as a line in both panels.
        axis: what runs along x.
        length: where x ends at first: the epochs or seconds the run will take.
        published: epoch, loss, accuracy, val_loss, val_accuracy of a published run behind this one; only
            drawn against epochs, because its seconds belong to another machine.
        close: fit the axes to what comes after the first epoch, instead of showing all from 0.

    Returns:
        ``data`` and ``layout`` as ``go.Figure`` takes them.
    """
    columns = {name: points[name].to_numpy(float) for name in points.columns}
    panels = ((LOSS, "loss", guessing.loss), (ACCURACY, "accuracy", guessing.accuracy))
    data = [_guess_line(guess, length, panel) for panel, _name, guess in panels]
    if published is not None and axis == "epoch":
        data += [trace for panel, name, _guess in panels for trace in _published(published, name, panel)]
    data += [trace for panel, name, _guess in panels for trace in _curves(columns, name, axis, panel)]
    title = _("epochs") if axis == "epoch" else _("seconds of training")
    layout = copy.deepcopy(_panels(_("Loss"), _("Accuracy"), title))
    layout["xaxis"]["range"] = layout["xaxis2"]["range"] = [0, length]
    layout["yaxis"]["range"] = _loss_range(columns, guessing, close)
    layout["yaxis2"]["range"] = _accuracy_range(columns, close)
    return {"data": data, "layout": layout}


@cache
def _panels(left: str, right: str, below: str) -> dict[str, Any]:
    """The layout of two panels side by side, without what moves."""
    figure = make_subplots(1, 2, subplot_titles=(left, right), horizontal_spacing=0.09)
    figure.update_xaxes(title_text=below, title_standoff=8)
    figure.update_yaxes(tickformat=".0%", col=ACCURACY)
    figure.update_layout(
        margin={"l": 48, "r": 12, "t": 40, "b": 92},
        legend={"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
        hovermode="x unified",
        template=None,
    )
    layout: dict[str, Any] = figure.to_dict()["layout"]
    return layout


def _curves(columns: Columns, name: str, axis: str, panel: int) -> list[dict[str, Any]]:
    """The training line, its mean at each epoch's end, and the validation line."""
    measured = np.flatnonzero(~np.isnan(columns[name]))
    measured = measured[evenly(len(measured))]
    ends = np.flatnonzero(~np.isnan(columns[f"val_{name}"]))
    means = ends[~np.isnan(columns[f"epoch_{name}"][ends])]
    train, validation = style.PART_COLORS["train"], style.PART_COLORS["validation"]
    return [
        {
            **_scatter("within", _("training, now"), columns[axis][measured], columns[name][measured], panel),
            "mode": "lines",
            "line": {"color": train, "width": 1},
            "opacity": 0.7,
        },
        {
            **_scatter(
                "train",
                _("training, epoch mean"),
                columns[axis][means],
                columns[f"epoch_{name}"][means],
                panel,
            ),
            "mode": "lines+markers",
            "line": {"color": train, "width": 2},
            "marker": {"size": 6},
        },
        {
            **_scatter(
                "validation", _("validation"), columns[axis][ends], columns[f"val_{name}"][ends], panel
            ),
            "mode": "lines+markers",
            "line": {"color": validation, "width": 2.5},
            "marker": {"size": 7, "symbol": "diamond"},
        },
    ]


def _published(published: pd.DataFrame, name: str, panel: int) -> list[dict[str, Any]]:
    return [
        {
            **_scatter(
                f"published-{part}", label, published["epoch"].to_numpy(), published[key].to_numpy(), panel
            ),
            "mode": "lines",
            "line": {"color": style.PART_COLORS[part], "width": 1.5, "dash": "dot"},
            "opacity": 0.6,
        }
        for key, part, label in (
            (name, "train", _("published training")),
            (f"val_{name}", "validation", _("published validation")),
        )
    ]


def _guess_line(value: float, length: float, panel: int) -> dict[str, Any]:
    ends = np.array([0, length]), np.array([value, value])
    return {**_scatter("guess", _("guessing"), *ends, panel), **_guess_look()}


def _scatter(
    group: str, name: str, x: NDArray[np.float64], y: NDArray[np.float64], panel: int
) -> dict[str, Any]:
    place = {} if panel == LOSS else {"xaxis": "x2", "yaxis": "y2"}
    return {"type": "scatter", "x": x, "y": y, "name": name, **_legend(group, panel), **place}


def guess_line(value: float, length: float, column: int) -> go.Scatter:
    """What guessing scores, as a dashed line from 0 to ``length``."""
    return go.Scatter(
        x=[0, length], y=[value, value], name=_("guessing"), **_guess_look(), **_legend("guess", column)
    )


def _guess_look() -> dict[str, Any]:
    return {
        "mode": "lines",
        "line": {"color": style.GUESS_COLOR, "width": 1.5, "dash": "dash"},
        "hovertemplate": style.hover(_("guessing: {value}").format(value="%{y:.4f}")),
    }


def _legend(group: str, column: int) -> dict[str, object]:
    return {"legendgroup": group, "showlegend": column == LOSS, "uid": f"{group}-{column}"}


def _loss_range(columns: Columns, guessing: Guessing, close: bool) -> list[float]:
    """From 0 to above the fresh network's loss; close: to above the worst of the later epochs."""
    later = _after_first_epoch(columns, "loss")
    if close and len(later):
        return [0, 1.1 * float(later.max())]
    fresh = columns["val_loss"][~np.isnan(columns["val_loss"])][:1]
    return [0, 1.15 * max([guessing.loss, *fresh.tolist()])]


def _accuracy_range(columns: Columns, close: bool) -> list[float]:
    """From 0 to 1; close: from a little below the worst of the later epochs."""
    later = _after_first_epoch(columns, "accuracy")
    if close and len(later):
        return [max(0.0, 1 - 1.1 * (1 - float(later.min()))), 1]
    return [0, 1]


def _after_first_epoch(columns: Columns, name: str) -> NDArray[np.float64]:
    """Training means and validation figures from the end of the first epoch on."""
    ends = (columns["epoch"] >= 1) & ~np.isnan(columns[f"val_{name}"])
    figures = np.concatenate([columns[f"epoch_{name}"][ends], columns[f"val_{name}"][ends]])
    found: NDArray[np.float64] = figures[~np.isnan(figures)]
    return found
