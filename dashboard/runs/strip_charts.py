"""Inside a network while it learns: what each layer does, over time and on its activation's curve."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from core.choices.activations import ACTIVATIONS
from core.runs.progress import HISTOGRAM_EDGES, SHADES, Pictures
from core.runs.run import Run
from dashboard.language import _
from dashboard.look import style
from dashboard.runs.curve_charts import filled, points_of

FAINTEST = 1e-20
"""Gradients below this are drawn as this: on a logarithmic axis there is no 0."""
GRADIENT_SCALE = "Viridis"
GAP = 2
"""Empty pixels between two pictures of weights."""
COLUMNS = 8
"""Pictures of weights in a row: as many as a phone has room for."""


def strip(run: Run, *, length: float, alike: Sequence[str] = ()) -> go.Figure:
    """The loss above, and under it one band a layer: colour is the size of its gradient per weight.

    The browser fills in points, colours and the scale's ends.

    Args:
        length: epochs that the run will take.
        alike: ids of runs that share the colour scale, this one among them; it alone where there are none.
    """
    figure = make_subplots(2, 1, shared_xaxes=True, row_heights=[0.34, 0.66], vertical_spacing=0.05)
    figure.add_traces(_loss_lines(run.id), rows=1, cols=1)
    figure.add_trace(_heat(run, alike or [run.id]), 2, 1)
    figure.update_xaxes(range=[0, length])
    figure.update_xaxes(title_text=_("epochs"), row=2)
    figure.update_yaxes(title_text=_("loss"), rangemode="tozero", row=1)
    figure.update_yaxes(title_text=_("layer"), row=2, type="category", autorange="reversed")
    return figure.update_layout(
        margin={"l": 72, "r": 84, "t": 36, "b": 48},
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "bottom"},
    )


def _loss_lines(run_id: str) -> list[go.Scatter]:
    return [
        go.Scatter(
            name=label,
            mode="lines",
            line={"color": style.PART_COLORS[part], "width": 2},
            uid=part,
            **points_of([run_id], "epoch", name, name),
        )
        for name, part, label in (
            ("loss", "train", _("training")),
            ("val_loss", "validation", _("validation")),
        )
    ]


def _heat(run: Run, alike: Sequence[str]) -> go.Heatmap:
    rule = filled("gradient", [run.id], alike=list(alike)) | {
        "y": layer_names(len(run.settings.network.hidden) + 1)
    }
    return go.Heatmap(
        z=[],
        colorscale=GRADIENT_SCALE,
        colorbar={
            "title": {"text": _("gradient<br>per weight")},
            "len": 0.66,
            "y": 0.3,
            "thickness": 14,
            "ticklabelposition": "outside bottom",  # the topmost one would stand in the title
        },
        hovertemplate=style.hover(_("layer %{y}, epoch %{x:.2f}: %{customdata:.2e}")),
        uid="gradient",
        **rule,
    )


def layer_names(count: int) -> list[str]:
    """ "1", "2", …, "output"."""
    return [*(str(number) for number in range(1, count)), _("output")]


def measure(layers: pd.DataFrame, name: str, *, title: str, length: float, log: bool) -> go.Figure:
    """One measure of every layer over time; from indigo to teal, the output in a warm colour."""
    figure = style.figure(x_title=_("epochs"), y_title=title)
    count = int(layers["layer"].max()) if len(layers) else 0
    for label, (number, rows) in zip(layer_names(count), layers.groupby("layer"), strict=True):
        values = rows[name].clip(lower=FAINTEST) if log else rows[name]
        is_output = number == count
        figure.add_trace(
            go.Scatter(
                x=rows["epoch"],
                y=values,
                name=label,
                mode="lines",
                line={
                    "color": style.WARNING if is_output else style.layer_color(int(str(number)), count),
                    "width": 1.8,
                },
                uid=label,
            )
        )
    figure.update_xaxes(range=[0, length])
    if log:
        figure.update_yaxes(type="log", exponentformat="power", dtick=_decades(layers[name]))
    else:
        figure.update_yaxes(range=[0, 1] if name.endswith("share") else None)
    return figure.update_layout(
        legend={"orientation": "v", "x": 1.01, "xanchor": "left", "y": 1, "yanchor": "top"}
    )


def _decades(values: pd.Series) -> int | str:
    """Powers of ten between two ticks, about eight ticks in all; 1, 2 and 5 within a narrow range."""
    exponents = _exponents(values.dropna())
    span = float(exponents.max() - exponents.min()) if len(exponents) else 0.0
    return "D2" if span < 2 else max(1, round(span / 8))


def on_the_curve(histogram: NDArray[np.int32], layer: int, activation: str) -> go.Figure:
    """How often each weighted sum occurs in a layer, under the curve of its activation.

    Args:
        histogram: (hidden layers, bins) as in ``Snapshot``: the first bin counts sums below -10, the last
            those from 10 on.
        layer: 1 is the first hidden layer.
    """
    counts = histogram[layer - 1]
    width = HISTOGRAM_EDGES[1] - HISTOGRAM_EDGES[0]
    centres = np.concatenate(
        (
            [HISTOGRAM_EDGES[0] - width / 2],
            HISTOGRAM_EDGES[:-1] + width / 2,
            [HISTOGRAM_EDGES[-1] + width / 2],
        )
    )
    x = np.linspace(HISTOGRAM_EDGES[0], HISTOGRAM_EDGES[-1], 401)
    figure = make_subplots(specs=[[{"secondary_y": True}]])
    figure.add_trace(
        go.Bar(
            x=centres,
            y=counts / max(1, counts.sum()),
            width=width,
            name=_("weighted sums of this layer"),
            marker={"color": style.ACCENT, "opacity": 0.55, "line": {"width": 0}},
            hovertemplate="%{x:.2f}: %{y:.1%}<extra></extra>",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=x,
            y=ACTIVATIONS[activation].curve(x),
            name=_("f(x)"),
            mode="lines",
            line={"color": style.choice_line(ACTIVATIONS, activation).color, "width": 3},
        ),
        secondary_y=True,
    )
    figure.update_xaxes(title_text=_("weighted sum x (the outermost bars hold all beyond ±10)"))
    figure.update_yaxes(title_text=_("share"), tickformat=".0%", rangemode="tozero", secondary_y=False)
    figure.update_yaxes(title_text="f(x)", showgrid=False, secondary_y=True)
    return figure.update_layout(
        bargap=0,
        margin={"l": 64, "r": 64, "t": 36, "b": 52},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    )


def first_weights(pictures: Pictures) -> go.Figure:
    """The weights from the 784 pixels to the first units, as signed pictures in one mosaic."""
    mosaic = _mosaic(pictures.shades)
    limit = SHADES * pictures.scale
    figure = go.Figure(
        go.Heatmap(
            z=mosaic * pictures.scale,
            zmin=-limit,
            zmax=limit,
            colorscale=[list(stop) for stop in style.SIGNED_SCALE],
            colorbar={"title": {"text": _("weight")}, "thickness": 14},
            hovertemplate="≈ %{z:.2g}<extra></extra>",
        )
    )
    figure.update_yaxes(autorange="reversed", scaleanchor="x")
    rows, columns = mosaic.shape
    figure.update_layout(margin={"l": 0, "r": 0, "t": 8, "b": 8}, meta={"ratio": rows / columns})
    return style.bare(figure)


def _mosaic(pictures: NDArray[np.int8]) -> NDArray[np.float32]:
    """(n, 28, 28) → rows of ``COLUMNS`` pictures with gaps of NaN."""
    side = 28 + GAP
    rows = -(-len(pictures) // COLUMNS)
    mosaic = np.full((rows * side - GAP, min(COLUMNS, len(pictures)) * side - GAP), np.nan, np.float32)
    for index, picture in enumerate(pictures):
        top, left = side * (index // COLUMNS), side * (index % COLUMNS)
        mosaic[top : top + 28, left : left + 28] = picture
    return mosaic


def _exponents(values: pd.Series | pd.DataFrame) -> NDArray[np.float64]:
    return np.asarray(np.log10(np.maximum(values.to_numpy(dtype=float), FAINTEST)))
