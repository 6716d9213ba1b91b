"""How a run learns: loss and accuracy, training and validation, as it goes."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal

import pandas as pd
from plotly.subplots import make_subplots

from core.runs.run import Run
from core.study.guessing import Guessing
from dashboard.language import _
from dashboard.look import style

LOSS, ACCURACY = 1, 2  # the figure's columns
GUESSED_SECONDS = 10.0
"""Seconds along the bottom before anything is known of a run's speed."""


def progress(
    run: Run,
    *,
    guessing: Guessing,
    axis: Literal["epoch", "seconds"] = "epoch",
    published: pd.DataFrame | None = None,
    close: bool = False,
) -> dict[str, Any]:
    """Loss on the left, accuracy on the right, against epochs or seconds: all but the run's points.

    The browser fills those in as they come (``run_traces.js``), so that this figure is the same from a run's
    first point to its last. It is written down as what Plotly makes of a figure in the end, in a hundredth of
    the time that ``go.Figure`` takes to check every property.

    Args:
        guessing: drawn as a line in both panels.
        axis: what runs along x.
        published: epoch, loss, accuracy, val_loss, val_accuracy of a published run behind this one; only
            drawn against epochs, because its seconds belong to another machine.
        close: fit the axes to what comes after the first epoch, instead of showing all from 0.

    Returns:
        ``data`` and ``layout`` as ``go.Figure`` takes them.
    """
    panels = ((LOSS, "loss", guessing.loss), (ACCURACY, "accuracy", guessing.accuracy))
    time = {"run": run.id, "whole": run.epochs * run.steps_per_epoch, "unknown": GUESSED_SECONDS}
    length = float(run.epochs) if axis == "epoch" else GUESSED_SECONDS
    across = {"meta": filled("across", [run.id], **time)["meta"]} if axis == "seconds" else {}
    data = [_guess_line(guess, length, panel) | across for panel, _name, guess in panels]
    if published is not None and axis == "epoch":
        data += [trace for panel, name, _guess in panels for trace in _published(published, name, panel)]
    data += [trace for panel, name, _guess in panels for trace in _curves(run.id, name, axis, panel)]
    title = _("epochs") if axis == "epoch" else _("seconds of training")
    layout = copy.deepcopy(_panels(_("Loss"), _("Accuracy"), title))
    layout["xaxis"]["range"] = layout["xaxis2"]["range"] = [0, length]
    layout["yaxis"]["range"], layout["yaxis2"]["range"] = [0, 1.15 * guessing.loss], [0, 1]
    along = [{"axis": name, "how": "seconds", **time} for name in ("xaxis", "xaxis2")]
    upward = [
        {"axis": "yaxis", "how": "loss", "run": run.id, "guess": guessing.loss, "close": close},
        {"axis": "yaxis2", "how": "accuracy", "run": run.id, "close": close},
    ]
    layout["meta"] = {"live": [*(along if axis == "seconds" else []), *upward]}
    return {"data": data, "layout": layout}


def published_alone(published: pd.DataFrame) -> dict[str, Any]:
    """A published run by itself, against epochs; columns as for ``progress``."""
    layout = copy.deepcopy(_panels(_("Loss"), _("Accuracy"), _("epochs")))
    panels = ((LOSS, "loss"), (ACCURACY, "accuracy"))
    return {
        "data": [trace for panel, name in panels for trace in _published(published, name, panel)],
        "layout": layout,
    }


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


def _curves(run_id: str, name: str, axis: str, panel: int) -> list[dict[str, Any]]:
    """The training line, its mean at each epoch's end, and the validation line."""
    train, validation = style.PART_COLORS["train"], style.PART_COLORS["validation"]

    def measured(figure: str, where: str) -> dict[str, Any]:
        return points_of([run_id], axis, figure, where)

    return [
        {
            **_scatter("within", _("training, now"), measured(name, name), panel),
            "mode": "lines",
            "line": {"color": train, "width": 1},
            "opacity": 0.85,
        },
        {
            **_scatter("train", _("training, epoch mean"), measured(f"epoch_{name}", f"val_{name}"), panel),
            "mode": "lines+markers",
            "line": {"color": train, "width": 2},
            "marker": {"size": 6},
        },
        {
            **_scatter("validation", _("validation"), measured(f"val_{name}", f"val_{name}"), panel),
            "mode": "lines+markers",
            "line": {"color": validation, "width": 2.5},
            "marker": {"size": 7, "symbol": "diamond"},
        },
    ]


def points_of(run_ids: Sequence[str], x: str, y: str, where: str) -> dict[str, Any]:
    """A trace's points, to be filled in by the browser: y of a run at all points where ``where`` is known.

    Args:
        run_ids: the run. x, y, where: columns of ``Point``.
    """
    return filled("line", run_ids, x=x, y=y, where=where)


def filled(how: str, run_ids: Sequence[str], **rule: object) -> dict[str, Any]:
    """That the browser fills in a trace's points, as ``run_traces.js`` says."""
    return {"x": [], "y": [], "meta": {"live": {"how": how, "runs": list(run_ids), **rule}}}


def _published(published: pd.DataFrame, name: str, panel: int) -> list[dict[str, Any]]:
    return [
        {
            **_scatter(
                f"published-{part}",
                label,
                {"x": published["epoch"].to_numpy(), "y": published[key].to_numpy()},
                panel,
            ),
            "mode": "lines",
            "line": {"color": style.PART_COLORS[part], "width": 1.5, "dash": "dot"},
            "opacity": 0.85,
        }
        for key, part, label in (
            (name, "train", _("published training")),
            (f"val_{name}", "validation", _("published validation")),
        )
    ]


def _guess_line(value: float, length: float, panel: int) -> dict[str, Any]:
    ends = {"x": [0, length], "y": [value, value]}
    return {**_scatter("guess", _("guessing"), ends, panel), **_guess_look()}


def _scatter(group: str, name: str, points: Mapping[str, Any], panel: int) -> dict[str, Any]:
    place = {} if panel == LOSS else {"xaxis": "x2", "yaxis": "y2"}
    return {"type": "scatter", "name": name, **points, **_legend(group, panel), **place}


def _guess_look() -> dict[str, Any]:
    return {
        "mode": "lines",
        "line": {"color": style.GUESS_COLOR, "width": 1.5, "dash": "dash"},
        "hovertemplate": style.hover(_("guessing: {value}").format(value="%{y:.4f}")),
    }


def _legend(group: str, column: int) -> dict[str, object]:
    return {"legendgroup": group, "showlegend": column == LOSS, "uid": f"{group}-{column}"}
