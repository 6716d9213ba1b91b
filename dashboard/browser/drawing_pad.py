"""The drawing pad: strokes by mouse, finger or pen, with undo, clear, pen width and replay.

It mounts the browser side of streamlit-drawable-canvas itself, because ``st_canvas`` cannot hide that
package's toolbar, whose unseen part lies over the pad's top right corner and swallows every touch that begins
there. The pad has its own buttons instead, which can be seen without a mouse and reached by keyboard.

What is drawn is kept as strokes in the session and in the store, so it survives a page switch and a reload.
"""

from __future__ import annotations

import base64
import functools
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core.drawing import strokes
from core.drawing.mnist_style import InvalidDrawing
from core.drawing.strokes import CANVAS, Stroke
from dashboard.browser.drawing_hand import drawing_hand
from dashboard.frame import page, resources, session
from dashboard.language import _

KEY = "drawing-pad"
LARGE = 424  # pixels of a desk's screen that the pad takes; less where there is less room
SAVED = "drawing"  # name of the saved drawing in the store
PEN = 18  # pixels: about MNIST's 2.5 of 28 when a digit fills two thirds of the pad
REPLAY_SPEED = 500  # pixels a second
_STYLE = ".dc-toolbar { display: none !important } .dc-root { border-radius: 0.6rem; overflow: hidden }"


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
        """Take over what the browser says; whether it is another drawing. Raises InvalidDrawing."""
        before = self.drawing
        if said != self.heard:
            self.heard = said
            self.drawing = strokes.read(said)
        return self.drawing != before


def drawing_pad(*, plain: bool = False) -> tuple[Stroke, ...]:
    """Show the pad and return what is on it; inside a fragment a stroke reruns the fragment only.

    Args:
        plain: whether "Clear" is all that stands beside it.
    """
    pad = _current()
    if not session.is_shown(KEY):  # a new canvas: the browser knows nothing yet
        pad.tell(pad.drawing)
    with st.container(key="pad", width=LARGE, gap="xsmall"):
        buttons = st.container(horizontal=True, gap="xsmall")
        paper = st.container(key="paper", border=False)
        with buttons:
            undo = st.container(horizontal=True, gap="xsmall", width="stretch")
            pen = PEN if plain else _pen_width()
        with paper:
            said = _canvas()(
                key=KEY,
                data=_browser_data(pad.told, pen),
                default={"drawing": {"raw": pad.told, "data": None}},
                on_drawing_change=lambda: None,
                width=CANVAS,
                height=CANVAS,
            )
            drawing_hand(pad.told, pen)
        _listen(pad, said.get("drawing"))
        with undo:
            replay = _buttons(pad, plain=plain)
        if replay:
            paper.html(_film(pad.drawing))
    return pad.drawing


def _pen_width() -> int:
    with st.popover(_("Pen"), icon=":material/line_weight:", type="tertiary", key="pen"):
        pen = st.slider(_("Pen width"), *strokes.WIDTHS, PEN, key="pen-width", persist_state="session")
        st.caption(_("By keyboard: arrow keys move the pen, space sets it down and lifts it."))
    return pen


def kept() -> tuple[Stroke, ...]:
    """What is on the pad, where the pad itself is not shown."""
    return _current().drawing


def _current() -> _Pad:
    pad: _Pad | None = session.kept("pad")
    if pad is None:
        pad = _Pad(_saved())
        session.keep("pad", pad)
    return pad


def _saved() -> tuple[Stroke, ...]:
    text = resources.store().documents.get(session.learner(), SAVED)
    try:
        return strokes.loads(text) if text else ()
    except InvalidDrawing:
        st.caption(_("Your last drawing can no longer be read. The next one takes its place."))
        return ()


def _save(pad: _Pad) -> None:
    resources.store().documents.save(session.learner(), SAVED, strokes.dumps(pad.drawing))


def _listen(pad: _Pad, said: object) -> None:
    try:
        if pad.hear(said.get("raw") if isinstance(said, Mapping) else None):
            _save(pad)
    except InvalidDrawing as error:
        page.problem(error)


def _buttons(pad: _Pad, *, plain: bool) -> bool:
    """Undo, clear and replay, or clear alone; whether replay was pressed."""

    def show(drawing: tuple[Stroke, ...]) -> None:
        pad.tell(drawing)
        _save(pad)

    empty = not pad.drawing
    look: dict[str, Any] = {"type": "tertiary", "disabled": empty}
    if not plain:
        st.button(
            _("Undo"), icon=":material/undo:", on_click=lambda: show(pad.drawing[:-1]), key="undo", **look
        )
    st.button(_("Clear"), icon=":material/delete:", on_click=lambda: show(()), key="clear", **look)
    return not plain and st.button(_("Replay"), icon=":material/replay:", key="replay", **look)


@functools.cache
def _canvas() -> Callable[..., Mapping[str, Any]]:
    """The browser side, made at the first page because Streamlit looks its files up in the running server."""
    return st.components.v2.component(
        "streamlit-drawable-canvas.streamlit_drawable_canvas",
        js="index-*.js",
        css="index-*.css",
        html=f'<style>{_STYLE}</style><div class="canvas-root"></div>',
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


def _film(drawing: tuple[Stroke, ...]) -> str:
    """The strokes drawn again one after the other, above the pad; the film vanishes at its end.

    An SVG picture that moves by itself. Browsers run pictures of one address by one clock, so each film has
    its own number and begins at its beginning.
    """
    paths, begin = "", 0.2
    for stroke in drawing:
        seconds = max(0.1, stroke.length() / REPLAY_SPEED)
        paths += (
            f'<path d="{stroke.svg()}" stroke-width="{stroke.width:g}" pathLength="1" visibility="hidden">'
            f'<set attributeName="visibility" to="visible" begin="{begin:.2f}s"/>'
            f'<animate attributeName="stroke-dashoffset" from="1" to="0" begin="{begin:.2f}s" '
            f'dur="{seconds:.2f}s" fill="freeze"/></path>'
        )
        begin += seconds + 0.15
    film = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {CANVAS} {CANVAS}" id="film-{time.time_ns()}">'
        f'<g><rect width="100%" height="100%" fill="#fdfbf5"/>'
        f'<g stroke="#1b2430" fill="none" stroke-linecap="round" '
        f'stroke-linejoin="round" stroke-dasharray="1 1">{paths}</g>'
        f'<set attributeName="opacity" to="0" begin="{begin + 0.4:.2f}s"/></g></svg>'
    )
    address = "data:image/svg+xml;base64," + base64.b64encode(film.encode()).decode("ascii")
    return (
        "<style>.film { position: absolute; inset: 0; z-index: 20; pointer-events: none }</style>"
        f'<img class="film" src="{address}" width="100%" height="100%" alt="">'
    )
