"""How a run learns: loss and accuracy, training and validation, as it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.charts import style
from dashboard.language import _

MOST_POINTS = 500
"""Points of one trace that the browser is sent; a longer run is thinned to this."""

LOSS, ACCURACY = 1, 2  # the figure's columns


@dataclass(frozen=True)
class Guessing:
    """What a network scores that has learnt nothing.

    ``loss``: of giving every digit the same probability. ``accuracy``: share of the commonest digit.
    """

    loss: float
    accuracy: float


def progress(
    points: pd.DataFrame,
    *,
    guessing: Guessing,
    axis: Literal["epoch", "seconds"] = "epoch",
    length: float = 10.0,
    published: pd.DataFrame | None = None,
    close: bool = False,
) -> go.Figure:
    """Loss on the left, accuracy on the right, against epochs or seconds.

    Args:
        points: columns of ``core.progress.Point``; may be empty.
        guessing: drawn as a line in both panels.
        axis: what runs along x.
        length: where x ends at first: the epochs or seconds the run will take.
        published: epoch, loss, accuracy, val_loss, val_accuracy of a published run behind this one; only
            drawn against epochs, because its seconds belong to another machine.
        close: fit the axes to what comes after the first epoch, instead of showing all from 0.
    """
    figure = make_subplots(1, 2, subplot_titles=(_("Loss"), _("Accuracy")), horizontal_spacing=0.09)
    for column, value in ((LOSS, guessing.loss), (ACCURACY, guessing.accuracy)):
        figure.add_trace(guess_line(value, length, column), 1, column)
    if published is not None and axis == "epoch":
        for column, name in ((LOSS, "loss"), (ACCURACY, "accuracy")):
            figure.add_traces(_published(published, name, column), rows=1, cols=column)
    for column, name in ((LOSS, "loss"), (ACCURACY, "accuracy")):
        figure.add_traces(_curves(points, name, axis, column), rows=1, cols=column)
    _lay_out(figure, axis, length)
    figure.update_yaxes(range=_loss_range(points, guessing, close), col=LOSS)
    figure.update_yaxes(range=_accuracy_range(points, close), tickformat=".0%", col=ACCURACY)
    return figure


def _curves(points: pd.DataFrame, name: str, axis: str, column: int) -> list[go.Scatter]:
    """The training line, its mean at each epoch's end, and the validation line."""
    measured = thin(points.dropna(subset=[name]))
    ends = points.dropna(subset=[f"val_{name}"])
    means = ends.dropna(subset=[f"epoch_{name}"])
    train, validation = style.PART_COLORS["train"], style.PART_COLORS["validation"]
    return [
        go.Scatter(
            x=measured[axis],
            y=measured[name],
            mode="lines",
            name=_("training, now"),
            line={"color": train, "width": 1},
            opacity=0.45,
            **_legend("within", column),
        ),
        go.Scatter(
            x=means[axis],
            y=means[f"epoch_{name}"],
            mode="lines+markers",
            name=_("training, epoch mean"),
            line={"color": train, "width": 2},
            marker={"size": 6},
            **_legend("train", column),
        ),
        go.Scatter(
            x=ends[axis],
            y=ends[f"val_{name}"],
            mode="lines+markers",
            name=_("validation"),
            line={"color": validation, "width": 2.5},
            marker={"size": 7, "symbol": "diamond"},
            **_legend("validation", column),
        ),
    ]


def thin(points: pd.DataFrame) -> pd.DataFrame:
    """At most ``MOST_POINTS`` rows, evenly chosen, the newest always among them."""
    stride = -(-len(points) // MOST_POINTS) if len(points) else 1
    return points.iloc[::-1].iloc[::stride].iloc[::-1]


def _published(published: pd.DataFrame, name: str, column: int) -> list[go.Scatter]:
    look = {"mode": "lines", "opacity": 0.6}
    return [
        go.Scatter(
            x=published["epoch"],
            y=published[key],
            name=label,
            line={"color": style.PART_COLORS[part], "width": 1.5, "dash": "dot"},
            **look,
            **_legend(f"published-{part}", column),
        )
        for key, part, label in (
            (name, "train", _("published training")),
            (f"val_{name}", "validation", _("published validation")),
        )
    ]


def guess_line(value: float, length: float, column: int) -> go.Scatter:
    """What guessing scores, as a dashed line from 0 to ``length``."""
    return go.Scatter(
        x=[0, length],
        y=[value, value],
        mode="lines",
        name=_("guessing"),
        line={"color": style.GUESS_COLOR, "width": 1.5, "dash": "dash"},
        hovertemplate=_("guessing: {value}").format(value="%{y:.4f}") + "<extra></extra>",
        **_legend("guess", column),
    )


def _legend(group: str, column: int) -> dict[str, object]:
    return {"legendgroup": group, "showlegend": column == LOSS, "uid": f"{group}-{column}"}


def _lay_out(figure: go.Figure, axis: str, length: float) -> None:
    title = _("epochs") if axis == "epoch" else _("seconds of training")
    figure.update_xaxes(title_text=title, range=[0, length], title_standoff=8)
    figure.update_layout(
        margin={"l": 48, "r": 12, "t": 40, "b": 92},
        legend={"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
        hovermode="x unified",
    )


def _loss_range(points: pd.DataFrame, guessing: Guessing, close: bool) -> list[float]:
    """From 0 to above the fresh network's loss; close: to above the worst of the later epochs."""
    later = _after_first_epoch(points, "loss")
    if close and len(later):
        return [0, 1.1 * float(later.max())]
    return [0, 1.15 * max([guessing.loss, *points["val_loss"].dropna().head(1)])]


def _accuracy_range(points: pd.DataFrame, close: bool) -> list[float]:
    """From 0 to 1; close: from a little below the worst of the later epochs."""
    later = _after_first_epoch(points, "accuracy")
    if close and len(later):
        return [max(0.0, 1 - 1.1 * (1 - float(later.min()))), 1]
    return [0, 1]


def _after_first_epoch(points: pd.DataFrame, name: str) -> pd.Series:
    """Training means and validation figures from the end of the first epoch on."""
    ends = points[(points["epoch"] >= 1) & points[f"val_{name}"].notna()]
    figures: pd.Series = pd.concat([ends[f"epoch_{name}"], ends[f"val_{name}"]]).dropna()
    return figures
