"""Two networks on the same axes: loss and accuracy of each, with the spread over seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from core.study.guessing import Guessing
from dashboard.language import _
from dashboard.look import style
from dashboard.runs.curve_charts import filled, guess_line, points_of


@dataclass(frozen=True)
class Runner:
    """One side of the duel: its name and the ids of its runs."""

    name: str
    runs: Sequence[str]


def race(runners: Sequence[Runner], *, guessing: Guessing, length: float) -> go.Figure:
    """Loss left, accuracy right; validation at epoch ends, and training in between as a faint line.

    With several runs a side, the line is their mean and the band reaches from the lowest to the highest. The
    browser fills all of them in.
    """
    figure = make_subplots(1, 2, subplot_titles=(_("Loss"), _("Accuracy")), horizontal_spacing=0.09)
    for column, (name, guess) in enumerate(
        (("loss", guessing.loss), ("accuracy", guessing.accuracy)), start=1
    ):
        figure.add_trace(guess_line(guess, length, column), 1, column)
        for line, runner in zip(style.RUN_COLORS, runners, strict=False):
            figure.add_traces(_lines(runner, name, line, shown=column == 1), rows=1, cols=column)
    figure.update_xaxes(title_text=_("epochs"), range=[0, length], title_standoff=8)
    figure.update_yaxes(range=[0, 1.35 * guessing.loss], col=1)
    figure.update_yaxes(range=[0, 1], tickformat=".0%", col=2)
    return figure.update_layout(
        margin={"l": 48, "r": 12, "t": 40, "b": 84},
        legend={"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
        hovermode="x unified",
    )


def _lines(runner: Runner, name: str, line: style.Line, *, shown: bool) -> list[go.Scatter]:
    key, ends = f"{runner.name}-{name}", {"x": "epoch", "y": f"val_{name}"}
    group = {"legendgroup": runner.name, "hoverinfo": "skip", "showlegend": False}
    training = go.Scatter(
        mode="lines",
        opacity=0.4,
        uid=f"{key}-training",
        line={"color": line.color, "width": 1},
        **points_of(runner.runs[:1], "epoch", name, name),
        **group,
    )
    band = go.Scatter(
        fill="toself",
        mode="none",
        fillcolor=line.color,
        opacity=0.2,
        uid=f"{key}-band",
        **filled("band", runner.runs, **ends),
        **group,
    )
    validation = go.Scatter(
        mode="lines+markers",
        name=runner.name,
        legendgroup=runner.name,
        showlegend=shown,
        line={"color": line.color, "dash": line.dash, "width": 2.5},
        marker={"size": 7},
        uid=f"{key}-validation",
        **filled("mean", runner.runs, **ends),
    )
    return [training, *([band] if len(runner.runs) > 1 else []), validation]
