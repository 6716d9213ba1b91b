"""What a link asked for in vain: said once, with what was taken instead."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import streamlit as st

from core.errors import shown
from core.settings import PARAMETERS
from dashboard.frame import page, session
from dashboard.language import _, differences, names, ngettext
from dashboard.language.foreign import literal
from dashboard.language.joining import bold, listed, sentences

KEYS = {word: row.key for row in PARAMETERS for word in (row.key, row.name)}
"""What may have been meant → its key in links."""
SHOWN = 5
"""Unknown keys that are named at most; a link may hold thousands."""


def told(in_vain: session.InVain) -> None:
    """Say which values were refused, why, and what stands in their place; and which keys mean nothing."""
    for name, error in in_vain.refused:
        st.error(sentences(page.sentence(error), instead(name)), icon=":material/error:")
    if in_vain.unknown:
        st.warning(unknown(in_vain.unknown), icon=":material/link_off:")


def instead(name: str) -> str:
    """What the experiment has now, plain beside foreign text: "Taken instead: Learning rate: 0.01."."""
    row = next(row for row in PARAMETERS if row.name == name)
    value = differences.named_value(name, row.get(session.settings()))
    return _("Taken instead: {setting}.").format(setting=value)


def unknown(keys: Sequence[str]) -> str:
    """That nothing came of these keys of a link, and which ones may have been meant."""
    said = ngettext(
        "This link names {keys}, which is no setting of the lab. Nothing came of it.",
        "This link names {keys}, which are no settings of the lab. Nothing came of them.",
        len(keys),
    ).format(keys=listed(bold(literal(shown(key))) for key in keys[:SHOWN]))
    return sentences(said, *dict.fromkeys(map(_meant, keys[:SHOWN])))


def _meant(key: str) -> str:
    close = get_close_matches(key.lower(), KEYS, n=1, cutoff=0.7)
    if not close:
        return ""
    meant = KEYS[close[0]]
    name = next(names.setting(row.name) for row in PARAMETERS if row.key == meant)
    return _("In links, **{setting}** is called **{key}**.").format(setting=name, key=meant)
