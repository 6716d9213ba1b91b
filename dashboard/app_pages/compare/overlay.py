"""The chosen runs over one another: loss and accuracy of all lines on one chart."""

from __future__ import annotations

from collections.abc import Sequence

from core.runs.published import PUBLISHED
from core.settings import PRESETS
from dashboard.app_pages.compare.bundles import Bundle
from dashboard.app_pages.compare.figures import accuracies, common_epochs
from dashboard.app_pages.compare.view import OverlayView
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources
from dashboard.language import _, numbers
from dashboard.language.joining import listed
from dashboard.runs import overlay_charts
from dashboard.runs.overlay_charts import Curve
from dashboard.runs.published_lines import published_line, published_name


def show(bundles: Sequence[Bundle], view: OverlayView) -> None:
    """Loss and accuracy of all lines; zoom survives as long as lines and view stay."""
    curves = [*map(_curve, bundles), *map(_published_curve, view.published)]
    guessing = {
        bundle.experiment.training.loss: resources.guessing(bundle.first.settings) for bundle in bundles
    }
    figure = overlay_charts.overlay(curves, view.look, guessing=guessing)
    shown = "-".join(curve.key for curve in curves)
    figure["layout"]["uirevision"] = f"{shown}-{view}"
    live_chart(
        figure,
        key="compare-overlay",
        height=overlay_charts.height_of(len(curves)),
        alt=told(bundles, view.published),
        follows=True,
    )


def told(bundles: Sequence[Bundle], published: Sequence[str]) -> str:
    """What the chart shows, in words and numbers."""
    epochs = common_epochs(bundles)
    names = [*(bundle.name for bundle in bundles), *map(published_name, published)]
    if not epochs:
        return _("Loss and accuracy of: {names}").format(names=listed(names))
    scores = [accuracies(bundle.runs, epochs) for bundle in bundles]
    figures = listed(
        _("{name} {accuracy}").format(name=bundle.name, accuracy=numbers.percent(_mean(found)))
        for bundle, found in zip(bundles, scores, strict=True)
    )
    return _("Validation accuracy after epoch {epoch}: {figures}").format(epoch=epochs, figures=figures)


def _mean(scores: Sequence[float]) -> float | None:
    return sum(scores) / len(scores) if scores else None


def _curve(bundle: Bundle) -> Curve:
    name = bundle.name
    if len(bundle.runs) > 1:
        name = _("{name}, {count} seeds").format(name=name, count=len(bundle.runs))
    return Curve(
        bundle.first.id,
        name,
        bundle.line,
        bundle.experiment.training.loss,
        [resources.points(run) for run in bundle.runs],
        moving=[run.id for run in bundle.runs] if any(run.unfinished for run in bundle.runs) else (),
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
