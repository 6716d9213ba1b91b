"""Test: the sealed test set, opened on purpose."""

import numpy as np
import streamlit as st

from core.errors import LabError
from core.reading.evaluation import wilson
from core.reading.exam import DamagedExam, Exam, beyond_luck, sit
from core.record.looks import Look
from core.runs.run import Run
from dashboard.browser.live_chart import live_chart
from dashboard.frame import page, resources, session
from dashboard.language import _, numbers
from dashboard.language.joining import sentences
from dashboard.language.run_names import run_name
from dashboard.reading import exam_charts as charts
from dashboard.reading import readers
from dashboard.reading.exam import exam_view

# Screen pixels of a figure and of the chart of margins; one below the other where there is less room.
FIGURE, MARGINS = 180, 400


def choose_run() -> Run | None:
    """One of this browser's ended runs; at first the one on the screen."""
    ended = [run for run in readers.trained_runs() if run.status in ("finished", "stopped")]
    runs = {run.id: run for run in ended}
    if not runs:
        page.empty(
            _("No trained network yet. Train one, choose it by its validation accuracy, then come back.")
        )
        return None
    opened = session.run_id()
    first = opened if opened in runs else next(iter(runs))
    chosen = st.selectbox(
        _("Network to examine"),
        list(runs),
        index=list(runs).index(first),
        format_func=lambda run_id: run_name(runs[run_id]),
        key=f"test-run-{first}",
        persist_state="session",
    )
    return runs.get(chosen)


def envelope(run: Run, looks: list[Look]) -> None:
    """The sealed test set, and the button that opens it."""
    with st.container(border=True):
        st.subheader(_("The test set is sealed"), anchor=False, divider=False)
        if looks and looks[-1].step != run.step:
            st.markdown(
                _("You opened it after epoch {epoch}. The network has trained on since: a new exam.").format(
                    epoch=numbers.epochs_text(looks[-1].step, run.steps_per_epoch)
                )
            )
        st.markdown(
            _(
                "10,000 digits that no network has trained on and no choice was made by. Whoever looks, "
                "changes a setting and looks again begins to choose what happens to suit just these 10,000, "
                "and the figure flatters. So choose by **validation**, and open this once, at the end."
            )
        )
        st.caption(times_opened(count_looks()))
        st.button(
            _("Open the envelope"),
            icon=":material/mail:",
            type="primary",
            on_click=examine,
            args=(run,),
            key="open-envelope",
        )


def kept_exam(run: Run, looks: list[Look]) -> Exam | None:
    """What was seen with the weights the run has now; None while the test set is sealed for them."""
    if not looks or looks[-1].step != run.step:
        return None
    try:
        return Exam.from_json(looks[-1].evaluation)
    except DamagedExam as error:
        page.problem(error)
        return None


def examine(run: Run) -> None:
    """Put the test images to the network and keep what it answered."""
    mnist = resources.mnist()
    network = resources.network(run.id, run.step)
    exam = sit(network, mnist.test_images, mnist.test_labels, run.settings.training.loss)
    resources.store().looks.add(run.id, exam.to_json())


def count_looks() -> int:
    """How often this learner opened the test set, with any run."""
    return resources.store().looks.count(session.learner())


def times_opened(count: int) -> str:
    """The count, and what it means by now."""
    if count == 0:
        return _("You have not opened it yet.")
    if count == 1:
        return _("You have opened it once.")
    said = _("You have opened it {count} times.").format(count=count)
    if count < 4:
        return sentences(said, _("From now on, what you change because of it makes the figure flatter you."))
    if count < 10:
        return sentences(said, _("By now it works like a second validation set."))
    return sentences(
        said, _("Its figure is no better than validation any more: a fair exam would need new digits.")
    )


def outcome(run: Run, exam: Exam) -> None:
    """Test beside validation, and how far luck reaches."""
    result, settings = exam.result, run.settings
    validation_count = settings.data.validation
    validation_wrong = round((1 - (run.val_accuracy or 0)) * validation_count)
    row = st.container(horizontal=True, vertical_alignment="center", gap="medium")
    with row.container(width=FIGURE, gap="xxsmall"):
        st.metric(_("Test accuracy"), numbers.percent(result.accuracy))
        st.caption(wrong_of(result.wrong, result.count))
    rows = [(_("Test"), result.accuracy, *result.interval)]
    if run.val_accuracy is not None:
        with row.container(width=FIGURE, gap="xxsmall"):
            st.metric(_("Validation accuracy"), numbers.percent(run.val_accuracy))
            st.caption(wrong_of(validation_wrong, validation_count))
        right = validation_count - validation_wrong
        rows.append((_("Validation"), run.val_accuracy, *wilson(right, validation_count)))
    with row.container(width=MARGINS):
        live_chart(charts.intervals(rows), key="intervals", height=150, alt=_("Accuracies and their margins"))
    low, high = result.interval
    reach = _(
        "With {count:,} other digits the figure would lie between **{low:.2%}** and **{high:.2%}** in 19 of "
        "20 cases: that is how far luck reaches."
    ).format(count=result.count, low=low, high=high)
    judged = ""
    if run.val_accuracy is not None:
        differs = beyond_luck(result.wrong, result.count, validation_wrong, validation_count)
        judged = (
            _("Test and validation differ by more than luck explains.")
            if differs
            else _("Test and validation differ by no more than luck explains.")
        )
    st.markdown(sentences(reach, judged))
    st.caption(sentences(what_was_examined(run), guessing(result.confusion), times_opened(count_looks())))


def wrong_of(wrong: int, count: int) -> str:
    """ "244 wrong of 10,000"."""
    return _("{wrong:,} wrong of {count:,}").format(wrong=wrong, count=count)


def what_was_examined(run: Run) -> str:
    """Which weights answered, and why the training accuracy is not the result."""
    said = _("Examined: the last weights, after epoch {epoch}.").format(
        epoch=numbers.epochs_text(run.step, run.steps_per_epoch)
    )
    points = resources.store().curves.points(run.id)["epoch_accuracy"].dropna()
    if points.empty:
        return said
    return sentences(
        said,
        _(
            "On its training images it scored {accuracy:.2%}, but it has learnt from those: that is not the "
            "result."
        ).format(accuracy=points.iloc[-1]),
    )


def guessing(confusion: np.ndarray) -> str:
    """What always answering the commonest digit would score."""
    totals = confusion.sum(axis=1)
    return _("Always answering {digit} would score {share:.2%}.").format(
        digit=totals.argmax(), share=totals.max() / totals.sum()
    )


page.header(_("Test"), _("One honest exam, on digits the network has never seen."))
try:
    chosen = choose_run()
    if chosen is not None:
        looks = resources.store().looks.of_run(chosen.id)
        seen = kept_exam(chosen, looks)
        if seen is None:
            envelope(chosen, looks)
        else:
            outcome(chosen, seen)
            mnist = resources.mnist()
            exam_view(seen, mnist.test_images, mnist.test_labels, key="test")
except LabError as error:
    page.problem(error)
