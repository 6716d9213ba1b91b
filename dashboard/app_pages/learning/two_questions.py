"""Which digit, or how much: the same pictures learnt as a class, as a number, and with two losses."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.dataset.split import Part
from core.settings import DEFAULT
from core.theory.two_questions import NUMBER, QUESTIONS, RATE, STEPS, Learnt, Wavering, learn, read, wavering
from dashboard.app_pages.learning import question_charts
from dashboard.browser.digit_tiles import digit_tiles
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources, session
from dashboard.frame.choosing import one_of
from dashboard.frame.fragments import fragment
from dashboard.frame.sharing import shared
from dashboard.language import _
from dashboard.language.joining import sentences

PATIENCE = 180.0
"""Seconds; a worker that trains nothing else needs ten."""
_ASKED = "learning-questions"
CLASS, SQUARED = "cross-entropy", "squared-error"


@fragment
def show() -> None:
    """Three networks learn the same pictures; what each answers for one of them."""
    st.markdown(
        _(
            "**Which digit?** has ten answers with a probability each: classification. **How much?** has one "
            "number: regression. Both learn the same pictures. Move through those that look like two digits."
        )
    )
    waiting = st.empty()
    if not session.kept(_ASKED):
        if not waiting.button(_("Train both"), icon=":material/model_training:", key="questions"):
            return
        session.keep(_ASKED, True)
    with waiting, st.spinner(_("A worker trains three networks …")):
        learnt = _learnt()
    waiting.empty()
    part = resources.parts(DEFAULT.data).validation
    _draw(learnt, part, wavering(learnt[CLASS].outputs, learnt[NUMBER].outputs, part.labels))
    st.caption(
        _(
            "784 pixels, 100 ReLU units, then ten units with softmax or a single one; {steps:,} steps of 32 "
            "images at rate {rate:g} each, from the same first weights."
        ).format(steps=STEPS, rate=RATE)
    )


@shared(1, size=lambda learnt: sum(each.outputs.nbytes for each in learnt.values()))
def _learnt() -> dict[str, Learnt]:
    return resources.compute(learn, DEFAULT.data, timeout=PATIENCE)


def _draw(learnt: Mapping[str, Learnt], part: Part, found: Wavering) -> None:
    titles = {"questions": _("Two questions"), "losses": _("Two losses")}
    view = one_of(
        _("Compare"),
        list(titles),
        default="questions",
        format_func=titles.__getitem__,
        key="questions-view",
        persist_state="session",
    )
    left, right = st.columns([1, 3], gap="large", vertical_alignment="center")
    with left:
        place = _choose(found, one_or_seven(learnt[CLASS].outputs, learnt[NUMBER].outputs, found))
        image = part.pick(np.array([place]))
        digit_tiles(image, [str(part.labels[place])], key="questions-picture", size=140)
    with right:
        if view == "questions":
            _answers(learnt, part, place)
        else:
            _losses(learnt, part, place)
    if view == "questions":
        st.markdown(_what_comes_of_it(learnt, part, found))


def _choose(found: Wavering, first: int) -> int:
    number = st.slider(
        _("Picture"), 1, len(found.places), first + 1, key="questions-place", persist_state="session"
    )
    return int(found.places[number - 1])


def one_or_seven(probabilities: NDArray[np.float32], numbers: NDArray[np.float32], found: Wavering) -> int:
    """The place in ``found`` that wavers between 1 and 7 with the number nearest to 4; 0 where none does."""
    pairs = np.sort(np.argsort(-probabilities[found.places], axis=1)[:, :2], axis=1)
    fitting = np.flatnonzero(found.between & (pairs == (1, 7)).all(axis=1))
    away = np.abs(numbers[found.places[fitting], 0] - 4)
    return int(fitting[away.argmin()]) if len(fitting) else 0


def _answers(learnt: Mapping[str, Learnt], part: Part, place: int) -> None:
    probabilities, number = learnt[CLASS].outputs[place], float(learnt[NUMBER].outputs[place, 0])
    live_chart(
        question_charts.which_and_how_much(probabilities, number, int(part.labels[place])),
        key="questions-answers",
        height=320,
        alt=_("Ten probabilities and one number for the same picture"),
    )
    first, second = np.argsort(-probabilities)[:2]
    st.markdown(
        _(
            "Which digit? **{first}** ({p:.0%}) or **{second}** ({q:.0%}). How much? **{number:.2f}**, "
            "nearest to **{nearest}**."
        ).format(
            first=first,
            p=probabilities[first],
            second=second,
            q=probabilities[second],
            number=number,
            nearest=read(learnt[NUMBER].outputs[[place]])[0],
        )
    )


def _what_comes_of_it(learnt: Mapping[str, Learnt], part: Part, found: Wavering) -> str:
    right = {code: float((read(learnt[code].outputs) == part.labels).mean()) for code in QUESTIONS}
    return sentences(
        _(
            "Of {count:,} validation images “which” reads **{which:.1%}** right, “how much” **{much:.1%}**."
        ).format(count=len(part), which=right[CLASS], much=right[NUMBER]),
        _(
            "On {wavering} of them “which” wavers between digits that are not neighbours. Then the number "
            "lies on a wrong digit between them **{between}** times: among numbers 4 is between 1 and 7, "
            "among pictures it is not."
        ).format(wavering=len(found.places), between=int(found.between.sum())),
    )


def _losses(learnt: Mapping[str, Learnt], part: Part, place: int) -> None:
    shown = {code: (learnt[code].right, learnt[code].outputs[place]) for code in (CLASS, SQUARED)}
    live_chart(
        question_charts.two_losses(shown),
        key="questions-losses",
        height=320,
        alt=_("How two losses learn, and what they answer for the same picture"),
    )
    label = int(part.labels[place])
    right = {code: float((read(learnt[code].outputs) == part.labels).mean()) for code in shown}
    st.markdown(
        _(
            "The same network, the same steps: with cross-entropy it reads **{entropy:.1%}** right, with "
            "squared error **{squared:.1%}**. To the {digit} of this picture they give {p:.0%} and {q:.0%}."
        ).format(
            entropy=right[CLASS],
            squared=right[SQUARED],
            digit=label,
            p=learnt[CLASS].outputs[place, label],
            q=learnt[SQUARED].outputs[place, label],
        )
    )
