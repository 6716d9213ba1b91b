"""What hidden layers know: many images after each layer, flattened to two dimensions."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from core.theory.epochs import MOST, Replayed, replayed
from core.theory.own_process import PATIENCE
from core.theory.projections import ASKED, Projections, projections
from dashboard.app_pages.learning import charts
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources, session
from dashboard.frame.fragments import fragment
from dashboard.frame.sharing import shared
from dashboard.language import _, ngettext
from dashboard.language.joining import sentences
from dashboard.reading import readers
from dashboard.reading.readers import Reader

MOST_DRAWINGS = 100
_KEY = "learning-known"
_REPLAYED = "learning-replayed"


@fragment
def show() -> None:
    """A slider from the pixels to the scores; the digits part."""
    st.markdown(
        _(
            "Each point is a validation image, each colour a digit. Move from the **pixels** to the "
            "**answer** and watch the digits part."
        )
    )
    place = st.container()
    chosen = readers.choose("learning-knowing", most=1)
    if not chosen:
        return
    reader, drawings = chosen[0], _own_drawings()
    asked = (reader.key, len(drawings))
    with place:
        waiting = st.empty()
        if session.kept(_KEY) != asked and not _ask(waiting, asked):
            return
        with waiting, st.spinner(_("A worker sends the images through the network …")):
            found = _found(reader, drawings)
        waiting.empty()
        _draw(reader, found, drawings)


def _ask(waiting: DeltaGenerator, asked: tuple[str, int]) -> bool:
    pressed = waiting.button(
        _("Send {count:,} images through").format(count=ASKED), icon=":material/scatter_plot:", key="known"
    )
    if pressed:
        session.keep(_KEY, asked)
    return pressed


@shared(16, size=lambda found: found.nbytes, key=lambda reader, drawings: (reader.key, drawings.tobytes()))
def _found(reader: Reader, drawings: NDArray[np.uint8]) -> Projections:
    return resources.compute(
        projections,
        reader.settings.network,
        reader.network.weights,
        reader.network.normalization,
        reader.settings.data,
        drawings,
    )


def _own_drawings() -> NDArray[np.uint8]:
    """(m, 28, 28) the last drawings that this learner gave to the class."""
    given = resources.store().drawings.of(session.learner())[-MOST_DRAWINGS:]
    return np.array([drawing.image for drawing in given], np.uint8).reshape(-1, 28, 28)


def _draw(reader: Reader, found: Projections, drawings: NDArray[np.uint8]) -> None:
    found = _at_an_epoch(reader, drawings) or found
    last = len(found.layers) - 1
    place = st.select_slider(
        _("After"),
        range(last + 1),
        value=0,
        format_func=lambda place: _title(place, last),
        key=f"learning-after-{last}",
        persist_state="session",
    )
    layer = found.layers[place]
    live_chart(
        charts.projection(layer, found.labels),
        key="learning-projection",
        height=480,
        alt=_("Validation images after a layer, in two dimensions"),
    )
    said = _(
        "**{right:.1%}** lie nearest to the mean of their own digit; on the pixels it is {pixels:.1%}. The "
        "two directions shown hold {share:.0%} of the variance."
    ).format(right=layer.sorted_right, pixels=found.layers[0].sorted_right, share=layer.share)
    stars = _("Stars are your own drawings.") if len(layer.drawings) else ""
    st.markdown(sentences(said, stars) if stars else said)


def _at_an_epoch(reader: Reader, drawings: NDArray[np.uint8]) -> Projections | None:
    """What the layers made of the images after an earlier epoch, once the run's epochs were done again."""
    epochs = min(reader.run.epochs_done, MOST) if reader.run else 0
    if not epochs or reader.settings.data.handwriting:
        return None
    waiting = st.empty()
    if session.kept(_REPLAYED) != reader.key:
        label = ngettext("Follow it through {count} epoch", "Follow it through {count} epochs", epochs)
        if not waiting.button(label.format(count=epochs), icon=":material/history:", key="replay"):
            return None
        session.keep(_REPLAYED, reader.key)
    with waiting, st.spinner(_("A worker trains these epochs once more …")):
        found = _replayed(reader, drawings, epochs)
    waiting.empty()
    epoch = st.slider(
        _("Epoch"), 0, epochs, epochs, key=f"learning-epoch-{reader.key}", persist_state="session"
    )
    return found.epochs[epoch]


@shared(
    24,
    size=lambda found: found.nbytes,
    key=lambda reader, drawings, epochs: (reader.key, drawings.tobytes(), epochs),
)
def _replayed(reader: Reader, drawings: NDArray[np.uint8], epochs: int) -> Replayed:
    return resources.compute(
        replayed,
        reader.settings,
        reader.network.normalization,
        drawings,
        epochs,
        timeout=PATIENCE + 60,
    )


def _title(place: int, last: int) -> str:
    if place == 0:
        return _("Pixels")
    return _("Answer") if place == last else _("Layer {number}").format(number=place)
