"""How far a run is, in a bar and a line; while it waits, why."""

from __future__ import annotations

import streamlit as st

from core.runs.run import Run
from dashboard.frame import page, resources
from dashboard.language import _, numbers
from dashboard.language.joining import facts, sentences
from dashboard.runs import wording


def show(run: Run) -> None:
    """How far the run is; while it waits, why."""
    problem = run.message
    if run.status == "waiting":
        state = resources.engine().state()
        problem = problem or state.problem
        text = _waiting_text(run) if state.warm else _("Waiting: the workers are starting.")
    else:
        text = _progress_text(run)
    st.progress(min(1.0, run.step / (run.epochs * run.steps_per_epoch)), text=text)
    if problem is not None:
        page.problem(problem)
    for change in wording.arithmetic_changes(run):
        st.warning(change, icon=":material/warning:")


def _waiting_text(run: Run) -> str:
    """The place in the line, and how long it takes."""
    place = _("Waiting in line: number {position}.").format(position=run.position or 1)
    left = resources.engine().time_left(run)
    if left is None:
        return place
    return sentences(place, _("About {time} until it is done.").format(time=numbers.duration(left)))


def _progress_text(run: Run) -> str:
    """Epoch, speed, time left or how it ended, and the newest validation accuracy."""
    current = min(run.epochs, run.epochs_done + run.unfinished)
    told = [_("Epoch {now} of {epochs}").format(now=current, epochs=run.epochs)]
    if run.step:
        seconds = run.seconds * run.steps_per_epoch / run.step
        told.append(_("{seconds:.2g} s an epoch").format(seconds=seconds))
    left = resources.engine().time_left(run) if run.status == "running" else None
    if left is not None:
        told.append(_("about {time} left").format(time=numbers.duration(left)))
    if run.status != "running":
        told.append(wording.status_name(run.status))
    if run.val_accuracy is not None:
        told.append(_("validation {accuracy:.2%}").format(accuracy=run.val_accuracy))
    return facts(told)
