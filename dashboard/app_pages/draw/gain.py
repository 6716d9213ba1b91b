"""What our handwriting is worth: networks trained with and without it, on drawings given afterwards."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from core.drawing.our_handwriting import Drawing
from core.study.comparison import differing
from core.study.gain import Gain, gain
from dashboard.language import _, names
from dashboard.language.foreign import literal
from dashboard.language.joining import listed, sentences
from dashboard.reading.readers import Reader


def gain_view(readers: Sequence[Reader], drawings: Sequence[Drawing]) -> None:
    """Compare the first chosen network that was taught with the first that was not, if there are both."""
    taught = next((reader for reader in readers if reader.settings.data.handwriting), None)
    untaught = next((reader for reader in readers if not reader.settings.data.handwriting), None)
    if taught is None or untaught is None or taught.run is None:
        return
    since = [drawing for drawing in drawings if drawing.created > taught.run.created]
    if not since:
        st.info(
            _(
                "Every drawing here was given before {name} began to learn. What it gained shows on new "
                "ones: draw some and give them."
            ).format(name=literal(taught.name))
        )
        return
    found = _measured(taught, untaught, since)
    st.info(sentence(found, literal(taught.name), literal(untaught.name)))
    others = [name for name in differing([taught.settings, untaught.settings]) if name != "handwriting"]
    if others:
        st.caption(
            _("They differ in more than our handwriting, so it is not the only cause: {settings}.").format(
                settings=listed(names.setting(name) for name in others)
            )
        )


def _measured(taught: Reader, untaught: Reader, drawings: Sequence[Drawing]) -> Gain:
    images = np.stack([drawing.image for drawing in drawings])
    labels = np.array([drawing.label for drawing in drawings], np.uint8)
    right = [reader.network.probabilities(images).argmax(axis=1) == labels for reader in (taught, untaught)]
    return gain(right[0], right[1])


def sentence(found: Gain, taught: str, untaught: str) -> str:
    """The gain in the class's own numbers, and whether luck explains it."""
    values = {
        "taught": taught,
        "untaught": untaught,
        "count": found.count,
        "right": found.taught,
        "without": found.untaught,
        "points": found.points,
        "only": found.only_taught,
        "lost": found.only_untaught,
        "chance": found.chance,
    }
    said = _(
        "Of the {count:,} drawings given since it began to learn, **{taught}** read {right:,}, "
        "**{untaught}**, without our handwriting, {without:,}: {points:+.1f} percentage points. {only:,} "
        "were read only with it, {lost:,} only without."
    )
    weighed = (
        _("Chance alone would divide these so unevenly in {chance:.1%} of cases, so it made a difference.")
        if found.is_beyond_luck
        else _("Chance alone would divide these so unevenly in {chance:.0%} of cases: give more drawings.")
    )
    return sentences(said.format(**values), weighed.format(**values))
