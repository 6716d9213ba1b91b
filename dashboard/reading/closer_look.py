"""Why a network answers as it does: three ways to shrink, saliency, every layer's numbers, similar digits."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.architecture.plan import Layer
from core.drawing import mnist_style
from core.reading.answer import answer
from core.reading.trained_network import LayerTrace, UnitTrace
from dashboard.browser import clicks
from dashboard.browser.digit_tiles import digit_tiles
from dashboard.browser.live_chart import live_chart
from dashboard.frame import resources
from dashboard.frame.choosing import one_of
from dashboard.frame.folds import folded
from dashboard.frame.tabs import tabs
from dashboard.language import _, names, ngettext
from dashboard.language.foreign import literal
from dashboard.language.joining import facts
from dashboard.look import style
from dashboard.reading import answer_charts, one_product
from dashboard.reading.answers import verdict
from dashboard.reading.readers import Reader
from dashboard.reading.what_if import change_a_pixel, switch_off

SIMILAR = 3
ITSELF = 0.5
"""An image that differs by less than this, as a pixel usually does, from 0 to 255, is the image itself."""


def closer_look(
    canvas: Callable[[], NDArray[np.uint8]] | None, image: NDArray[np.uint8], readers: list[Reader]
) -> None:
    """The folded part of a reading.

    Args:
        canvas: gives what was drawn, as large as it was drawn; None when the image was not drawn.
        image: (28, 28) what the networks saw.
    """
    folded(  # stays open for the next drawing
        _("Look closer"),
        lambda: look(image, _choose_reader(readers), canvas=canvas),
        icon=":material/search:",
        key="closer",
    )


def _choose_reader(readers: list[Reader]) -> Reader:
    if len(readers) == 1:
        return readers[0]
    place = one_of(
        _("Network"),
        range(len(readers)),
        default=0,
        format_func=lambda place: facts([str(place + 1), literal(readers[place].name)]),
        key="closer-reader",
    )
    return readers[place]


def look(
    image: NDArray[np.uint8],
    reader: Reader,
    *,
    canvas: Callable[[], NDArray[np.uint8]] | None = None,
    more: Mapping[str, Callable[[], None]] | None = None,
) -> None:
    """What is found out about an image (28, 28) and the network that read it; in a part that reruns alone.

    Args:
        canvas: as for ``closer_look``.
        more: further tabs: title → what it draws.
    """
    contents = {
        _("Layer by layer"): lambda: layer_by_layer(image, reader),
        _("For and against"): lambda: for_and_against(image, reader),
        _("Change a pixel"): lambda: change_a_pixel(image, reader),
        _("Most similar"): lambda: most_similar(image, reader, is_drawn=canvas is not None),
    }
    if canvas is not None:
        contents = {_("Three ways to shrink"): lambda: three_ways(canvas(), image, reader)} | contents
    tabs("closer-tab", contents | dict(more or {}))


def three_ways(canvas: NDArray[np.uint8], image: NDArray[np.uint8], reader: Reader) -> None:
    """The same drawing only shrunk, cut out, and as the networks see it, with an answer to each."""
    ways = {
        _("Raw: the canvas, only shrunk"): mnist_style.raw(canvas),
        _("Boxed: cut out and fitted into 20 × 20"): mnist_style.boxed(canvas),
        _("Centred: as MNIST was made"): image,
    }
    images = np.stack(list(ways.values()))
    opinion = resources.opinion(image)  # what is drawn is a digit or none, however it is shrunk
    for place, (column, title, image) in enumerate(zip(st.columns(3), ways, images, strict=True)):
        heading, detail = verdict(answer(reader.network.probabilities(image[None])[0]), opinion)
        with column:
            digit_tiles(image[None], [title], key=f"way-{place}", size=112, seen=True)
            st.markdown(f"**{heading}**  \n:gray[{detail}]")
    st.caption(
        _(
            "The network learnt from digits that were made this way: centred, with strokes that are usually "
            "about two to three pixels wide. A drawing that comes otherwise is strange to it."
        )
    )


def for_and_against(image: NDArray[np.uint8], reader: Reader) -> None:
    """Where more ink would raise or lower the sum of a digit."""
    probabilities = reader.network.probabilities(image[None])[0]
    read = answer(probabilities)
    digit = st.pills(
        _("What speaks for a"), range(10), default=read.digit, required=True, key=f"saliency-{read.digit}"
    )
    left, right = st.columns([3, 2], vertical_alignment="center")
    with left:
        live_chart(
            answer_charts.saliency(image, reader.network.saliency(image, int(digit))),
            key="saliency",
            height=340,
            alt=_("Pixels that speak for and against a {digit}").format(digit=digit),
        )
    right.markdown(
        _(
            "**Blue**: more ink here would raise the network's sum for **{digit}**. **Orange**: it would "
            "lower it. The line is the edge of your digit."
        ).format(digit=digit)
    )
    right.caption(_("It is the slope of the sum before the softmax for each pixel, computed backwards."))


def most_similar(image: NDArray[np.uint8], reader: Reader, *, is_drawn: bool) -> None:
    """The training images nearest to an image, pixel by pixel; one of them is not its own neighbour."""
    train = resources.parts(reader.settings.data).train
    places, distances = resources.neighbors(reader.settings.data).nearest(image, SIMILAR + 1)
    others = np.flatnonzero(distances >= ITSELF)[:SIMILAR]
    places, distances = places[others], distances[others]
    digit_tiles(
        np.concatenate([image[None], train.images[places]]),
        [_("Your digit") if is_drawn else _("This digit"), *(str(train.labels[place]) for place in places)],
        notes=["", *(_("{distance:.0f} apart").format(distance=distance) for distance in distances)],
        key="similar",
        size=112,
    )
    st.caption(
        _(
            "Of {count:,} training images these differ least. The number is the usual difference of a pixel, "
            "from 0 to 255. The network does not look them up; it has only its weights."
        ).format(count=len(train.labels))
    )


def layer_by_layer(image: NDArray[np.uint8], reader: Reader) -> None:
    """The forward computation with this image's numbers: choose a layer, then a unit."""
    plans = {plan.name: plan for plan in reader.network.layers if plan.kind != "flatten"}
    traces = {trace.name: trace for trace in reader.network.trace(image)}
    name = st.selectbox(
        _("Layer"), list(plans), format_func=lambda name: _title(plans[name]), key=one_product.LAYER
    )
    plan, trace = plans[name], traces[name]
    left, right = st.columns(2, gap="medium")
    with left:
        unit = _choose_unit(plan, trace)
    with right:
        _explain(plan, trace, unit, reader, image)
        switch_off(image, reader, plan, unit)
    one_product.show(plan, trace, unit, reader, image)


def _title(plan: Layer) -> str:
    return ngettext("{name}: {count} unit", "{name}: {count} units", plan.width).format(name=plan.name)


def _choose_unit(plan: Layer, trace: LayerTrace) -> int:
    """The unit typed in or clicked, whichever came last, and until then the strongest of this image.

    It is kept for all networks: one with fewer units shows its last.
    """
    key, strongest = one_product.unit_key(plan.name), int(np.abs(trace.output).argmax())
    at = min(int(clicks.current(key, strongest)), plan.width - 1)
    unit = int(
        st.number_input(
            _("Unit (or click one)"),
            0,
            plan.width - 1,
            at,
            key=clicks.widget_key(key, (strongest, plan.width)),  # another width is another widget, too
            width=180,
        )
    )
    clicks.choose(key, unit, shown=at)
    _show_units(plan, trace, unit, key)
    return unit


def _show_units(plan: Layer, trace: LayerTrace, unit: int, key: str) -> None:
    columns = answer_charts.columns(plan.width)
    click = live_chart(
        answer_charts.units(trace.output, unit),
        key=f"units-{plan.name}",
        height=style.rows_height(-(-plan.width // columns), row=26, frame=60),
        alt=_("What each unit of the layer hands on"),
        clickable=True,
    )
    if click is not None:
        clicks.take_click(key, click, min(int(click["y"]) * columns + int(click["x"]), plan.width - 1))


def _explain(plan: Layer, trace: LayerTrace, unit: int, reader: Reader, image: NDArray[np.uint8]) -> None:
    """The unit's arithmetic with this image's numbers, and what adds most to it."""
    z, output = float(trace.weighted_sum[unit]), float(trace.output[unit])
    if plan.kind in ("dense", "output"):
        parts = reader.network.unit(image, plan.name, unit)
        st.latex(_sum(parts, unit))
        st.latex(_activation(plan, unit, z, output))
    else:
        st.latex(_activation(plan, unit, z, output))


def _sum(parts: UnitTrace, unit: int) -> str:
    return (
        rf"\begin{{aligned}} z_{{{unit}}} &= \textstyle\sum_i w_i x_i + b \\"
        rf"&= {parts.contributions.sum():.3f} {parts.bias:+.3f} = {parts.weighted_sum:.3f} \end{{aligned}}"
    )


def _activation(plan: Layer, unit: int, z: float, output: float) -> str:
    """What the layer makes of the sum; a layer without activation hands it on."""
    if plan.kind == "output":
        return rf"p_{{{unit}}} = e^{{z_{{{unit}}}}} \big/ \textstyle\sum_k e^{{z_k}} = {output:.4f}"
    if plan.activation == "maxout":
        return rf"a_{{{unit}}} = \max(z_{{{2 * unit}}},\ z_{{{2 * unit + 1}}}) = {output:.3f}"
    if plan.activation:
        return _applied(names.activation(plan.activation), unit, z, output)
    return rf"a_{{{unit}}} = {output:.3f}"


def _applied(name: str, unit: int, z: float, output: float) -> str:
    """What the activation of this name makes of a sum, as LaTeX."""
    return rf"a_{{{unit}}} = \text{{{name}}}({z:.3f}) = {output:.3f}"
