"""The report's conclusions and slips, each with a button that runs what decides it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.runs.published import PUBLISHED
from core.settings import DEFAULT
from core.theory.backends import installed_backends
from core.theory.known_images import known_and_new
from dashboard.frame import pages, resources, session
from dashboard.frame.fragments import fragment
from dashboard.language import _
from dashboard.language.foreign import literal
from dashboard.language.joining import listed
from dashboard.reading import readers


@fragment
def show() -> None:
    """Four cards, two in a row."""
    st.markdown(_("Claims of the lab report this lab grew from. Is each of them true? Think, then check."))
    cards: tuple[tuple[str, str, Callable[[], str]], ...] = (
        ("moments", _("“Normalised to variance 0, mean 1”"), _moments),
        ("over-99", _("“Recognises over 99 %”"), _over_99),
        ("deeper", _("“More layers are not better”"), _deeper),
        ("cntk", _("“Keras runs on TensorFlow or CNTK”"), _cntk),
    )
    for first in range(0, len(cards), 2):
        for place, card in zip(st.columns(2, gap="large"), cards[first : first + 2], strict=True):
            with place:
                _card(*card)


def _card(code: str, claim: str, check: Callable[[], str]) -> None:
    key = f"check-{code}"
    with st.container(border=True):
        st.header(claim, anchor=False)
        if st.button(_("Check it"), icon=":material/fact_check:", key=key):
            with st.spinner(_("Checking …")):
                session.keep(key, check())
        if found := session.kept(key):
            st.markdown(found)
        if code == "deeper" and found and st.button(_("Open the depth duel"), key="check-duel"):
            st.switch_page(pages.file("duel"))


def _moments() -> str:
    numbers = resources.normalization(DEFAULT.data).describe()
    return _(
        "The 43 million pixels of the training part, after z-score: mean **{mean:.4f}**, variance "
        "**{variance:.4f}**. The report swapped the two words."
    ).format(mean=abs(numbers.mean), variance=numbers.standard_deviation**2)


def _over_99() -> str:
    best = readers.first_reader()
    known, new = resources.compute(
        known_and_new,
        best.settings.network,
        best.network.weights,
        best.network.normalization,
        best.settings.data,
    )
    report = PUBLISHED["three-layer"]
    return _(
        "{name}: **{known:.2%}** of images it learnt from, **{new:.2%}** of images it never saw. So in the "
        "report: {train:.2%} is its training accuracy, {test:.2%} that on the test set."
    ).format(
        name=literal(best.name),
        known=known,
        new=new,
        train=report.epochs["accuracy"].iloc[-1],
        test=report.test_accuracy,
    )


def _deeper() -> str:
    shallow, deep = PUBLISHED["three-layer"], PUBLISHED["twenty-layer"]
    return _(
        "The report has {shallow:.2%} against {deep:.2%}, from one run of each. A single pair may be luck: "
        "run both with several seeds, and with He's first weights instead of Glorot's."
    ).format(shallow=shallow.test_accuracy, deep=deep.test_accuracy)


def _cntk() -> str:
    found = installed_backends()
    told = (
        _("The Keras installed here has code for {backends}.")
        if "cntk" in found
        else _("The Keras installed here has code for {backends}. CNTK is not among them.")
    )
    return told.format(backends=listed(found))
