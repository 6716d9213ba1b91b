"""Draw: write a digit and be read."""

import streamlit as st

from core import drawing, strokes
from core.errors import LabError
from dashboard import page
from dashboard.components import readers
from dashboard.components.answers import answers
from dashboard.components.closer_look import closer_look
from dashboard.components.drawing_pad import drawing_pad
from dashboard.components.readers import Reader
from dashboard.language import _


@st.fragment
def read_drawing(chosen: list[Reader]) -> None:
    """The pad and what follows from it; a stroke reruns only this."""
    row = st.container(horizontal=True, gap="medium")
    with row:
        lines = drawing_pad()
    canvas, image, advice = strokes.rasterize(lines), None, _("Draw a digit")
    try:
        image = drawing.to_mnist(canvas)
    except LabError as error:
        advice = page.sentence(error) if lines else advice
    with row, st.container():
        answers(image, chosen, advice=advice)
    if image is not None:
        closer_look(canvas, image, chosen)


page.header(_("Draw"), _("Write a digit with mouse, finger or pen. It is read after every stroke."))
try:
    chosen = readers.choose("draw-readers")
    if chosen:
        read_drawing(chosen)
except LabError as error:
    page.problem(error)
