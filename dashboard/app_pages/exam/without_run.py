"""Test before the first run: an exam of the network that comes with the lab, on digits not sealed."""

from __future__ import annotations

import streamlit as st

from core.reading.exam import Exam, sit
from dashboard.frame import resources
from dashboard.frame.sharing import Once
from dashboard.language import _, numbers
from dashboard.reading.exam import exam_view
from dashboard.reading.readers import shipped_reader


def show() -> None:
    """What to do, and what an exam looks like."""
    st.markdown(_("No trained network yet. Train one, choose it by its validation accuracy, then come back."))
    result = shipped_exam().result
    st.header(_("An exam, for example"), anchor=False)
    st.markdown(
        _(
            "The network that comes with the lab read **{accuracy}** of {count:,} validation digits right. "
            "The test set stays sealed."
        ).format(accuracy=numbers.percent(result.accuracy), count=result.count)
    )
    reader = shipped_reader()
    part = resources.parts(reader.settings.data).validation
    exam_view(shipped_exam(), part.images, part.labels, key="shipped", reader=reader)


def _sit() -> Exam:
    reader = shipped_reader()
    part = resources.parts(reader.settings.data).validation
    return sit(reader.network, part.images, part.labels, reader.settings.training.loss)


shipped_exam = Once(_sit)
"""What the shipped network answers to its validation digits: the same for everybody."""
