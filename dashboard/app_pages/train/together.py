"""For how many learners an experiment is trained at once, and a seed of one's own."""

from __future__ import annotations

import secrets

import streamlit as st

from core.record import rights
from core.runs.run import Run
from dashboard.frame import session
from dashboard.language import _, ngettext
from dashboard.runs import opening

SEEDS = 9_999
"""Seeds of one's own are from 1 to this: few enough to be told to a neighbour, enough for a class."""


def show(run: Run) -> None:
    """Say that others share this training, and offer one of one's own; nothing where nobody shares it."""
    if run.again:
        st.caption(_again(run))
    if run.together < 2:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_for_how_many(run), width="stretch")
        if rights.may("steer", run.learner, session.learner()):
            _own_seed(run)


def _again(run: Run) -> str:
    return _(
        "The same experiment was trained before, so its curve is here already. The weights after epoch "
        "{epoch} were not kept: they are trained once more."
    ).format(epoch=run.epochs)


def _for_how_many(run: Run) -> str:
    if run.unfinished:
        told = ngettext(
            "This experiment is trained once, for {count} learner: the same settings and seed give the same "
            "curve.",
            "This experiment is trained for {count} learners at once: the same settings and seed give the "
            "same curve.",
            run.together,
        )
    else:
        told = ngettext(
            "This experiment was trained once, for {count} learner: the same settings and seed give the same "
            "curve.",
            "This experiment was trained once for {count} learners: the same settings and seed give the same "
            "curve.",
            run.together,
        )
    return told.format(count=run.together)


def _own_seed(run: Run) -> None:
    """One click that changes the seed and trains."""
    if st.button(
        _("My own seed"),
        icon=":material/casino:",
        key="own-seed",
        help=_(
            "Trains the same with another seed: other first weights, another order of the images, another "
            "curve. How much does luck change?"
        ),
    ):
        settings = run.settings.change(epochs=run.epochs, seed=1 + secrets.randbelow(SEEDS))
        session.change_settings(settings)
        opening.start(settings)
