"""What a normalisation does to pixel values."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from core.dataset.normalization import Normalization, PixelNumbers
from dashboard.language import _
from dashboard.look import style


def before_and_after(counts: NDArray[np.int64], normalization: Normalization) -> go.Figure:
    """Histogram of the training pixels before and after scaling, with mean and standard deviation marked.

    ``counts`` (256,) says how often each pixel value occurs. The upward axis is logarithmic, because most
    pixels are 0.
    """
    chart = make_subplots(
        1, 2, subplot_titles=(_("Before: x"), _("After: x′")), shared_yaxes=True, horizontal_spacing=0.05
    )
    levels = np.arange(len(counts), dtype=np.float32)
    panels = ((levels, normalization.fitted), (normalization.table, normalization.describe()))
    for column, (values, numbers) in enumerate(panels, start=1):
        chart.add_trace(_bars(values, counts), 1, column)
        _mark(chart, numbers, column)
    chart.update_xaxes(showgrid=False, zeroline=False)
    chart.update_yaxes(type="log", range=[-4, 0], tickvals=[0.0001, 0.001, 0.01, 0.1, 1], tickformat="~%")
    chart.update_yaxes(title_text=_("share of all pixels"), col=1)
    return chart.update_layout(bargap=0, showlegend=False, margin={"l": 64, "r": 16, "t": 48, "b": 32})


def _bars(values: NDArray[np.float32], counts: NDArray[np.int64]) -> go.Bar:
    return go.Bar(
        x=values,
        y=counts / max(counts.sum(), 1),
        marker={"color": style.ACCENT, "line": {"width": 0}},
        hovertemplate=style.hover(
            _("value {value}: {share} of all pixels").format(value="%{x:.4~f}", share="%{y:.2%}")
        ),
    )


def _mark(chart: go.Figure, numbers: PixelNumbers, column: int) -> None:
    """A line at the mean and a band of one standard deviation on each side."""
    mean, deviation = numbers.mean, numbers.standard_deviation
    chart.add_vrect(
        mean - deviation,
        mean + deviation,
        fillcolor=style.PART_COLORS["validation"],
        opacity=0.14,
        line_width=0,
        col=column,
        row=1,
    )
    chart.add_vline(
        mean,
        line={"color": style.PART_COLORS["validation"], "width": 2},
        annotation={
            "text": _("mean {mean} ± {deviation}").format(mean=f"{mean:z.2f}", deviation=f"{deviation:.2f}"),
            "xanchor": "left",
            "xshift": 4,
            "yref": "paper",
            "y": 0.97,
        },
        col=column,
        row=1,
    )


def digit(values: NDArray[np.float32], normalization: Normalization) -> go.Figure:
    """One scaled image (28, 28): orange below 0, light at 0, blue above; the scale stands below."""
    ends = normalization.describe()
    ticks = [ends.minimum, ends.maximum]
    chart = style.figure()
    chart.add_heatmap(
        z=values,
        zmin=ends.minimum,
        zmax=ends.maximum,
        colorscale=style.signed_scale(ends.minimum, ends.maximum),
        hovertemplate=style.hover(
            _("row {row}, column {column}: {value}").format(row="%{y}", column="%{x}", value="%{z:.4~f}")
        ),
        colorbar={
            "orientation": "h",
            "thickness": 10,
            "len": 1,
            "y": -0.03,
            "yanchor": "top",
            "xpad": 0,
            "tickangle": 0,
            "ticklabeloverflow": "allow",
            "tickvals": ticks,
            "ticktext": [f"{round(tick, 2):g}" for tick in ticks],
        },
    )
    chart.update_yaxes(autorange="reversed", scaleanchor="x", constraintoward="bottom")
    return style.bare(chart).update_layout(margin={"l": 20, "r": 20, "t": 0, "b": 36})
