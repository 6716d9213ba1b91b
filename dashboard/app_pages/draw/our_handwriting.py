"""Our class's handwriting: giving a drawing to the class, and how well networks read what the class gave."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.drawing import our_handwriting, strokes
from core.drawing.our_handwriting import Drawing
from core.drawing.strokes import Stroke
from core.reading import exam
from core.reading.evaluation import Evaluation, next_accuracy
from core.reading.exam import Exam
from dashboard.app_pages.draw.gain import gain_view
from dashboard.browser.digit_tiles import digit_tiles
from dashboard.frame import page, resources, session
from dashboard.frame.folds import folded
from dashboard.frame.fragments import dialog, fragment
from dashboard.language import _
from dashboard.language.foreign import in_cell, literal
from dashboard.language.joining import grouped
from dashboard.reading import seal
from dashboard.reading.exam import exam_view
from dashboard.reading.readers import Reader


def give(image: NDArray[np.uint8], lines: Sequence[Stroke]) -> None:
    """The folded form that gives an image (28, 28) and its strokes, if it has any, to the class, once."""
    folded(  # stays open for the next drawing
        _("Give this digit to our class"),
        lambda: _form(image, lines),
        icon=":material/group_add:",
        key="give-fold",
    )


def _form(image: NDArray[np.uint8], lines: Sequence[Stroke]) -> None:
    given = session.kept("given", [])
    if given and given[-1] == image.tobytes():
        st.caption(_("Thank you! It is in our class's handwriting."))
        return
    digit = st.pills(
        _("Which digit is it?"), range(10), key=f"give-digit-{len(given)}", persist_state="session"
    )
    agreed = st.checkbox(
        _("My class may look at it, test with it and train with it. My name is not kept."),
        key="give-agreed",
        persist_state="session",
    )
    pressed = st.button(_("Give it"), type="primary", disabled=digit is None or not agreed, key="give")
    if pressed and digit is not None:
        page.carry_out(lambda: _give(image, digit, lines))


def _give(image: NDArray[np.uint8], digit: int, lines: Sequence[Stroke]) -> None:
    given = session.kept("given", [])
    if given and given[-1] == image.tobytes():
        return  # the same click, sent twice
    resources.store().drawings.give(session.learner(), image, digit, strokes.dumps(lines))
    session.keep("given", [*given, image.tobytes()])


def handwriting_view(readers: Sequence[Reader]) -> None:
    """All drawings of the class as an exam for the chosen networks, one's own to take back, and files."""
    drawings = resources.store().drawings.all()
    if not drawings:
        page.empty(_("No drawing yet. Draw a digit, say which one it is, and give it to the class."))
        return
    images = np.stack([drawing.image for drawing in drawings])
    labels = np.array([drawing.label for drawing in drawings], np.uint8)
    exams = [exam.sit(reader.network, images, labels, reader.settings.training.loss) for reader in readers]
    _scores(readers, exams)
    gain_view(readers, drawings)
    exam_view(exams[0], images, labels, key="handwriting", reader=readers[0])
    _own(drawings)
    _files(drawings)


def _scores(readers: Sequence[Reader], exams: Sequence[Exam]) -> None:
    st.dataframe(
        {
            _("Network"): [in_cell(reader.name) for reader in readers],
            _("Our handwriting"): [
                _score(taken.result.accuracy, taken.result.wrong, taken.result.count) for taken in exams
            ],
            _("True accuracy, 95%"): ["{:.1%} … {:.1%}".format(*taken.result.interval) for taken in exams],
            _("MNIST's test images"): [_test_score(reader) for reader in readers],
        },
        hide_index=True,
    )
    st.caption(what_the_interval_covers(exams[0].result))
    taught = [literal(reader.name) for reader in readers if reader.settings.data.handwriting]
    if taught:
        st.warning(
            _("Trained with our handwriting, so this is no exam for it: {names}.").format(
                names=grouped(taught)
            ),
            icon=":material/warning:",
        )
    else:
        st.caption(
            _(
                "To see what own data is worth: switch on **{switch}** in the sidebar under **{fold}**, "
                "train, and compare on drawings given afterwards."
            ).format(switch=_("Add our class's handwriting"), fold=_("Data split"))
        )


def what_the_interval_covers(result: Evaluation) -> str:
    """What a few drawings tell of all that could be drawn, and how far a second lot may come out."""
    if result.count == 1:
        return _(
            "In 19 of 20 cases the interval holds the true accuracy: over all digits drawn like this one. It "
            "counts each drawing by itself: ten by one hand tell less than ten by ten."
        )
    low, high = next_accuracy(result.count - result.wrong, result.count, result.count)
    return _(
        "In 19 of 20 cases the interval holds the true accuracy: over all digits drawn like these. Another "
        "{count:,} drawings would come out between {low:.1%} and {high:.1%} for the first network. Both "
        "count each drawing by itself: ten by one hand tell less than ten by ten."
    ).format(count=result.count, low=low, high=high)


def _score(accuracy: float, wrong: int, count: int) -> str:
    return _("{accuracy:.1%} · {wrong:,} wrong of {count:,}").format(
        accuracy=accuracy, wrong=wrong, count=count
    )


def _test_score(reader: Reader) -> str:
    """What was seen when the test set was opened with this run; else that it is sealed."""
    looks = seal.looks(reader.run) if reader.run else []
    if not looks:
        return "–" if reader.run is None else _("still sealed")
    seen = Exam.from_json(looks[-1].evaluation).result
    return _score(seen.accuracy, seen.wrong, seen.count)


@fragment
def _own(drawings: Sequence[Drawing]) -> None:
    mine = [drawing for drawing in drawings if drawing.learner == session.learner()]
    with st.expander(_("My own drawings ({count})").format(count=len(mine)), icon=":material/edit:"):
        if not mine:
            st.caption(_("None yet."))
            return
        st.caption(_("Click one to take it back."))
        clicked = digit_tiles(
            np.stack([drawing.image for drawing in mine]),
            [str(drawing.label) for drawing in mine],
            key=f"own-drawings-{len(mine)}",
            clickable=True,
        )
        if clicked is not None:
            dialog(_("Take this drawing back?"), lambda: _take_back(mine[clicked]))


def _take_back(drawing: Drawing) -> None:
    digit_tiles(drawing.image[None], [str(drawing.label)], key="take-back", size=112)
    if st.button(_("Delete it"), type="primary", key="delete-drawing"):
        resources.store().drawings.take_back(session.learner(), drawing.id)
        st.rerun()


def _files(drawings: Sequence[Drawing]) -> None:
    with st.container(horizontal=True):
        st.download_button(
            _("All as .npz"),
            lambda: our_handwriting.pack(drawings),
            "handwriting.npz",
            "application/octet-stream",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            _("All as pictures"),
            lambda: our_handwriting.pictures(drawings),
            "handwriting.zip",
            "application/zip",
            icon=":material/download:",
            on_click="ignore",
        )
