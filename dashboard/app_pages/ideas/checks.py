"""The report's conclusions and slips, each with a button that runs what decides it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import streamlit as st

from core.dataset.normalization import PixelNumbers
from core.runs.published import PUBLISHED
from core.runs.run import Run
from core.settings import DEFAULT, PIXELS
from core.theory.backends import installed_backends
from core.theory.known_images import known_and_new
from dashboard.frame import pages, resources, session
from dashboard.frame.fragments import fragment
from dashboard.language import _
from dashboard.language.foreign import literal
from dashboard.language.joining import listed
from dashboard.reading import readers


class Check(NamedTuple):
    """A claim, what decides it, and what that says.

    ``find`` gives numbers and no words: they are worded by ``tell`` whenever they are drawn, in the language
    of that moment.
    """

    claim: str
    find: Callable[[], Any]
    tell: Callable[[Any], str]


@fragment
def show() -> None:
    """Four cards, two in a row."""
    st.markdown(_("Claims of the lab report this lab grew from. Is each of them true? Think, then check."))
    checks = {
        "moments": Check(_("“Normalised to variance 0, mean 1”"), _moments, _moments_told),
        "over-99": Check(_("“Recognises over 99 %”"), _over_99, _over_99_told),
        "deeper": Check(_("“More layers are not better”"), _deeper, _deeper_told),
        "cntk": Check(_("“Keras runs on TensorFlow or CNTK”"), installed_backends, _cntk_told),
    }
    cards = list(checks.items())
    for first in range(0, len(cards), 2):
        for place, (code, check) in zip(st.columns(2, gap="large"), cards[first : first + 2], strict=True):
            with place:
                _card(code, check)


def _card(code: str, check: Check) -> None:
    key = f"check-{code}"
    with st.container(border=True):
        st.header(check.claim, anchor=False)
        if st.button(_("Check it"), icon=":material/fact_check:", key=key):
            with st.spinner(_("Checking …")):
                session.keep(key, check.find())
        found = session.kept(key)
        if found is not None:
            st.markdown(check.tell(found))
        if code == "deeper" and found and st.button(_("Open the depth duel"), key="check-duel"):
            st.switch_page(pages.file("duel"))


def _moments() -> PixelNumbers:
    return resources.normalization(DEFAULT.data).describe()


def _moments_told(found: PixelNumbers) -> str:
    return _(
        "The {pixels:,} pixels of the training part, after z-score: mean **{mean:.4f}**, variance "
        "**{variance:.4f}**. The report swapped the two words."
    ).format(pixels=DEFAULT.data.train * PIXELS, mean=abs(found.mean), variance=found.standard_deviation**2)


def _over_99() -> tuple[Run | None, float, float]:
    """Who was asked, and the shares it read right of images it learnt from and of new ones."""
    best = readers.first_reader()
    known, new = resources.compute(
        known_and_new,
        best.settings.network,
        best.network.weights,
        best.network.normalization,
        best.settings.data,
    )
    return best.run, known, new


def _over_99_told(found: tuple[Run | None, float, float]) -> str:
    run, known, new = found
    report = PUBLISHED["three-layer"]
    return _(
        "{name}: **{known:.2%}** of images it learnt from, **{new:.2%}** of images it never saw. So in the "
        "report: {train:.2%} is its training accuracy, {test:.2%} that on the test set."
    ).format(
        name=literal(readers.name_of(run)),
        known=known,
        new=new,
        train=report.epochs["accuracy"].iloc[-1],
        test=report.test_accuracy,
    )


def _deeper() -> tuple[float, float]:
    """The report's two test accuracies."""
    return PUBLISHED["three-layer"].test_accuracy, PUBLISHED["twenty-layer"].test_accuracy


def _deeper_told(found: tuple[float, float]) -> str:
    shallow, deep = found
    return _(
        "The report has {shallow:.2%} against {deep:.2%}, from one run of each. A single pair may be luck: "
        "run both with several seeds, and with He's first weights instead of Glorot's."
    ).format(shallow=shallow, deep=deep)


def _cntk_told(found: Sequence[str]) -> str:
    told = (
        _("The Keras installed here has code for {backends}.")
        if "cntk" in found
        else _("The Keras installed here has code for {backends}. CNTK is not among them.")
    )
    return told.format(backends=listed(found))
