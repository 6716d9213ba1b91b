"""One run as it goes: what it is, how far it is, its curve, and the buttons that steer it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from core.errors import LabError
from core.record.store import Store
from core.runs.published import PUBLISHED, published_name
from core.runs.run import Run
from core.settings import MAXIMUM_EPOCHS
from dashboard.browser.live_chart import live_chart
from dashboard.frame import page, resources, session
from dashboard.frame.fragments import fragment
from dashboard.language import _, numbers
from dashboard.language.joining import bulleted, facts, sentences
from dashboard.language.run_names import run_name
from dashboard.runs import curve_charts, opening, wording

STOP_PATIENCE = 1.5
"""Seconds a click on Stop waits for the worker's answer before the page goes on without it."""


def show(run: Run) -> None:
    """The run's name, how to look at it, and the part that moves."""
    fragment(_live, run_every=opening.interval(run))(run.id, _stage(run))
    with st.expander(_("How to read the curves"), icon=":material/help:"):
        st.markdown(_explanation())


def _stage(run: Run) -> tuple[float | None, bool]:
    """What the timer and the rest of the page depend on."""
    return opening.interval(run), run.has_weights


@dataclass(frozen=True)
class View:
    """How a learner wants to look at a run."""

    axis: Literal["epoch", "seconds"]
    close: bool
    published: bool


def _view_controls(run: Run) -> View:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        axis = st.segmented_control(
            _("Along the bottom"),
            ["epoch", "seconds"],
            default="epoch",
            format_func=lambda code: _("Epochs") if code == "epoch" else _("Seconds"),
            label_visibility="collapsed",
            required=True,
            key="progress-axis",
            persist_state="session",
        )
        close = st.toggle(
            _("Close-up"),
            key="progress-close",
            persist_state="session",
            help=_("Fits the axes to what comes after the first epoch."),
        )
        published = published_name(run.settings) is not None and st.toggle(
            _("Published curve"),
            True,
            key="progress-published",
            persist_state="session",
            help=_("The lab report's own run of this experiment, dotted."),
        )
    return View("seconds" if axis == "seconds" else "epoch", close, published)


def _live(run_id: str, stage: tuple[float | None, bool]) -> None:
    """The part that moves. Reruns the whole page once when the run comes to another stage."""
    try:
        store = resources.store()
        run = store.runs.get(run_id)
        _heading(run)
        _status(run)
        _chart(run, store, _view_controls(run))
    except LabError as error:
        page.problem(error)
        return
    if _stage(run) != stage:
        st.rerun()


def _chart(run: Run, store: Store, view: View) -> None:
    name = published_name(run.settings)
    figure = curve_charts.progress(
        store.curves.points(run.id),
        guessing=resources.guessing(run.settings),
        axis=view.axis,
        length=_expected_seconds(run) if view.axis == "seconds" else float(run.epochs),
        published=PUBLISHED[name].epochs if view.published and name else None,
        close=view.close,
    )
    figure["layout"]["uirevision"] = f"{run.id}-{view}-{run.epochs}"
    live_chart(
        figure,
        key="progress",
        height=430,
        alt=_("Loss and accuracy of {name} while it trains").format(name=run_name(run)),
    )


def _explanation() -> str:
    return bulleted(
        (
            _("**Loss** says how surprised the network is by the right answers. Lower is better."),
            _(
                "**Training** figures are a running average over the epoch, taken while the network still "
                "changes. So they can lag behind **validation**, which is measured at the epoch's end."
            ),
            _(
                "**Guessing** is the dashed line: giving every digit the same probability, or always "
                "answering the commonest digit. A curve that stays there has learnt nothing."
            ),
            _(
                "Training much better than validation means **overfitting**: the network learns the "
                "images by heart."
            ),
        )
    )


def _expected_seconds(run: Run) -> float:
    """How long the whole run will have taken; 10 s before anything is known."""
    if not run.step:
        return 10.0
    whole = run.seconds * run.epochs * run.steps_per_epoch / run.step
    return max(run.seconds, float(f"{whole:.1g}") if run.unfinished else run.seconds)


def _status(run: Run) -> None:
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


def _heading(run: Run) -> None:
    """The run's name, and beside it the buttons that steer it."""
    left, right = st.columns([3, 2], vertical_alignment="center")
    left.subheader(run_name(run), anchor=False)
    with right.container(horizontal=True, horizontal_alignment="right"):
        if run.learner == session.learner():
            _buttons(run)
        else:
            st.caption(_("Another browser's run: you can watch it."))
        st.button(
            _("Use its settings"),
            icon=":material/tune:",
            on_click=session.change_settings,
            args=(run.settings,),
            key="take",
            help=_("Puts this run's settings into the sidebar."),
        )


def _buttons(run: Run) -> None:
    if run.unfinished:
        st.button(
            _("Stop"),
            icon=":material/stop:",
            on_click=_stop,
            args=(run.id,),
            key="stop",
            disabled=run.status == "stopping",
            help=_("Keeps what the network has learnt so far."),
        )
        return
    room = MAXIMUM_EPOCHS - run.epochs_done
    with st.popover(_("Continue"), icon=":material/resume:", disabled=room == 0):
        more = st.number_input(_("More epochs"), 1, max(1, room), min(5, max(1, room)), key="more-epochs")
        st.button(_("Go on"), type="primary", on_click=_continue, args=(run, int(more)), key="continue")


def _stop(run_id: str) -> None:
    """Ask the run to stop, and wait the moment it takes, so that the click is answered by the fact."""
    resources.engine().stop(run_id)
    patience = time.monotonic() + STOP_PATIENCE
    while time.monotonic() < patience and resources.store().runs.get(run_id).unfinished:
        time.sleep(0.05)


def _continue(run: Run, more: int) -> None:
    """Train ``more`` epochs beyond the last whole one, or beyond what was asked for if that was reached."""
    resources.engine().resume(run.id, run.epochs_done + more)
