"""A duel as it goes: all networks on one chart, where each stands, and their gradients below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from core.runs.origin import Origin
from core.study.duel import Prediction, Side, sides
from dashboard.app_pages.duel import charts, strips, verdict
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources, session
from dashboard.language import _
from dashboard.language.joining import bold, facts
from dashboard.runs import predictions, wording
from dashboard.runs.live import often, while_alive


def show(duel: Origin) -> None:
    """The duel, and the verdict once it is over."""
    rivals = sides(predictions.runs_of(duel))
    alive = is_alive(rivals)
    while_alive(
        lambda rivals: _draw(duel, rivals),
        rivals,
        lambda: sides(predictions.runs_of(duel)),
        state=is_alive,
        every=often(alive),
    )
    if not alive:
        written = resources.store().documents.get(session.learner(), str(duel))
        verdict.show(rivals, Prediction.from_json(written) if written else None)


def is_alive(rivals: Sequence[Side]) -> bool:
    """Whether some network still waits or trains."""
    return any(run.unfinished for side in rivals for run in side.runs)


def _draw(duel: Origin, rivals: Sequence[Side]) -> None:
    store, short = resources.store(), predictions.names_of(rivals)
    points = {run.id: store.curves.points(run.id) for side in rivals for run in side.runs}
    _status_line(rivals, short)
    _chart(duel, rivals, short, points)
    strips.show(rivals, short, points)


def _chart(
    duel: Origin, rivals: Sequence[Side], short: Sequence[str], points: Mapping[str, pd.DataFrame]
) -> None:
    runners = [
        charts.Runner(name, [points[run.id] for run in side.runs])
        for name, side in zip(short, rivals, strict=True)
    ]
    figure = charts.race(
        runners,
        guessing=resources.guessing(rivals[0].settings),
        length=rivals[0].settings.training.epochs,
    )
    live_chart(
        figure.update_layout(uirevision=str(duel)),
        key="duel-race",
        height=400,
        alt=_("Loss and accuracy of all networks"),
    )


def _status_line(rivals: Sequence[Side], short: Sequence[str]) -> None:
    """Where each side stands."""
    for place, side, name in zip(strips.grid(len(rivals)), rivals, short, strict=False):
        done = sum(run.step for run in side.runs)
        wanted = sum(run.epochs * run.steps_per_epoch for run in side.runs)
        latest = next((run for run in side.runs if run.unfinished), side.runs[-1])
        accuracy = latest.val_accuracy
        reached = "" if accuracy is None else _("validation {accuracy:.2%}").format(accuracy=accuracy)
        text = facts([bold(name), wording.status_name(latest.status), reached])
        place.progress(min(1.0, done / max(1, wanted)), text=text)
