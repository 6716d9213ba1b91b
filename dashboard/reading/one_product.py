"""One product of a unit's sum, an input times a weight, and the way back to where the input comes from."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.architecture.plan import Layer
from core.choices.activations import ACTIVATIONS
from core.reading.trained_network import LayerTrace, UnitTrace
from core.settings import SIDE
from dashboard.browser import clicks
from dashboard.browser.live_chart import live_chart
from dashboard.frame import session
from dashboard.language import _
from dashboard.look import style
from dashboard.reading import answer_charts
from dashboard.reading.readers import Reader

LAYER = "trace-layer"
"""Key of the widget that chooses a layer."""
PICTURE = "flatten"


def unit_key(layer: str) -> str:
    """Under which the unit that is looked at is kept, one for each layer."""
    return f"unit-{layer}"


def show(plan: Layer, trace: LayerTrace, unit: int, reader: Reader, image: NDArray[np.uint8]) -> None:
    """All products of the unit's sum, of which one can be chosen; and a button back."""
    if plan.kind not in ("dense", "output"):
        _back(plan.inputs[0], _piece(plan, trace, unit))
        return
    parts = reader.network.unit(image, plan.name, unit)
    key = f"product-{plan.name}"
    chosen = _choose(parts, key)
    _draw(plan, parts, chosen, key)
    st.latex(
        rf"w_{{{chosen}}}\, x_{{{chosen}}} = {parts.weights[chosen]:.4f} \cdot ({parts.inputs[chosen]:.4f}) "
        rf"= {parts.contributions[chosen]:.4f}"
    )
    if plan.inputs[0] == PICTURE:
        row, column = divmod(chosen, SIDE)
        st.caption(
            _("Picture › pixel {row}, {column} › unit {unit} of {layer}: one of {count} products.").format(
                row=row + 1, column=column + 1, unit=unit, layer=plan.name, count=len(parts.inputs)
            )
        )
    else:
        st.caption(
            _("{before} › unit {source} › unit {unit} of {layer}: one of {count} products.").format(
                before=plan.inputs[0], source=chosen, unit=unit, layer=plan.name, count=len(parts.inputs)
            )
        )
        _back(plan.inputs[0], chosen)


def _choose(parts: UnitTrace, key: str) -> int:
    """The product typed in or clicked, whichever came last; before that the strongest one."""
    last, strongest = len(parts.inputs) - 1, _strongest(parts)
    at_first = min(int(clicks.current(key, strongest)), last)
    place = int(
        st.number_input(
            _("Product (or click one)"),
            0,
            last,
            at_first,
            key=clicks.widget_key(key, (strongest, last)),  # other inputs are another widget, too
            width=180,
        )
    )
    clicks.choose(key, place, shown=at_first)
    return place


def _strongest(parts: UnitTrace) -> int:
    return int(np.nan_to_num(np.abs(parts.contributions)).argmax())


def _draw(plan: Layer, parts: UnitTrace, chosen: int, key: str) -> None:
    count = len(parts.inputs)
    if plan.inputs[0] == PICTURE:
        chart, width, height = answer_charts.products_of_pixels(parts, chosen), SIDE, 280
    else:
        chart, width = answer_charts.units(parts.contributions, chosen), answer_charts.columns(count)
        height = style.rows_height(-(-count // width), row=26, frame=40)
    click = live_chart(
        chart,
        key=f"products-{plan.name}",
        height=height,
        alt=_("What each input adds to the sum"),
        clickable=True,
    )
    st.caption(_("What each input adds to the sum: blue adds, orange takes away. Click one."))
    if click is not None:
        clicks.take_click(key, click, min(int(click["y"]) * width + int(click["x"]), count - 1))


def _piece(plan: Layer, trace: LayerTrace, unit: int) -> int:
    """The unit of the layer before that this one hands on: of maxout, the largest piece."""
    if plan.kind != "maxout":
        return unit
    pieces = ACTIVATIONS[plan.activation].pieces
    return unit * pieces + int(trace.weighted_sum[unit * pieces : (unit + 1) * pieces].argmax())


def _back(layer: str, unit: int) -> None:
    st.button(
        _("Back to unit {unit} of {layer}").format(unit=unit, layer=layer),
        icon=":material/arrow_back:",
        on_click=_go,
        args=(layer, unit),
        key="trace-back",
    )


def _go(layer: str, unit: int) -> None:
    session.tell_widget(LAYER, layer)
    clicks.put(unit_key(layer), unit)
