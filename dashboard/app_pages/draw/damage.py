"""Damage an image and watch the answers; and how much damage each network stands."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.reading import damage
from core.reading.damage import ASKED, LEVELS, LIMITS, Damage
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources, session
from dashboard.frame.choosing import one_of
from dashboard.frame.fragments import fragment
from dashboard.language import _
from dashboard.reading import answer_charts
from dashboard.reading.answers import answers
from dashboard.reading.readers import Reader

SLIDERS = {
    "noise": (0.05, "%.2f"),
    "rotation": (5.0, "%d°"),
    "shift_x": (1.0, "%d"),
    "shift_y": (1.0, "%d"),
    "thickness": (0.25, "%.2f"),
    "occlusion": (2.0, "%d"),
}
"""Damage → step of its slider, and how the value is written."""

Curves = dict[str, list[float]]
"""Damage → accuracy at each of its ``LEVELS``."""


@fragment
def damage_view(drawn: NDArray[np.uint8] | None, readers: Sequence[Reader]) -> None:
    """Sliders with the answers following, and below them the robustness curves.

    Args:
        drawn: (28, 28) the learner's own drawing as the networks see it, if there is one.
    """
    original = _original(drawn, readers[0])
    sliders, result = st.columns([1, 2], gap="medium")
    with sliders:
        chosen = _sliders()
    with result:
        answers(damage.apply(original[None], chosen)[0], readers, advice="", refusing=False)
    st.header(_("How much damage does it stand?"), anchor=False)
    _robustness(readers)


def _original(drawn: NDArray[np.uint8] | None, reader: Reader) -> NDArray[np.uint8]:
    """The drawing, or an image of the validation part: the test set stays sealed."""
    validation = resources.parts(reader.settings.data).validation
    with st.container(horizontal=True, vertical_alignment="bottom"):
        source = "mnist"
        if drawn is not None:
            names = {"drawn": _("My drawing"), "mnist": _("A validation image")}
            source = one_of(
                _("What is damaged"),
                list(names),
                default="drawn",
                format_func=names.__getitem__,
                key="damage-source",
                persist_state="session",
            )
        if drawn is not None and source == "drawn":
            return drawn
        number = st.number_input(
            _("Validation image"),
            1,
            len(validation.labels),
            1,
            key="damage-image",
            persist_state="session",
            width=160,
        )
    image: NDArray[np.uint8] = validation.images[int(number) - 1]
    return image


def _sliders() -> Damage:
    edition = session.kept("damage-edition", 0)
    values = {
        name: st.slider(
            damage_name(name),
            *LIMITS[name],
            0.0,
            step,
            shown,
            key=f"damage-{name}-{edition}",
            persist_state="session",
        )
        for name, (step, shown) in SLIDERS.items()
    }
    st.button(
        _("Undamaged"),
        icon=":material/restart_alt:",
        on_click=session.keep,
        args=("damage-edition", edition + 1),
        disabled=not any(values.values()),
        key="undamaged",
    )
    return Damage(**values)


def damage_name(name: str) -> str:
    """What a damage is called, with its unit."""
    return {
        "noise": _("Noise (share of full ink)"),
        "rotation": _("Rotation (degrees, clockwise)"),
        "shift_x": _("Shift to the right (pixels)"),
        "shift_y": _("Shift down (pixels)"),
        "thickness": _("Thicker strokes (pixels)"),
        "occlusion": _("Hidden square (pixels a side)"),
    }[name]


def _robustness(readers: Sequence[Reader]) -> None:
    st.caption(
        _(
            "The first {count} validation images, all damaged alike. Measured by a worker, in a few seconds."
        ).format(count=ASKED)
    )
    measured = {reader.key: _measured(reader) for reader in readers}
    missing = [reader for reader in readers if measured[reader.key] is None]
    place = st.empty()
    if missing and place.button(_("Measure"), icon=":material/show_chart:", key="measure"):
        with place, st.spinner(_("Measuring …")):
            measured |= {reader.key: _measure(reader) for reader in missing}
        place.empty()
    curves = [
        (reader.name, reader.line, found) for reader in readers if (found := measured[reader.key]) is not None
    ]
    if not curves:
        return
    kind = one_of(
        _("Damage"),
        list(LEVELS),
        default="rotation",
        format_func=damage_name,
        key="robustness-kind",
        persist_state="session",
    )
    live_chart(
        answer_charts.robustness(
            [(name, line, found[kind]) for name, line, found in curves], LEVELS[kind], damage_name(kind)
        ),
        key="robustness",
        height=320,
        alt=_("Accuracy against damage"),
    )


def _measure(reader: Reader) -> Curves:
    found = resources.compute(
        damage.robustness,
        reader.settings.network,
        reader.network.weights,
        reader.network.normalization,
        reader.settings.data,
    )
    resources.store().documents.save(session.learner(), _document(reader), json.dumps(found))
    return found


def _measured(reader: Reader) -> Curves | None:
    """What was measured before with these very weights and at these very levels."""
    text = resources.store().documents.get(session.learner(), _document(reader))
    return read_curves(text) if text else None


def read_curves(text: str) -> Curves | None:
    """What ``_measure`` kept; None for anything else, so that it is measured again."""
    try:
        found = json.loads(text)
        sizes = {name: len(values) for name, values in found.items()}
    except (ValueError, AttributeError, TypeError):
        return None
    return found if sizes == {name: len(levels) for name, levels in LEVELS.items()} else None


def _document(reader: Reader) -> str:
    return f"robustness-{reader.key}"
