"""One step of training, slowly: each stage is a picture and its formula."""

from __future__ import annotations

import streamlit as st

from core.architecture.plan import parameter_count
from core.choices.activations import ACTIVATIONS
from core.theory.one_step import BATCH, OneStep
from dashboard.app_pages.learning import stages, walk
from dashboard.app_pages.learning.weight_choice import choose_weight
from dashboard.frame.fragments import fragment
from dashboard.language import _
from dashboard.reading import readers


@fragment
def show() -> None:
    """A slider from the batch through the layers to the loss, and from there to the update."""
    st.markdown(
        _(
            "A **step** looks at one **batch** and changes every weight a little. Move the slider to follow "
            "it from the images to the update."
        )
    )
    place = st.container(key="learning-stage")
    chosen = readers.choose("learning-step", most=1)
    if not chosen:
        return
    reader = chosen[0]
    rates = walk.taken(reader)
    step = walk.at(reader, rates)
    weight = choose_weight(reader, walk.at(reader, ()) if rates else step)
    with place:
        stage = _stage(step)
        scene = stages.Scene(reader, rates, step, weight)
        stages.draw(stage, scene)
    st.caption(
        _(
            "{weights:,} weights; {size} images a batch; plain gradient descent from saved weights, "
            "which stay."
        ).format(weights=parameter_count(reader.settings.network), size=BATCH)
    )


def _stage(step: OneStep) -> str:
    hidden = [layer.name for layer in step.plan if layer.activation in ACTIVATIONS]
    named = {"batch": _("Batch")}
    named |= {name: _("Layer {number}").format(number=place) for place, name in enumerate(hidden, start=1)}
    named |= {"output": _("Answer"), "loss": _("Loss"), "gradient": _("Gradient"), "update": _("Update")}
    return st.select_slider(
        _("Where the step is"),
        list(named),
        value="batch",
        format_func=named.__getitem__,
        key=f"learning-stage-{len(hidden)}",
        persist_state="session",
    )
