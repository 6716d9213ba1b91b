"""The sealed test set: why it is sealed, how often it was opened, and the button that opens it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.reading.exam import DamagedExam, read_right, sit
from core.record.looks import Look
from core.runs.run import Run
from dashboard.app_pages.exam.count import count_looks, times_opened
from dashboard.app_pages.exam.kept import kept_exam
from dashboard.frame import page, resources, session
from dashboard.language import _, numbers
from dashboard.language.foreign import literal
from dashboard.reading import seal
from dashboard.runs.identities import identity

TRAINING_SAMPLE = 5_000
"""Training images that are read beside the test set: as many as usually validate."""


def show(run: Run, looks: Sequence[Look]) -> None:
    """The envelope of a run that was not examined with the weights it has now.

    Args:
        looks: earlier looks with this run, the newest last.
    """
    with st.container(border=True):
        st.header(_("The test set is sealed"), anchor=False, divider=False)
        if looks and looks[-1].step != run.weights_step:
            st.markdown(
                _("You opened it after epoch {epoch}. The network has trained on since: a new exam.").format(
                    epoch=numbers.epochs_text(looks[-1].step, run.steps_per_epoch)
                )
            )
        st.markdown(
            _(
                "10,000 digits that no network in this lab trains on. Whoever looks, changes a setting and "
                "looks again begins to choose what happens to suit just these 10,000, and the figure "
                "flatters. So choose by **validation**, and open this once, at the end."
            )
        )
        st.caption(times_opened(count_looks()))
        if st.button(_("Open the envelope"), icon=":material/mail:", type="primary", key="open-envelope"):
            page.carry_out(lambda: examine(run))


def examine(run: Run) -> None:
    """Put the test images to the network and keep what it answered.

    Once for the same weights: the second half of a double click finds the envelope open.
    """
    with suppress(DamagedExam):
        if kept_exam(run, seal.looks(run)):
            return
    mnist = resources.mnist()
    network = resources.trained_network(run)
    exam = sit(network, mnist.test_images, mnist.test_labels, run.settings.training.loss)
    exam = replace(exam, on_training=read_right(network, *_training_sample(run)))
    resources.store().looks.add(run.id, exam.to_json(), learner=session.learner())


def _training_sample(run: Run) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The first training images of a run and their labels: enough to tell how well it reads what it knows."""
    part = resources.parts(run.settings.data).train
    places = np.arange(min(TRAINING_SAMPLE, len(part)))
    return part.pick(places), part.labels[places]


def show_foreign(run: Run) -> None:
    """The envelope of a run that a link of somebody else leads to: whose it is opens it, nobody else."""
    with st.container(border=True):
        st.header(_("The test set is sealed"), anchor=False, divider=False)
        st.markdown(
            _(
                "**{name}** was trained by somebody else. Whether they opened the test set with it is theirs "
                "to tell; for you it stays sealed. Train a run of your own to open it with."
            ).format(name=literal(identity(run).name))
        )
