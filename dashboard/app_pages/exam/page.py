"""Test: the sealed test set, opened on purpose."""

from collections.abc import Sequence

import streamlit as st

from core.reading.exam import DamagedExam, Exam
from core.record.looks import Look
from core.runs.run import Run
from dashboard.app_pages.exam import envelope, outcome, without_run
from dashboard.app_pages.exam.kept import kept_exam
from dashboard.frame import page, resources, session
from dashboard.language import _
from dashboard.reading import readers, seal
from dashboard.reading.exam import exam_view
from dashboard.runs import swatches


def choose_run() -> Run | None:
    """One of this browser's ended runs; at first the best, else a stopped one on the screen."""
    ended = [run for run in readers.trained_runs() if run.status in ("finished", "stopped")]
    runs = {run.id: run for run in ended}
    if not runs:
        without_run.show()
        return None
    labels = readers.offered(ended)
    best, opened = readers.first_choice(ended), session.run_id()
    first = best.id if best else opened
    chosen = st.selectbox(
        _("Network to examine"),
        list(labels),
        index=list(labels).index(first) if first in labels else None,
        format_func=labels.__getitem__,
        placeholder=_("Choose a trained network"),
        help=_("Your best by validation accuracy is chosen first. The accuracy stands before each name."),
        key=f"test-run-{first}",
        persist_state="session",
    )
    found = runs.get(chosen or "")
    swatches.show([found] if found else [])
    return found


def seen_with(run: Run, looks: Sequence[Look]) -> Exam | None:
    """``kept_exam``; of a damaged one it is said that it has to be taken again."""
    try:
        return kept_exam(run, looks)
    except DamagedExam as error:
        page.problem(error)
        return None


def show(run: Run) -> None:
    """The envelope, or what was in it."""
    if not seal.is_own(run):
        envelope.show_foreign(run)
        return
    looks = seal.looks(run)
    seen = seen_with(run, looks)
    if seen is None:
        envelope.show(run, looks)
        return
    outcome.show(run, seen)
    mnist = resources.mnist()
    exam_view(seen, mnist.test_images, mnist.test_labels, key="test", reader=readers.reader_of(run))


page.header(_("Test"), _("One honest exam, on digits the network has never seen."))
chosen = choose_run()
if chosen is not None:
    show(chosen)
page.onward("draw", _("On: have it read your digits"))
