"""A photo or file of written digits, each read the same way as a drawing."""

from __future__ import annotations

import hashlib

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.drawing import read_digits, to_mnist
from core.drawing.strokes import CANVAS
from core.errors import LabError
from core.reading.answer import answer
from dashboard.app_pages.draw.our_handwriting import give
from dashboard.browser.digit_tiles import digit_tiles
from dashboard.frame import page, resources, session
from dashboard.frame.fragments import fragment
from dashboard.frame.sharing import shared
from dashboard.language import _
from dashboard.reading.answers import answers, verdict
from dashboard.reading.closer_look import closer_look
from dashboard.reading.readers import Reader

NO_DIGIT = "?"  # stands in a row of digits where none was found


@fragment
def photo_view(readers: list[Reader]) -> None:
    """An upload, what was found on it, and the answers.

    Any file may be chosen: one that the browser refused would leave the answer to the last one standing.
    """
    uploaded = st.file_uploader(
        _("A photo of written digits: PNG, JPEG, WebP, BMP, GIF or HEIC, at most 5 MB"), key="photo"
    )
    if uploaded is None:
        page.empty(_("Write a digit on paper, large and thick, take a photo and choose it here."))
        return
    try:
        canvases = _read(uploaded.getvalue())
    except LabError as error:
        page.problem(error)
        return
    place = _choose(canvases, uploaded.file_id, readers[0]) if len(canvases) > 1 else 0
    canvas = canvases[place]
    image = to_mnist(canvas)
    with st.container(horizontal=True, gap="medium"):
        with st.container(width=CANVAS):
            st.image(canvas, width=CANVAS, caption=_caption(place, len(canvases)))
        with st.container():
            answers(image, readers, advice="")
    closer_look(lambda: canvas, image, readers)
    give(image, ())


def _choose(canvases: list[NDArray[np.uint8]], file: str, reader: Reader) -> int:
    """Say that there are several digits, read them in a strip, and return which of them was tapped last."""
    images = np.stack([to_mnist(canvas) for canvas in canvases])
    read = [answer(probabilities) for probabilities in reader.network.probabilities(images)]
    opinions = [resources.opinion(image) for image in images]
    shown = [
        NO_DIGIT if opinion.refused else str(one.digit) for one, opinion in zip(read, opinions, strict=True)
    ]
    st.markdown(
        _("**{count} digits** were found. One by one they read **{digits}**. Tap one to see how.").format(
            count=len(read), digits=" ".join(shown)
        )
    )
    captions = [verdict(one, opinion)[0] for one, opinion in zip(read, opinions, strict=True)]
    tapped = digit_tiles(images, captions, key=f"photo-digits-{file}", size=56, clickable=True)
    if tapped is not None:
        session.keep("photo-digit", (file, tapped))
    of_file, place = session.kept("photo-digit", (file, 0))
    return place if of_file == file else 0


def _caption(place: int, count: int) -> str:
    if count == 1:
        return _("What was found on it")
    return _("Digit {number} of {count}").format(number=place + 1, count=count)


def _sum_of(data: bytes) -> bytes:
    """What tells files apart, so that no file is kept."""
    return hashlib.sha256(data).digest()


@shared(8, size=lambda canvases: sum(canvas.nbytes for canvas in canvases), key=_sum_of)
def _read(data: bytes) -> list[NDArray[np.uint8]]:
    return read_digits(data)
