"""What is in the data: how it is split, how often each digit and each pixel value occurs, one image."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.language import _, names
from dashboard.look import style


def parts(sizes: Mapping[str, int]) -> go.Figure:
    """One bar a part, each beginning where the one above it ends, so that they are seen to add up.

    ``sizes`` maps "train", "validation", "test" and, where there are such, "unused" to numbers of images.
    """
    chart = style.figure(x_title=_("images"))
    start = 0
    for name, size in sizes.items():
        chart.add_bar(
            y=[names.part(name)],
            x=[size],
            base=[start],
            orientation="h",
            marker={"color": style.PART_COLORS[name], "cornerradius": 6},
            text=[f"<b>{size:,}</b>"],
            textposition="auto",
            textangle=0,
            cliponaxis=False,
            hovertemplate=style.hover(_("{part}: {count:,}").format(part=names.part(name), count=size)),
        )
        start += size
    chart.update_xaxes(range=[0, start * 1.002], tickformat=",", tickangle=0, tick0=0, dtick=20_000)
    chart.update_yaxes(autorange="reversed", showgrid=False, automargin=True, ticksuffix="  ")
    return chart.update_layout(barmode="overlay", bargap=0.3, showlegend=False, margin_t=8, margin_r=60)


def counts(table: pd.DataFrame, *, share: bool) -> go.Figure:
    """How often each digit occurs in each part; ``table`` comes from ``core.dataset.gallery.Gallery.counts``.

    ``share``: as a share of the part, so that parts of unequal size can be compared.
    """
    column = "share" if share else "count"
    chart = style.figure(x_title=_("digit"), y_title=_("share of the part") if share else _("images"))
    for name, rows in table.groupby("part", sort=False):
        chart.add_bar(
            x=rows["digit"],
            y=rows[column],
            name=names.part(str(name)),
            marker={"color": style.PART_COLORS[str(name)], "cornerradius": 3},
            customdata=rows[["count", "share"]],
            hovertemplate=_("{count} images, {share} of the part").format(
                count="%{customdata[0]:,}", share="%{customdata[1]:.1%}"
            ),
        )
    chart.update_xaxes(dtick=1, showgrid=False)
    chart.update_yaxes(tickformat=".0%" if share else ",", rangemode="tozero")
    chart.update_layout(legend={"x": 0, "xanchor": "left"})  # in a narrow window the right is for buttons
    return chart.update_layout(barmode="group", bargap=0.25, bargroupgap=0.08)


def pixel_histogram(counts: NDArray[np.int64], *, log: bool) -> go.Figure:
    """How often each of the 256 pixel values occurs; ``counts`` (256,), ``log`` for the upward axis."""
    chart = style.figure(
        x_title=_("pixel value (0 = ground, 255 = full ink)"), y_title=_("share of all pixels")
    )
    chart.add_bar(
        x=np.arange(len(counts)),
        y=counts / max(counts.sum(), 1),
        marker={"color": style.ACCENT, "line": {"width": 0}},
        customdata=counts,
        hovertemplate=style.hover(
            _("value {value}: {count} pixels").format(value="%{x}", count="%{customdata:,}")
        ),
    )
    chart.update_xaxes(range=[-2, 257], tickvals=[0, 50, 100, 150, 200, 255], showgrid=False)
    if log:
        chart.update_yaxes(type="log", tickvals=[0.0001, 0.001, 0.01, 0.1, 1], range=[-4, 0])
    chart.update_yaxes(tickformat="~%")
    return chart.update_layout(bargap=0)


def numbers(image: NDArray[np.uint8]) -> go.Figure:
    """One image (28, 28) as the 784 numbers it is; row 0 on top."""
    chart = style.figure()
    chart.add_heatmap(
        z=image,
        zmin=0,
        zmax=255,
        colorscale=style.INK_SCALE,
        showscale=False,
        xgap=1,
        ygap=1,
        texttemplate="%{z}",
        textfont={"size": 10},
        hovertemplate=style.hover(
            _("row {row}, column {column}: {value}").format(row="%{y}", column="%{x}", value="%{z}")
        ),
    )
    chart.update_yaxes(autorange="reversed", scaleanchor="x")
    return style.bare(chart).update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0}, plot_bgcolor=style.INK_GRID
    )
