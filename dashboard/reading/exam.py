"""An exam in pictures: which digits are taken for which, those very images, and digit by digit."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.reading.evaluation import confused
from core.reading.exam import Exam
from dashboard.browser import chart_words, clicks
from dashboard.browser.live_chart import live_chart
from dashboard.frame import page
from dashboard.frame.fragments import fragment
from dashboard.frame.tabs import tabs
from dashboard.language import _, ngettext, numbers
from dashboard.reading import exam_charts as charts
from dashboard.reading.paged import paged
from dashboard.reading.readers import Reader

MATRIX, GALLERY = 480, 420
"""Screen pixels of the two halves, one below the other where there is less room."""


@fragment
def exam_view(
    exam: Exam, images: NDArray[np.uint8], labels: NDArray[np.uint8], *, key: str, reader: Reader
) -> None:
    """Three tabs on one exam; images (n, 28, 28) and labels (n,) are those that the reader was asked."""
    tabs(
        f"{key}-tab",
        {
            _("Confusion matrix"): lambda: _confusion(exam, images, labels, key, reader),
            _("Surest mistakes"): lambda: _surest(exam, images, labels, key, reader),
            _("Digit by digit"): lambda: _by_digit(exam, key),
        },
    )


def _confusion(
    exam: Exam, images: NDArray[np.uint8], labels: NDArray[np.uint8], key: str, reader: Reader
) -> None:
    row = st.container(horizontal=True, gap="medium")
    matrix, gallery = row.container(width=MATRIX), row.container(width=GALLERY)
    with gallery:
        true, answer = _choose_cell(exam, key)
        places = confused(labels, exam.answers, true, answer)
        _cell_told(true, answer, len(places))
    with matrix:
        click = live_chart(
            charts.confusion(exam.result.confusion, (true, answer)),
            key=f"{key}-confusion",
            height=480,
            alt=_("Confusion matrix: which digits were taken for which"),
            told=chart_words.confusion(exam.result.confusion),
            clickable=True,
        )
        st.caption(
            _("Blue: read right. Orange: mistakes, the darker the more. Click a cell to see its images.")
        )
    if len(places):
        paged(images[places], [f"#{place:,}" for place in places], key=f"{key}-cell-page", reader=reader)
    if click is not None:
        clicks.take_click(f"{key}-cell", click, (int(click["y"]), int(click["x"])))


def _choose_cell(exam: Exam, key: str) -> tuple[int, int]:
    default = _commonest_mistake(exam)
    at = clicks.current(f"{key}-cell", default)
    widget = clicks.widget_key(f"{key}-cell", default)
    with st.container(horizontal=True):
        true = st.selectbox(_("True digit"), range(10), index=at[0], key=f"{widget}-true", width=110)
        answer = st.selectbox(_("Answer"), range(10), index=at[1], key=f"{widget}-answer", width=110)
    clicks.choose(f"{key}-cell", (true, answer), shown=at)
    return true, answer


def _commonest_mistake(exam: Exam) -> tuple[int, int]:
    """Its cell; where there is no mistake, the cell of the digit that was read most."""
    counts = exam.result.confusion
    mistakes = counts * ~np.eye(10, dtype=bool)
    shown = mistakes if mistakes.any() else counts
    true, answer = np.unravel_index(shown.argmax(), shown.shape)
    return int(true), int(answer)


def _cell_told(true: int, answer: int, count: int) -> None:
    """How many images the cell holds."""
    if not count:
        page.empty(_("No {true} was taken for a {answer}.").format(true=true, answer=answer))
    elif true == answer:
        told = ngettext(
            "{count} image of a {true} read right.", "{count} images of a {true} read right.", count
        )
        st.markdown(told.format(true=true))
    else:
        told = ngettext(
            "{count} image of a {true} taken for a {answer}.",
            "{count} images of a {true} taken for a {answer}.",
            count,
        )
        st.markdown(told.format(true=true, answer=answer))


def _surest(
    exam: Exam, images: NDArray[np.uint8], labels: NDArray[np.uint8], key: str, reader: Reader
) -> None:
    if not exam.surest:
        page.empty(_("No mistake at all."))
        return
    places = np.array([mistake.place for mistake in exam.surest])
    st.markdown(_("The network was sure of these answers, and wrong. Would you have read them right?"))
    paged(
        images[places],
        [f"{labels[place]} → {exam.answers[place]}" for place in places],
        notes=[numbers.probability(mistake.probability) for mistake in exam.surest],
        key=f"{key}-surest",
        reader=reader,
        size=84,
    )
    st.caption(_("True digit → answer, and the probability the network gave to its answer."))


def _by_digit(exam: Exam, key: str) -> None:
    live_chart(
        charts.by_digit(exam.result.confusion),
        key=f"{key}-by-digit",
        height=340,
        alt=_("Share of each digit that was read right"),
    )
