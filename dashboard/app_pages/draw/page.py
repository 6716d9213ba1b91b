"""Draw: write a digit and be read, or send a photo; damage it; give it to the class."""

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.drawing import strokes
from core.errors import LabError
from dashboard.app_pages.draw.damage import damage_view
from dashboard.app_pages.draw.manner import manner_view
from dashboard.app_pages.draw.our_handwriting import give, handwriting_view
from dashboard.app_pages.draw.photo import photo_view
from dashboard.app_pages.draw.tally import read_anew, tally
from dashboard.browser import drawing_pad
from dashboard.frame import page, resources
from dashboard.frame.fragments import fragment
from dashboard.frame.tabs import tabs
from dashboard.language import _
from dashboard.reading import readers
from dashboard.reading.answers import answers
from dashboard.reading.closer_look import closer_look
from dashboard.reading.readers import Reader


@fragment
def read_drawing(chosen: list[Reader]) -> None:
    """The pad and what follows from it; a stroke reruns only this."""
    row = st.container(horizontal=True, gap="medium")
    with row:
        lines = drawing_pad.drawing_pad()
    read, advice = None, _("Draw a digit")
    try:
        read = resources.drawn(lines)
    except LabError as error:
        advice = page.sentence(error) if lines else advice
    image = None if read is None else read.image
    with row, st.container(key="reading"):
        answers(image, chosen, advice=advice)
        tally(image, chosen)
    if read is not None:
        manner_view(read)
        closer_look(lambda: strokes.rasterize(strokes.narrowed(lines)), read.image, chosen)
        give(read.image, lines)


def drawn() -> NDArray[np.uint8] | None:
    """What is on the pad as the networks see it, if it can be read."""
    try:
        return resources.drawn(drawing_pad.kept()).image
    except LabError:
        return None


page.header(_("Draw"), _("Write a digit. It is read after every stroke."))
body = st.container(key="draw-body")
read_anew()
chosen = readers.choose("draw-readers")  # below: on a phone the pad and its answer come first
if chosen:
    with body:
        tabs(
            "draw-tab",
            {
                _("Draw"): lambda: read_drawing(chosen),
                _("Photo"): lambda: photo_view(chosen),
                _("Damage"): lambda: damage_view(drawn(), chosen),
                _("Our handwriting"): lambda: handwriting_view(chosen),
            },
        )
page.onward("duel", _("On: let two networks race"))
