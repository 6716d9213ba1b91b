"""A Plotly chart that is updated in place: one DOM node for as long as the page shows it.

``st.plotly_chart`` mounts a new plot at every change of its data: the zoom is lost and the page flickers.
Here the browser keeps the node and calls ``Plotly.react`` on it.

Who sets what:

- A **figure** sets data, titles, data colours, margins, ranges. Its ``layout.template`` and ``transition``
  are not sent.
- The **theme** sets everything else (text, axes, grid, hover labels, legend, font, a transparent ground)
  from Streamlit's own theme, and follows when the viewer switches between light and dark. Whatever a
  figure sets itself wins, so a chart builder leaves these colours alone.
- **Zoom and legend switches** survive an update while ``layout.uirevision`` stays the same. It is the
  chart's key unless the figure says otherwise: a page that shows another run in the same chart gives the
  run's id. Traces that come and go need a ``uid``, or their legend switches shift to their neighbours.
- **Margins** do not follow the labels unless an axis has ``automargin``, which lets the plot jump when a
  label grows.

plotly.js comes from the lab's own server: see ``plotly_library.py`` for the one route it needs.
"""

from __future__ import annotations

import base64
import hashlib
import json
import pickle
import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.io import to_json

from core import translation
from dashboard.browser import chart_words, plotly_library, run_stream
from dashboard.browser.mounting import component, fetching
from dashboard.frame.sharing import shared
from dashboard.language import _

_STYLE = """
.live-chart.clickable .plotly .nsewdrag { cursor: pointer }
.live-chart-told { position: absolute; top: 0; left: 0; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); margin: 0; white-space: nowrap }
.stElementContainer:has(.live-chart.own-height), .stElementContainer :has(.live-chart.own-height) {
  flex-basis: auto !important;
  height: auto !important;
}
"""
"""Where it is narrow a chart may be of another height than was told: panels stand one below the other."""

_component = component(
    "live_chart",
    js=fetching(Path(__file__).with_name("chart_loader.js").read_text(encoding="utf-8")),
    css=_STYLE,
    isolate_styles=False,  # Plotly's style sheet stands in the page's head
)


class Content(dict[str, Any]):
    """A figure as plotly.js takes it, ready to be sent; it may be shared, so it is not to be changed."""


class ClickedPoint(TypedDict):
    """A clicked point: its coordinates as the figure holds them, the number of its trace, and the moment.

    The moment is told by the browser's clock, in milliseconds: good for telling two clicks apart, no more.
    """

    x: str | float
    y: str | float
    curve: int
    at: int


def live_chart(
    figure: go.Figure | dict[str, Any],
    *,
    key: str,
    height: int,
    alt: str,
    told: str | None = None,
    clickable: bool = False,
    follows: bool = False,
) -> ClickedPoint | None:
    """Show ``figure``, or bring the chart that already stands under ``key`` up to date.

    Args:
        figure: the whole chart as it should look now, or its ``data`` and ``layout`` with arrays of NumPy.
            float64 values of x, y and z travel as float32. What ``content`` made of one is sent as it is.
        key: name of this chart on the page; the same key updates the same chart. Also the name of the
            picture a viewer saves.
        height: pixels, reserved from the first frame so that nothing below the chart moves.
        alt: what the chart is, in words, for those who do not see it.
        told: what it shows, in numbers, for the same; without it ``chart_words`` makes it of the figure.
        clickable: whether a click on a point reruns the page (inside a fragment: the fragment).
        follows: whether the browser fills traces with points of runs, as they come (``run_traces.js``).

    A figure whose ``layout.meta`` names panels has them placed by the browser, and each line's name written
    at its end (``line_labels.js``). One that is a picture and names its ``ratio`` there, height to width, is
    no higher than that where it is narrow.

    Returns:
        The point at the place that was clicked last, None before the first click and without
        ``clickable``. The click lasts as long as the chart is on the page; a figure whose points change
        places asks for another key. Traces of a clickable figure have explicit x and y.
    """
    drawing = figure if isinstance(figure, dict) else figure.to_dict()
    data = {
        "figure": drawing if isinstance(drawing, Content) else content(drawing, revision=key),
        "height": height,
        "alt": alt,
        "told": chart_words.told(drawing) if told is None else told,
        "clickable": clickable,
        "link": run_stream.link() if follows else None,
        "labels": run_stream.module(run_stream.LABELS) if "panels" in _meta(figure) else None,
        "filename": key,
        "module": run_stream.module(run_stream.CHART),
        "library": plotly_library.address(),
        "unavailable": _("The chart cannot be drawn here. Reload the page to try again."),
        "language": translation.spoken(),
        # Keys are plotly.js's own English words.
        "words": {
            "Download plot as a PNG": _("Save as a picture"),
            "Reset axes": _("Show everything"),
            "Double-click to zoom back out": _("Double-click to zoom back out"),
            "Double-click on legend to isolate one trace": _("Double-click a name to see it alone"),
        },
    }
    result = _component(key=key, data=data, height=height, on_clicked_change=lambda: None)
    return _find(result.get("clicked"), go.Figure(figure)) if clickable else None


def _meta(figure: go.Figure | dict[str, Any]) -> dict[str, Any]:
    layout = figure["layout"] if isinstance(figure, dict) else {}
    meta: dict[str, Any] = layout.get("meta", {})
    return meta


def drawn(build: Callable[..., go.Figure], *arguments: Any, **options: Any) -> dict[str, Any]:
    """The chart that ``build`` makes of these arguments, made once for all learners.

    For charts that a whole class sees alike: checking a figure's properties takes plotly 20 to 80 ms.

    Returns:
        ``data`` and ``layout``, as ``live_chart`` takes them; shared, so not to be changed.
    """
    return _drawn(build, translation.spoken(), arguments, options)


def _told(build: Callable[..., go.Figure], *arguments: Any) -> tuple[Callable[..., go.Figure], bytes]:
    """A key for arguments of any kind, tables and pictures too."""
    return build, hashlib.sha256(pickle.dumps(arguments)).digest()


@shared(32, size=lambda figure: len(pickle.dumps(figure)), key=_told)
def _drawn(
    build: Callable[..., go.Figure],
    spoken: str,
    arguments: tuple[Any, ...],
    options: dict[str, Any],
) -> dict[str, Any]:
    del spoken  # part of the cache's key only
    figure: dict[str, Any] = build(*arguments, **options).to_dict()
    return figure


def content(figure: go.Figure | dict[str, Any], *, revision: str = "") -> Content:
    """The figure as plotly.js takes it, without what the browser decides; uids stay for the switches.

    Args:
        revision: ``layout.uirevision`` of a figure that has none.
    """
    drawing = figure if isinstance(figure, dict) else figure.to_dict()
    data = [
        trace
        | {axis: _to_single_precision(trace[axis]) for axis in "xyz" if axis in trace}
        | ({"uid": _as_selector(trace["uid"])} if "uid" in trace else {})
        for trace in drawing["data"]
    ]
    left_out = ("template", "transition", "width", "height")
    layout = {name: value for name, value in drawing["layout"].items() if name not in left_out}
    sent = {"data": data, "layout": {"uirevision": revision} | layout}
    # Plotly's encoder knows NumPy and dates, and writes NaN as null; Streamlit's does not.
    return Content(json.loads(to_json(sent, validate=False, remove_uids=False)))


def _as_selector(uid: str) -> str:
    """The uid with nothing but ASCII letters, digits, - and _: plotly.js makes a CSS class of it."""
    return re.sub(r"[^a-zA-Z0-9-]", lambda other: f"_{ord(other[0]):x}_", uid)


def _to_single_precision(values: Any) -> Any:
    """float64 as plotly's base64 typed arrays of float32: a screen shows far less than 24 bits."""
    match values:
        case np.ndarray(dtype=np.float64, shape=(_,)):
            return _typed_array(values)
        case {"dtype": "f8", "bdata": str(text)}:
            return {**values, **_typed_array(np.frombuffer(base64.b64decode(text), dtype="<f8"))}
    return values


def _typed_array(numbers: NDArray[np.float64]) -> dict[str, str]:
    return {"dtype": "f4", "bdata": base64.b64encode(numbers.astype("<f4").tobytes()).decode("ascii")}


def _find(clicked: Any, figure: go.Figure) -> ClickedPoint | None:
    """The figure's own values at the place that was clicked; a place it does not have is no click."""
    match clicked:
        case {"curve": int(curve), "row": int(row), "column": int(column), "at": int(at)} if (
            min(curve, row, column) >= 0
        ):
            with suppress(IndexError, TypeError):
                trace = figure.data[curve]
                x, y = np.asarray(trace.x).tolist(), np.asarray(trace.y).tolist()  # Python's own numbers
                return ClickedPoint(x=x[column], y=y[row], curve=curve, at=at)
    return None
