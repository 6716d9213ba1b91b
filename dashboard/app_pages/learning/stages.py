"""The stages of one step: a picture and its formula for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from scipy.special import softmax

from core.runs.progress import steps_per_epoch
from core.theory.one_step import BATCH, OneStep, Weight
from dashboard.app_pages.learning import charts, formulas, walk
from dashboard.browser.digit_tiles import digit_tiles
from dashboard.browser.live_chart import live_chart
from dashboard.language import _
from dashboard.reading.readers import Reader

HEIGHT = 360
MATRIX_HEIGHT = 440
"""A row of 11 screen pixels for each image of a batch."""
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


@dataclass(frozen=True)
class Scene:
    """A network, the steps taken from its weights, the one that comes next, and the weight followed."""

    reader: Reader
    rates: walk.Rates
    step: OneStep
    weight: Weight


def draw(stage: str, scene: Scene) -> None:
    """Draw a stage: "batch", the name of a hidden layer, "output", "loss", "gradient" or "update"."""
    stages = {
        "batch": _batch,
        "output": _answer,
        "loss": _loss,
        "gradient": _gradient,
        "update": _update,
    }
    if stage in stages:
        stages[stage](scene)
    else:
        _layer(stage, scene)


def _write(written: Sequence[str]) -> None:
    """A formula a line: on a phone there is no room for more."""
    for formula in written:
        st.latex(formula)


def _batch(scene: Scene) -> None:
    images = scene.reader.settings.data.train
    these = walk.batch(scene.reader, len(scene.rates))
    digit_tiles(these.images, [str(label) for label in these.labels], key="learning-batch", size=56)
    st.latex(formulas.steps(images))
    st.markdown(
        _(
            "Step **{step}** of {steps:,}. Together they are one **epoch**: each of the {images:,} training "
            "images once, shuffled anew before every epoch."
        ).format(step=len(scene.rates) + 1, steps=steps_per_epoch(images, BATCH), images=images)
    )


def _layer(name: str, scene: Scene) -> None:
    chart = charts.matrix(scene.step.traces[name].outputs, scene.step.labels, units=_("unit"))
    live_chart(chart, key="learning-matrix", height=MATRIX_HEIGHT, alt=_("What a layer makes of the batch"))
    layer = next(layer for layer in scene.step.plan if layer.name == name)
    if layer.kind == "dense":
        _write(formulas.forwards(scene.step, name))
    st.markdown(_("A row is an image, a column a unit. Every number is computed like the one written out."))


def _answer(scene: Scene) -> None:
    probabilities = softmax(scene.step.scores, axis=1)
    chart = charts.matrix(probabilities, scene.step.labels, units=_("digit"))
    chart.update_xaxes(dtick=1)
    live_chart(chart, key="learning-answer", height=MATRIX_HEIGHT, alt=_("Ten probabilities for each image"))
    _write([*formulas.forwards(scene.step, "output"), formulas.answer(scene.step)])
    right = int((probabilities.argmax(axis=1) == scene.step.labels).sum())
    st.markdown(
        _("The likeliest digit is right for **{right} of {count}** images.").format(
            right=right, count=len(scene.step.labels)
        )
    )


def _loss(scene: Scene) -> None:
    losses, labels = scene.step.losses, scene.step.labels
    worst = int(losses.argmax())
    live_chart(
        charts.by_image(losses, labels, title=_("loss"), marked=worst),
        key="learning-losses",
        height=HEIGHT,
        alt=_("The loss of each image"),
    )
    st.latex(formulas.loss(scene.step, scene.reader.settings.training.loss))
    st.markdown(
        _("One image, a {digit}, makes up **{share:.0%}** of the batch's loss.").format(
            digit=labels[worst], share=losses[worst] / losses.sum()
        )
        if losses.sum() > 0
        else _("Nothing is wrong in this batch.")
    )


def _gradient(scene: Scene) -> None:
    shares = scene.step.shares(scene.weight)
    image = int(np.abs(shares.products).argmax())
    live_chart(
        charts.by_image(shares.products, scene.step.labels, title="x · δ", marked=image),
        key="learning-gradient",
        height=HEIGHT,
        alt=_("What each image adds to the gradient of one weight"),
    )
    code = scene.reader.settings.training.loss
    _write(formulas.chain(scene.step, scene.weight, shares, image, code))
    st.markdown(
        _(
            "x is what the weight multiplies, δ how the loss changes with the sum it feeds. Checked without "
            "calculus, by moving the weight a little:"
        )
    )
    _write(formulas.measured(scene.step, scene.weight))


def _update(scene: Scene) -> None:
    step = scene.step
    place = st.container()
    rate = st.select_slider(
        _("Learning rate η"),
        RATES,
        value=0.01,
        format_func=lambda rate: f"{rate:g}",
        key="learning-rate",
        persist_state="session",
    )
    losses = [step.loss_after(tried) for tried in RATES]
    after = losses[RATES.index(rate)]
    with place:
        live_chart(
            charts.rates(RATES, losses, step.loss, rate),
            key="learning-rates-chart",
            height=HEIGHT,
            alt=_("The loss of the batch after steps of other learning rates"),
        )
    _write(formulas.update(step, scene.weight, rate))
    told = (
        _("All weights move so at once. This batch's loss falls from **{before:.5f}** to **{after:.5f}**.")
        if after < step.loss
        else _("This step is too long: this batch's loss goes from **{before:.5f}** to **{after:.5f}**.")
    )
    st.markdown(told.format(before=step.loss, after=after))
    _buttons(scene, rate)


def _buttons(scene: Scene, rate: float) -> None:
    left = walk.MOST - len(scene.rates)
    full = left == 0 or (len(scene.rates) + 1) * BATCH >= scene.reader.settings.data.train
    with st.container(horizontal=True):
        st.button(
            _("Take this step, bring the next batch"),
            icon=":material/skip_next:",
            on_click=walk.take,
            args=(scene.reader, (*scene.rates, rate)),
            disabled=full,
            key="learning-take",
        )
        st.button(
            _("Begin again"),
            icon=":material/restart_alt:",
            on_click=walk.take,
            args=(scene.reader, ()),
            disabled=not scene.rates,
            key="learning-again",
        )
