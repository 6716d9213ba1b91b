"""What every page begins with, and how every page tells of trouble."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.errors import LabError
from core.settings import PARAMETERS, InvalidSetting
from core.translation import speaking
from dashboard.frame import pages, session
from dashboard.language import names, translated
from dashboard.language.foreign import literal

SETTINGS = frozenset(row.name for row in PARAMETERS)


def header(title: str, sentence: str) -> None:
    """The page's title and the one sentence that says what it is for."""
    st.title(title, anchor=False)
    st.markdown(f":gray[{sentence}]")


def problem(error: LabError) -> None:
    """Show what went wrong, once, in the learner's words and language; also where no page is being run."""
    with speaking(session.language()):
        st.error(sentence(error), icon=":material/error:")


def carry_out(order: Callable[[], object]) -> None:
    """Do what a pressed button asks, and draw the page anew; should it be refused, that is said here.

    Not for a button's callback: nothing is drawn after an error there, and a part of a page that is drawn
    alone has no place for a sentence yet.
    """
    try:
        order()
    except LabError as error:
        problem(error)
        return
    st.rerun()


def sentence(error: LabError) -> str:
    """The error's sentence in the learner's language, as Markdown; what was received is no markup in it."""
    values = {
        key: value if isinstance(value, int | float) else literal(str(value))
        for key, value in error.values.items()
    }
    name = error.values.get("name")
    if isinstance(error, InvalidSetting) and name in SETTINGS:
        values["name"] = names.setting(str(name))
    return translated(error.template).format(**values)


def empty(message: str) -> None:
    """What to do where there is nothing to show yet."""
    st.info(message, icon=":material/lightbulb:")


def onward(folder: str, label: str) -> None:
    """The next step on the way through the lab, at the end of a page."""
    with st.container(key="onward", horizontal=True, horizontal_alignment="right"):
        if st.button(label, icon=":material/arrow_forward:", key="next-page"):
            st.switch_page(pages.file(folder))
