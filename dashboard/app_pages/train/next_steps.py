"""What to do with a run that has ended, as buttons; the first of them is the one to press."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.hints.rules import Hint
from core.record import rights
from core.runs.run import Run
from core.settings import DEFAULT, MAXIMUM_EPOCHS, PRESETS, Settings
from dashboard.app_pages.train import steering
from dashboard.frame import pages, session
from dashboard.frame.folds import popover
from dashboard.language import _, differences, ngettext
from dashboard.runs import opening


def show(run: Run, found: Sequence[Hint]) -> None:
    """Where the trouble can be seen; else the pages that show what the network can do."""
    with st.container(key="next", horizontal=True, gap="small"):
        if any(hint.rule.kind == "trouble" for hint in found):
            _lead("inside", _("Look inside"), ":material/neurology:", run)
        elif not run.unfinished and run.has_weights:
            _onward(run, found)


def _onward(run: Run, found: Sequence[Hint]) -> None:
    more = min(steering.MORE_EPOCHS, MAXIMUM_EPOCHS - run.epochs_done)
    offers_more = any(hint.code in ("begun", "improving") for hint in found) and more > 0
    if offers_more and rights.may("steer", run.learner, session.learner()):
        _offer_more(run, more)
    should_change = any(hint.is_alarm for hint in found)
    _lead("draw", _("Draw with it"), ":material/draw:", run, primary=not should_change)
    _lead("inside", _("Look inside"), ":material/search:", run)
    popover(_("Change one thing"), lambda: _experiments(run), icon=":material/tune:", key="change")


def _offer_more(run: Run, more: int) -> None:
    told = ngettext("Train {count} more epoch", "Train {count} more epochs", more)
    refused = steering.why_not()
    if st.button(told, icon=":material/resume:", key="more", disabled=bool(refused), help=refused):
        steering.go_on(run, more)


def _experiments(run: Run) -> None:
    for place, other in enumerate(changed(run.settings)):
        _experiment(run, other, f"change-{place}")


def changed(settings: Settings) -> list[Settings]:
    """The experiment with one thing changed, if it may be: its depth, its activation, its normalisation."""
    shapes = [preset.network.hidden for preset in PRESETS.values()]
    other_shape = next(shape for shape in shapes if shape != settings.network.hidden)
    activation = "sigmoid" if settings.network.activation == DEFAULT.network.activation else "relu"
    normalization = "none" if settings.data.normalization != "none" else DEFAULT.data.normalization
    return settings.allowed(
        {"hidden": other_shape}, {"activation": activation}, {"normalization": normalization}
    )


def _experiment(run: Run, other: Settings, key: str) -> None:
    """A button that trains another experiment, named by what it changes."""
    pressed = st.button(
        differences.changes(run.settings, other),
        icon=":material/play_arrow:",
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
