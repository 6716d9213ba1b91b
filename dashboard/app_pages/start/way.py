"""The way through the lab in six steps; what a learner has done is marked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.errors import LabError
from dashboard.app_pages.start import pictures
from dashboard.browser import drawing_pad
from dashboard.frame import pages, resources, session, visits
from dashboard.language import _
from dashboard.runs import starting


@dataclass(frozen=True)
class Step:
    """One step: the page it leads to, what is done there, its picture, and whether it was done."""

    folder: str
    words: str
    picture: Callable[[], str]
    is_done: bool


def show() -> None:
    """Six cards, each of them a link."""
    with st.container(key="way", horizontal=True, gap="small"):
        for number, step in enumerate(_steps(), start=1):
            with st.container(key=f"step-{number}", border=True, gap="xsmall"):
                st.html(f'<div class="picture">{step.picture()}</div>')
                st.page_link(
                    pages.file(step.folder),
                    label=_("{number}. {step}").format(number=number, step=step.words),
                    icon=":material/check_circle:" if step.is_done else None,
                )


def _steps() -> tuple[Step, ...]:
    seen, runs = visits.visited(), [run for run in starting.my_runs() if run.has_weights]
    drawn = _drawn()
    looks = resources.store().looks.count(session.learner())
    return (
        Step("digits", _("Look at the digits"), pictures.digits, "digits" in seen),
        Step("train", _("Train a network"), pictures.curve, bool(runs)),
        Step("draw", _("Have it read yours"), lambda: pictures.drawing(drawn), drawn is not None),
        Step("inside", _("Look inside"), pictures.weights, "inside" in seen),
        Step("compare", _("Change one thing"), pictures.curves, len(runs) > 1),
        Step("exam", _("Take the test"), pictures.mistakes, bool(looks)),
    )


def _drawn() -> NDArray[np.uint8] | None:
    try:
        return resources.drawn(drawing_pad.kept()).image
    except LabError:
        return None
