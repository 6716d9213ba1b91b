"""A duel as it goes: all networks on one chart, where each stands, and their gradients below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.runs.origin import Origin
from core.runs.run import Run
from core.study.duel import Prediction, Side, sides
from dashboard.app_pages.duel import strips, verdict
from dashboard.browser import chart_words
from dashboard.browser.live_chart import live_chart
from dashboard.browser.run_line import run_line
from dashboard.frame import resources, session
from dashboard.language import _
from dashboard.language.joining import bold, facts
from dashboard.runs import identities, overlay_charts, predictions, progress_words, swatches, wording
from dashboard.runs.identities import Identity
from dashboard.runs.live import while_alive
from dashboard.runs.overlay_charts import Curve, Look

HIGHEST = 1.35
"""How many times what guessing costs the axis of the loss reaches; a loss that explodes leaves it."""
MARGIN = 0.015
"""Share of the axis that is left free beside the lines, for their markers."""


def show(duel: Origin) -> None:
    """The duel, and the verdict once it is over."""
    rivals = sides(predictions.runs_of(duel))
    if not is_alive(rivals):
        written = resources.store().documents.get(session.learner(), str(duel))
        verdict.show(rivals, Prediction.from_json(written) if written else None)
    while_alive(
        lambda rivals: _draw(duel, rivals),
        rivals,
        lambda: sides(predictions.runs_of(duel)),
        state=is_alive,
        runs=lambda rivals: [run for side in rivals for run in side.runs],
        key="duel",
        at="stage" if all(len(side.runs) == 1 for side in rivals) else "epoch",
    )


def is_alive(rivals: Sequence[Side]) -> bool:
    """Whether some network still waits or trains."""
    return any(run.unfinished for side in rivals for run in side.runs)


def _draw(duel: Origin, rivals: Sequence[Side]) -> None:
    short, known = predictions.names_of(rivals), identities.of_learner(session.learner())
    _status_line(rivals, short, known)
    _chart(duel, rivals, short, known)
    strips.show(rivals, short)


def _chart(duel: Origin, rivals: Sequence[Side], short: Sequence[str], known: Mapping[str, Identity]) -> None:
    guessing = resources.guessing(rivals[0].settings)
    curves = [_curve(side, name, known) for side, name in zip(rivals, short, strict=True)]
    look = Look(close=False, within=True)
    figure = overlay_charts.overlay(curves, look, guessing={curves[0].loss: guessing})
    length = rivals[0].settings.training.epochs
    layout = figure["layout"] | {"uirevision": str(duel)}
    for axis in ("xaxis", "xaxis2"):
        layout[axis] = layout[axis] | {"range": [-MARGIN * length, (1 + MARGIN) * length]}
    layout["yaxis"] = layout["yaxis"] | {"range": [0, HIGHEST * guessing.loss]}
    live_chart(
        figure | {"layout": layout},
        key="duel-race",
        height=400,
        alt=_("Loss and accuracy of all networks"),
        told=chart_words.learning(
            (name, resources.points(side.runs[0])) for name, side in zip(short, rivals, strict=True)
        ),
        follows=True,
    )


def _curve(side: Side, name: str, known: Mapping[str, Identity]) -> Curve:
    return Curve(
        side.runs[0].id,
        name,
        known[side.runs[0].id].line,
        side.settings.training.loss,
        [resources.points(run) for run in side.runs],
        moving=[run.id for run in side.runs] if any(run.unfinished for run in side.runs) else (),
    )


def standing(runs: Sequence[Run]) -> str:
    """How accurate a side of several seeds is: their mean after the same epoch."""
    accuracies = [run.val_accuracy for run in runs if run.val_accuracy is not None]
    if any(run.unfinished for run in runs):
        done = sum(not run.unfinished for run in runs)
        return _("{done} of {count} seeds done").format(done=done, count=len(runs))
    if len(accuracies) < len(runs) or len({run.epochs_done for run in runs}) > 1:
        return ""
    mean = sum(accuracies) / len(runs)
    return _("validation {accuracy:.2%}, mean of {count} seeds").format(accuracy=mean, count=len(runs))


def _status_line(rivals: Sequence[Side], short: Sequence[str], known: Mapping[str, Identity]) -> None:
    """Where each side stands; one run tells it by itself, as it goes."""
    for number, (place, side, name) in enumerate(zip(strips.grid(len(rivals)), rivals, short, strict=False)):
        with place:
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                swatches.line(known[side.runs[0].id].line)
                st.markdown(bold(name))
            if len(side.runs) == 1:
                _follow(side.runs[0], key=f"duel-line-{number}")
            else:
                _of_seeds(side.runs)


def _follow(run: Run, *, key: str) -> None:
    engine = resources.engine()
    text = progress_words.line(run, engine.state(), engine.time_left(run))
    run_line(run.id, text, progress_words.share(run), key=key)


def _of_seeds(runs: Sequence[Run]) -> None:
    done, wanted = sum(run.step for run in runs), sum(run.epochs * run.steps_per_epoch for run in runs)
    latest = next((run for run in runs if run.unfinished), runs[-1])
    text = facts([wording.status_name(latest.status), standing(runs)])
    st.progress(min(1.0, done / max(1, wanted)), text=text)
