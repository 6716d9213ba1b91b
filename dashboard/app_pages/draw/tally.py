"""The tally: which digit was written, and how often each network read it right."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.reading.answer import answer
from core.reading.tally import Score, Tally, UnreadableTally
from dashboard.frame import page, resources, session
from dashboard.language import _, ngettext
from dashboard.language.foreign import literal
from dashboard.language.joining import bold, bulleted, facts
from dashboard.reading.readers import Reader

KIND = "tally"
"""Name of the tally among a learner's documents."""


def read_anew() -> None:
    """Call when the page is opened: another tab may have counted. A stroke need not read the record again."""
    session.keep(KIND, None)


def tally(image: NDArray[np.uint8] | None, readers: Sequence[Reader]) -> None:
    """Ask which digit an image (28, 28) is, once, and show how often each reader was right so far."""
    kept = _kept()
    if image is not None:
        kept = _ask(image, readers, kept)
    told = [_told(reader, kept.of(reader.key)) for reader in readers if kept.of(reader.key).count]
    if told:
        st.markdown(bulleted(told))


def _ask(image: NDArray[np.uint8], readers: Sequence[Reader], kept: Tally) -> Tally:
    """The question, until it is answered for this image; the tally with the answer in it."""
    picture = crc32(image.tobytes())
    if session.kept("tallied") == picture:
        st.caption(_("Counted. Clear the pad and write the next one."))
        return kept
    written = st.pills(
        _("Which digit did you write? Then it is counted who read it right."),
        range(10),
        key=f"tally-{picture}",  # another picture is another question
    )
    if written is None:
        return kept
    refused = resources.opinion(image).refused
    answers = [(reader.key, None if refused else _read(reader, image)) for reader in readers]
    read_anew()  # what another tab has counted stays counted
    kept = _kept().add(answers, written)
    _keep(kept)
    session.keep("tallied", picture)
    return kept


def _read(reader: Reader, image: NDArray[np.uint8]) -> int:
    return answer(reader.network.probabilities(image[None])[0]).digit


def _told(reader: Reader, score: Score) -> str:
    """A network's score: "**Shipped with the lab** · 7 right · 1 wrong"."""
    counts = [
        ngettext("{count} right", "{count} right", score.right),
        ngettext("{count} wrong", "{count} wrong", score.wrong),
    ]
    if score.unanswered:
        unanswered = ngettext("{count} without an answer", "{count} without an answer", score.unanswered)
        counts.append(unanswered)
    return facts([bold(literal(reader.name)), *counts])


def _kept() -> Tally:
    kept: Tally | None = session.kept(KIND)
    if kept is None:
        kept = _recorded()
        session.keep(KIND, kept)
    return kept


def _keep(kept: Tally) -> None:
    resources.store().documents.save(session.learner(), KIND, kept.to_json())
    session.keep(KIND, kept)


def _recorded() -> Tally:
    text = resources.store().documents.get(session.learner(), KIND)
    if text is None:
        return Tally()
    try:
        return Tally.from_json(text)
    except UnreadableTally as error:
        page.problem(error)
        _keep(Tally())
        return Tally()
