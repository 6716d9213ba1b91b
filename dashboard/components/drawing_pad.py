"""The drawing pad: strokes by mouse, finger or pen, with undo, clear, pen width and replay.

It mounts the browser side of streamlit-drawable-canvas itself, because ``st_canvas`` cannot hide that
package's toolbar, whose unseen part lies over the pad's top right corner and swallows every touch that begins
there. The pad has its own buttons instead, which can be seen without a mouse and reached by keyboard.

What is drawn is kept as strokes in the session and in the store, so it survives a page switch and a reload.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import streamlit as st

from core import strokes
from core.drawing import InvalidDrawing
from core.strokes import CANVAS, Stroke
from dashboard import page, resources, session
from dashboard.language import _

KEY = "drawing-pad"
SAVED = "drawing"  # name of the saved drawing in the store
PEN = 18  # pixels: about MNIST's 2.5 of 28 when a digit fills two thirds of the pad
REPLAY_SPEED = 500  # pixels a second


@dataclass
class _Pad:
    """What the browser shows (``told``), what it said last (``heard``) and the drawing that follows."""

    drawing: tuple[Stroke, ...] = ()
    told: dict[str, Any] = field(default_factory=dict)
    heard: object = None
    orders: int = 0

    def tell(self, drawing: tuple[Stroke, ...]) -> None:
        """Have the browser show these strokes. The count makes the same strokes a new order."""
        self.drawing = drawing
        self.orders += 1
        self.told = strokes.to_pad(drawing) | {"background": "#000000", "order": self.orders}

    def hear(self, said: object) -> bool:
        """Take over what was drawn since; whether anything was. Raises InvalidDrawing."""
        if said == self.heard:
            return False
        self.heard = said
        self.drawing = strokes.read(said)
        return True


def drawing_pad() -> tuple[Stroke, ...]:
    """Show the pad and return what is on it; inside a fragment a stroke reruns the fragment only."""
    pad = _recall()
    if not session.is_shown(KEY):  # a new canvas: the browser knows nothing yet
        pad.tell(pad.drawing)
    with st.container(key="pad", width=CANVAS, gap="small"):
        with st.container(key="pad-canvas", height=CANVAS, border=False):
            said = _canvas()(
                key=KEY,
                data=_browser_data(pad.told, session.recall("pen", PEN)),
                default={"drawing": {"raw": pad.told, "data": None}},
                on_drawing_change=lambda: None,
                width=CANVAS,
                height=CANVAS,
            )
            replay = st.empty()
        _listen(pad, said.get("drawing"))
        if _buttons(pad):
            replay.html(_film(pad.drawing, pad.orders))
        _pen()
    return pad.drawing


def _recall() -> _Pad:
    pad: _Pad | None = session.recall("pad")
    if pad is None:
        pad = _Pad(_saved())
        session.keep("pad", pad)
    return pad


def _saved() -> tuple[Stroke, ...]:
    text = resources.store().recall(session.learner(), SAVED)
    try:
        return strokes.loads(text) if text else ()
    except InvalidDrawing:
        return ()  # of another version; a new drawing replaces it


def _save(pad: _Pad) -> None:
    resources.store().remember(session.learner(), SAVED, strokes.dumps(pad.drawing))


def _listen(pad: _Pad, said: object) -> None:
    try:
        if pad.hear(said.get("raw") if isinstance(said, Mapping) else None):
            _save(pad)
    except InvalidDrawing as error:
        page.problem(error)


def _buttons(pad: _Pad) -> bool:
    """Undo, clear and replay; whether replay was pressed."""

    def show(drawing: tuple[Stroke, ...]) -> None:
        pad.tell(drawing)
        _save(pad)

    nothing = not pad.drawing
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("Undo"), icon=":material/undo:", disabled=nothing, on_click=lambda: show(pad.drawing[:-1])
        )
        st.button(_("Clear"), icon=":material/delete:", disabled=nothing, on_click=lambda: show(()))
        return st.button(
            "", icon=":material/replay:", disabled=nothing, help=_("Replay how it was drawn"), key="replay"
        )


def _pen() -> None:
    narrowest, widest = strokes.WIDTHS
    width = st.slider(_("Pen width"), narrowest, widest, session.recall("pen", PEN), key="pen-width")
    if width != session.recall("pen", PEN):
        session.keep("pen", width)
        st.rerun(scope="fragment")


@functools.cache
def _canvas() -> Callable[..., Mapping[str, Any]]:
    """The browser side, made at the first page because Streamlit looks its files up in the running server."""
    return st.components.v2.component(
        "streamlit-drawable-canvas.streamlit_drawable_canvas",
        js="index-*.js",
        css="index-*.css",
        html='<style>.dc-toolbar { display: none !important }</style><div class="canvas-root"></div>',
    )


def _browser_data(drawing: dict[str, Any], width: int) -> dict[str, Any]:
    """What version 0.13.0 of the package sends to its browser side for a free drawing."""
    return {
        "drawingMode": "freedraw",
        "initialDrawing": drawing,
        "canvasWidth": CANVAS,
        "canvasHeight": CANVAS,
        "strokeWidth": width,
        "strokeColor": "#ffffff",
        "fillColor": "#ffffff",
        "backgroundColor": "#000000",
        "backgroundImageURL": None,
        "backgroundImageFit": "stretch",
        "realtimeUpdateStreamlit": True,
        "returnImageData": False,
        "disabled": False,
        "displayRadius": 0,
        "maxDisplayHeight": None,
        "fontSize": 20,
        "label": "",
    }


def _film(drawing: tuple[Stroke, ...], number: int) -> str:
    """The strokes drawn again one after the other, above the pad; it vanishes by itself."""
    paths, begin = "", 0.2
    for stroke in drawing:
        seconds = max(0.1, stroke.length() / REPLAY_SPEED)
        paths += (
            f'<path d="{escape(stroke.svg())}" stroke-width="{stroke.width:g}" pathLength="1" '
            f'style="animation: film-draw {seconds:.2f}s {begin:.2f}s linear both"/>'
        )
        begin += seconds + 0.15
    return f"""<style>
        .film-{number} {{ position: absolute; inset: 0; pointer-events: none;
            animation: film-end 0.2s {begin + 0.4:.2f}s both; }}
        .film-{number} path {{ stroke: #fff; fill: none; stroke-linecap: round; stroke-linejoin: round;
            stroke-dasharray: 1 1; }}
        @keyframes film-draw {{ from {{ stroke-dashoffset: 1; visibility: visible }} to {{ stroke-dashoffset: 0 }} }}
        @keyframes film-end {{ to {{ visibility: hidden }} }}
    </style>
    <svg class="film-{number}" width="{CANVAS}" height="{CANVAS}" viewBox="0 0 {CANVAS} {CANVAS}"
        style="background: #000" aria-hidden="true">{paths}</svg>"""
