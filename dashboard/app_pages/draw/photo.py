"""A photo or file of a written digit, read the same way as a drawing."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.drawing import mnist_style, photo
from core.drawing.strokes import CANVAS
from core.errors import LabError
from dashboard.app_pages.draw.closer_look import closer_look
from dashboard.app_pages.draw.our_handwriting import give
from dashboard.frame import page
from dashboard.frame.fragments import fragment
from dashboard.language import _
from dashboard.reading.answers import answers
from dashboard.reading.readers import Reader


@fragment
def photo_view(readers: list[Reader]) -> None:
    """An upload, what was found on it, and the answers."""
    uploaded = st.file_uploader(
        _("A photo of one written digit, PNG or JPEG, at most 5 MB"), ["png", "jpg", "jpeg"], key="photo"
    )
    if uploaded is None:
        page.empty(_("Write a digit on paper, large and thick, take a photo and choose it here."))
        return
    try:
        canvas = _read(uploaded.getvalue())
        image = mnist_style.to_mnist(canvas)
    except LabError as error:
        page.problem(error)
        return
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=CANVAS):
            st.image(canvas, width=CANVAS, caption=_("What was found on it"))
        with st.container():
            answers(image, readers, advice="")
    closer_look(canvas, image, readers)
    give(image, ())


@st.cache_data(show_spinner=False, max_entries=16)
def _read(data: bytes) -> NDArray[np.uint8]:
    return photo.read_photo(data)
