"""What to do with a run that has ended, as buttons; the first of them is the one to press."""

from __future__ import annotations

import streamlit as st

from core.hints.training import Fare
from core.record import rights
from core.runs.run import Run
from core.settings import DEFAULT, MAXIMUM_EPOCHS, PRESETS, Settings
from dashboard.app_pages.train import steering
from dashboard.frame import pages, session
from dashboard.language import _, differences, ngettext
from dashboard.runs import opening


def show(run: Run, found: Fare) -> None:
    """Remedies for trouble; else the pages that show what the network can do."""
    with st.container(key="next", horizontal=True, gap="small"):
        if found.is_trouble:
            for place, remedy in enumerate(found.remedies):
                _experiment(run, remedy, f"remedy-{place}", primary=place == 0)
            _lead("inside", _("Look inside"), ":material/neurology:", run)
        elif not run.unfinished and run.has_weights:
            _onward(run, found)


def _onward(run: Run, found: Fare) -> None:
    more = min(steering.MORE_EPOCHS, MAXIMUM_EPOCHS - run.epochs_done)
    offers_more = found.code in ("begun", "improving") and more > 0
    if offers_more and rights.may("steer", run.learner, session.learner()):
        told = ngettext("Train {count} more epoch", "Train {count} more epochs", more)
        st.button(told, icon=":material/resume:", on_click=steering.go_on, args=(run, more), key="more")
    _lead("draw", _("Draw with it"), ":material/draw:", run, primary=True)
    _lead("inside", _("Look inside"), ":material/search:", run)
    with st.popover(_("Change one thing"), icon=":material/tune:", key="change"):
        for place, other in enumerate(changed(run.settings)):
            _experiment(run, other, f"change-{place}", primary=False)


def changed(settings: Settings) -> list[Settings]:
    """The experiment with one thing changed: its depth, its activation, its normalisation."""
    shapes = [preset.network.hidden for preset in PRESETS.values()]
    other_shape = next(shape for shape in shapes if shape != settings.network.hidden)
    activation = "sigmoid" if settings.network.activation == DEFAULT.network.activation else "relu"
    normalization = "none" if settings.data.normalization != "none" else DEFAULT.data.normalization
    return [
        settings.change(hidden=other_shape),
        settings.change(activation=activation),
        settings.change(normalization=normalization),
    ]


def _experiment(run: Run, other: Settings, key: str, *, primary: bool) -> None:
    """A button that trains another experiment, named by what it changes."""
    pressed = st.button(
        differences.changes(run.settings, other),
        icon=":material/play_arrow:",
        type="primary" if primary else "secondary",
        key=key,
        help=_("Trains the same experiment with this change."),
    )
    if pressed:
        session.change_settings(other)
        opening.start(other)


def _lead(folder: str, label: str, icon: str, run: Run, *, primary: bool = False) -> None:
    """A button that leads to another page, with this run on the screen."""
    if st.button(label, icon=icon, type="primary" if primary else "secondary", key=f"to-{folder}"):
        session.open_run(run.id)
        session.keep("reader", run.id)
        st.switch_page(pages.file(folder))
