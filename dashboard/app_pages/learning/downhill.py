"""Walking downhill in two dimensions: a real slice of a network's loss, and four optimisers on it."""

from __future__ import annotations

import json

import numpy as np
import streamlit as st

from core.choices.activations import Array
from core.theory.landscape import HIGHEST, IMAGES, REACH, SIDE, Landscape, measure
from core.theory.walks import WALKS, walk
from dashboard.app_pages.learning import downhill_charts
from dashboard.browser import clicks
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources, session
from dashboard.frame.fragments import fragment
from dashboard.frame.sharing import shared
from dashboard.language import _, ngettext
from dashboard.language.joining import sentences
from dashboard.reading import readers
from dashboard.reading.readers import Reader

STEPS = 1_000
START = (-0.8, 0.8)
PATIENCE = 240.0
"""Seconds; a worker needs a few for the usual networks, a minute for the largest."""
_SLICE = "learning-slice"
_CLICK = "learning-walk-start"


@fragment
def show() -> None:
    """Contours of the slice, four walks on it, and how many steps they have taken."""
    st.markdown(
        _(
            "The loss over two directions through all weights at once. Four optimisers start at the same "
            "place, each at its usual rate. Let them step; click to start elsewhere."
        )
    )
    place = st.container()
    chosen = readers.choose("learning-downhill", most=1)
    if not chosen:
        return
    with place:
        seed = session.kept(_SLICE, 0)
        losses = _kept(chosen[0], seed) or _measured(chosen[0], seed)
        if losses is None:
            return
        _draw(losses)
        st.button(
            _("Another slice"),
            icon=":material/casino:",
            on_click=session.keep,
            args=(_SLICE, seed + 1),
            key="another-slice",
        )
    st.caption(
        _(
            "Loss on {images} training images at {places} places; the trained network is in the middle. "
            "Directions are as long as the weights (Li et al. 2018, “Visualizing the Loss Landscape of "
            "Neural Nets”)."
        ).format(images=IMAGES, places=SIDE * SIDE)
    )


def _measured(reader: Reader, seed: int) -> list[list[float]] | None:
    """The slice, once it was asked for; a worker measures it."""
    waiting = st.empty()
    if not waiting.button(_("Measure a slice"), icon=":material/landscape:", key="slice"):
        return None
    with waiting, st.spinner(_("A worker measures {places} networks …").format(places=SIDE * SIDE)):
        losses = resources.compute(
            measure,
            reader.settings.network,
            reader.network.weights,
            reader.network.normalization,
            reader.settings.data,
            reader.settings.training.loss,
            seed,
            timeout=PATIENCE,
        )
    resources.store().documents.save(session.learner(), _document(reader, seed), json.dumps(losses))
    waiting.empty()
    return losses


def _kept(reader: Reader, seed: int) -> list[list[float]] | None:
    text = resources.store().documents.get(session.learner(), _document(reader, seed))
    return read_slice(text) if text else None


def read_slice(text: str) -> list[list[float]] | None:
    """What ``_measured`` kept; None for anything else, so that it is measured again."""
    try:
        losses = np.array(json.loads(text), float)
    except (ValueError, TypeError):
        return None
    fits = losses.shape == (SIDE, SIDE) and bool(np.all((losses >= 0) & (losses <= HIGHEST)))
    found: list[list[float]] = losses.tolist()
    return found if fits else None


def _document(reader: Reader, seed: int) -> str:
    return f"slice-{seed}-{reader.key}"


def _draw(losses: list[list[float]]) -> None:
    surface, picture = Landscape(losses), st.container()
    start = _choose_start()
    steps = st.slider(_("Steps"), 0, STEPS, 100, 10, key="learning-steps", persist_state="session")
    walks = {code: places[: steps + 1] for code, places in _walks(losses, start).items()}
    with picture:
        click = live_chart(
            downhill_charts.slice_and_walks(surface, walks),
            key="learning-slice-chart",
            height=480,
            alt=_("Contours of the loss with four walks"),
            clickable=True,
        )
    ends = {code: surface.loss(*places[-1]) for code, places in walks.items()}
    st.table(downhill_charts.table(ends), width="content")
    st.markdown(_critical(surface))
    if click is not None:
        there = tuple(round(float(np.clip(float(click[axis]), -REACH, REACH)), 2) for axis in ("x", "y"))
        clicks.take_click(_CLICK, click, there)


def _choose_start() -> tuple[float, float]:
    """Where all four start: typed in or clicked, whichever came last."""
    at = clicks.current(_CLICK, START)
    widget = clicks.widget_key(_CLICK, START)
    with st.container(horizontal=True):
        first = st.number_input(
            _("Start: first direction"), -REACH, REACH, at[0], 0.1, key=f"{widget}-first", width=200
        )
        second = st.number_input(
            _("Start: second direction"), -REACH, REACH, at[1], 0.1, key=f"{widget}-second", width=200
        )
    clicks.choose(_CLICK, (first, second), shown=at)
    return first, second


@shared(4, size=lambda walks: sum(places.nbytes for places in walks.values()), key=lambda *seen: str(seen))
def _walks(losses: list[list[float]], start: tuple[float, float]) -> dict[str, Array]:
    surface = Landscape(losses)
    return {code: walk(code, surface.slope, start, STEPS) for code in WALKS}


def _critical(surface: Landscape) -> str:
    """How many minima and saddles the slice has, as measured."""
    kinds = [place.kind for place in surface.critical]
    minima, saddles = kinds.count("minimum"), kinds.count("saddle")
    lowest = ngettext(
        "In this slice lies **{count}** minimum (●).", "In this slice lie **{count}** minima (●).", minima
    )
    between = ngettext("There is **{count}** saddle (✕).", "There are **{count}** saddles (✕).", saddles)
    return sentences(lowest.format(count=minima), between.format(count=saddles))
