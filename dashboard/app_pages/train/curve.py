"""A run's curve and what it shows in words, both made once for as long as no point is added."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from core import translation
from core.runs.published import PUBLISHED, published_code
from core.runs.run import Run
from dashboard.browser import chart_words
from dashboard.browser.live_chart import Content, content, live_chart
from dashboard.frame import resources
from dashboard.frame.sharing import shared
from dashboard.language import _
from dashboard.runs import curve_charts

BYTES = 40_000
"""Of one chart in memory, at most."""


@dataclass(frozen=True)
class RunView:
    """How a learner wants to look at a run."""

    axis: Literal["epoch", "seconds"]
    close: bool
    published: bool


def show(run: Run, view: RunView, name: str) -> None:
    """The curve so far, which goes on by itself, under the run's name."""
    figure, told = _made(run, view, resources.points(run), translation.spoken())
    live_chart(
        figure,
        key="progress",
        height=430,
        alt=_("Loss and accuracy of {name} while it trains").format(name=name),
        told=told,
        follows=True,
    )


def _what_tells(run: Run, view: RunView, points: pd.DataFrame, spoken: str) -> Hashable:
    """A key for the chart: of the same run with as many points nothing else can change."""
    return run.id, run.epochs, len(points), view, spoken


@shared(4, size=lambda _made: BYTES, key=_what_tells)
def _made(run: Run, view: RunView, points: pd.DataFrame, spoken: str) -> tuple[Content, str]:
    """The figure without the points, which the browser fills in, and what they show in words."""
    del spoken  # part of the key only
    repeated = published_code(run.settings)
    figure = curve_charts.progress(
        run,
        guessing=resources.guessing(run.settings),
        axis=view.axis,
        published=PUBLISHED[repeated].epochs if view.published and repeated else None,
        close=view.close,
    )
    figure["layout"]["uirevision"] = f"{run.id}-{view}-{run.epochs}"
    return content(figure), chart_words.learning([("", points)])
