"""The chosen runs over one another: loss and accuracy of all lines on one chart."""

from __future__ import annotations

from collections.abc import Sequence

from core.runs.published import PUBLISHED
from core.settings import PRESETS
from dashboard.app_pages.compare import overlay_charts
from dashboard.app_pages.compare.bundles import Bundle
from dashboard.app_pages.compare.overlay_charts import Curve
from dashboard.app_pages.compare.published_lines import published_line, published_name
from dashboard.app_pages.compare.view import OverlayView
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources
from dashboard.language import _
from dashboard.language.joining import listed


def show(bundles: Sequence[Bundle], view: OverlayView) -> None:
    """Loss and accuracy of all lines; zoom survives as long as lines and view stay."""
    curves = [*map(_curve, bundles), *map(_published_curve, view.published)]
    figure = overlay_charts.overlay(
        curves,
        part=view.part,
        axis=view.axis,
        log=view.log,
        smoothing=view.smoothing,
        close=view.close,
        guessing={
            bundle.experiment.training.loss: resources.guessing(bundle.first.settings) for bundle in bundles
        },
    )
    shown = "-".join(curve.key for curve in curves)
    figure.update_layout(uirevision=f"{shown}-{view}")
    live_chart(
        figure,
        key="compare-overlay",
        height=430,
        alt=_("Loss and accuracy of: {names}").format(names=listed(curve.name for curve in curves)),
    )


def _curve(bundle: Bundle) -> Curve:
    name = bundle.name
    if len(bundle.runs) > 1:
        name = _("{name}, {count} seeds").format(name=name, count=len(bundle.runs))
    return Curve(
        bundle.first.id,
        name,
        bundle.line,
        bundle.experiment.training.loss,
        [resources.points(run.id, run.step) for run in bundle.runs],
    )


def _published_curve(code: str) -> Curve:
    return Curve(
        code,
        published_name(code),
        published_line(code),
        PRESETS[code].training.loss,
        [PUBLISHED[code].epochs],
        published=True,
    )
