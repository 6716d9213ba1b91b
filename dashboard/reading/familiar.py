"""Beside an answer: that a network always picks one of ten, when it counts, and which shapes are rare."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.reading import rejection
from core.reading.rejection import Opinion
from core.reading.similarity import REFERENCES
from core.settings import DIGITS
from dashboard.frame.folds import folded
from dashboard.language import _, ngettext
from dashboard.language.joining import sentences


def about(opinion: Opinion, answered: Sequence[int]) -> None:
    """What holds for every network: the refusal or the rarity in words, and folded how it is decided.

    Args:
        answered: the digit that each network picks.
    """
    if opinion.refused:
        st.info(
            _(
                "This looks like none of the ten digits, so no answer counts. A network picks one of ten all "
                "the same: its bars add up to 100 %, whatever is drawn."
            )
        )
    elif opinion.is_rare(opinion.digit):
        st.info(rare(opinion.digit, opinion.as_unusual[opinion.digit], meant=opinion.digit in answered))
    folded(
        _("A network always picks one of ten. When does it count?"),
        lambda: _how_it_is_decided(opinion),
        icon=":material/rule:",
        key="decided",
    )


def rare(digit: int, as_unusual: int, *, meant: bool) -> str:
    """That a shape is rare for a digit, in numbers, whose handwriting MNIST is, and what mends it."""
    opening = (
        _("**A rare way to write a {digit}.**")
        if meant
        else _("**Meant as a {digit}? Then it is a rare way.**")
    ).format(digit=digit)
    counted = ngettext(
        "Of {total:,} training images of a {digit}, {count} lies at least as far from all "
        "others of its kind.",
        "Of {total:,} training images of a {digit}, {count} lie at least as far from all "
        "others of their kind.",
        as_unusual,
    ).format(digit=digit, total=REFERENCES)
    whose = _(
        "MNIST was written by employees of the American Census Bureau and by American high-school students; "
        "elsewhere a 1 often has a flag and a 0 sometimes a slash. A network learns your way from your "
        "class: give it this drawing, and train with our handwriting."
    )
    return sentences(opening, counted, whose)


def _how_it_is_decided(opinion: Opinion) -> None:
    detector = rejection.load()
    st.markdown(
        _(
            "**Strangeness {strangeness:.1%}; the limit is {limit:.1%}.** Two things are weighed, the same "
            "for every network that answers. Three small networks beside it know eleven answers, the ten "
            "digits and “none of them”; they were shown MNIST's digits and scribbles. And the nearest of "
            "MNIST's training images is looked up: what resembles nothing is no known digit."
        ).format(strangeness=opinion.strangeness, limit=detector.limit)
    )
    st.markdown(
        _(
            "The limit was chosen on digits that none of the three trained with: {digits:.1%} of MNIST's "
            "validation images are refused by it, {drawn:.1%} of such digits that a program drew again with "
            "this pad's pens, and {scribbles:.0%} of new scribbles."
        ).format(
            digits=detector.refused_digits,
            drawn=detector.refused_drawn,
            scribbles=detector.refused_scribbles,
        )
    )
    st.markdown(
        _(
            "Of {total:,} training images of each digit, so many lie at least as far from all others "
            "of their kind:"
        ).format(total=REFERENCES)
    )
    st.dataframe(
        {str(digit): [opinion.as_unusual[digit]] for digit in range(DIGITS)}, hide_index=True, width="stretch"
    )
    st.caption(
        _(
            "After Hendrycks, Mazeika and Dietterich, “Deep anomaly detection with outlier exposure”, 2019. "
            "Whose handwriting MNIST is: LeCun, Cortes and Burges, “The MNIST database”, from NIST's special "
            "databases 1 and 3."
        )
    )
