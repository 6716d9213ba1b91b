"""The words of training, with this experiment's own numbers: step, batch, epoch, seed, labels, choices."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from core.architecture.plan import parameter_count
from core.choices.losses import LOSSES
from core.runs.progress import steps_per_epoch
from core.settings import DIGITS, Settings
from dashboard.frame import resources, session
from dashboard.frame.choosing import one_of
from dashboard.frame.fragments import fragment
from dashboard.language import _, helps, names
from dashboard.language.joining import paragraphs


@fragment
def show() -> None:
    """One word at a time."""
    settings = session.settings()
    cards: dict[str, tuple[str, Callable[[Settings], None]]] = {
        "steps": (_("Step, batch, epoch"), _steps),
        "seed": (_("Seed"), _seed),
        "labels": (_("Labels: why “sparse”?"), _labels),
        "loss": (_("Loss"), lambda settings: _choice("loss", settings)),
        "optimizer": (_("Optimiser and learning rate"), _optimizer),
        "initializer": (_("Initialiser"), lambda settings: _choice("initializer", settings)),
    }
    word = one_of(
        _("Word"),
        list(cards),
        default="steps",
        format_func=lambda word: cards[word][0],
        key="ideas-word",
        persist_state="session",
    )
    cards[word][1](settings)


def _steps(settings: Settings) -> None:
    images, size = settings.data.train, settings.training.batch_size
    steps, epochs = steps_per_epoch(images, size), settings.training.epochs
    st.latex(
        rf"\left\lceil \frac{{{images}}}{{{size}}} \right\rceil = {steps} "
        rf"\qquad {steps} \times {epochs} = {steps * epochs}"
    )
    last = images - (steps - 1) * size
    st.markdown(
        _(
            "A **batch** is {size:,} images looked at together. A **step** changes all {weights:,} weights "
            "by the mean gradient of one batch. An **epoch** uses each of the {images:,} training images "
            "once, in a new order: {steps:,} steps, the last with {last:,} images. {epochs:,} epochs make "
            "{total:,} steps."
        ).format(
            size=size,
            weights=parameter_count(settings.network),
            images=images,
            steps=steps,
            last=last,
            epochs=epochs,
            total=steps * epochs,
        )
    )


def _seed(settings: Settings) -> None:
    st.markdown(
        _(
            "Chance draws the first weights and the order of the images. A computer's chance is a long row "
            "of numbers, and the **seed** says where it begins: seed **{seed}** draws the same every time, "
            "so the same experiment gives the same curve again, on the same kind of processor and with the "
            "same versions. Other seeds show how much of a result is luck."
        ).format(seed=settings.training.seed)
    )


def _labels(settings: Settings) -> None:
    part = resources.parts(settings.data).train
    digit = int(part.labels[0])
    wanted = ", ".join(str(number) for number in np.eye(DIGITS, dtype=int)[digit])
    st.latex(rf"{digit} \quad\longleftrightarrow\quad ({wanted})")
    loss = LOSSES[settings.training.loss]
    used = (
        _("This experiment's loss, {loss}, compares all ten numbers, so labels are written out one-hot.")
        if loss.wants_one_hot
        else _("This experiment's loss is {loss}: it takes the digits as they are.")
    ).format(loss=f"`{loss.keras_name}`")
    st.markdown(
        paragraphs(
            _(
                "The first training image is a {digit}. Its label can be that one number, or **one-hot**: "
                "ten numbers, a 1 at the right digit. The ten say no more than the one, so Keras has a loss "
                "for each way of writing: `categorical_crossentropy` for one-hot labels and "
                "`sparse_categorical_crossentropy` for digits. Both are −ln of the probability given to the "
                "right digit. For {images:,} labels sparse is {images:,} numbers instead of {many:,}."
            ).format(digit=digit, images=len(part), many=DIGITS * len(part)),
            used,
        )
    )


def _optimizer(settings: Settings) -> None:
    _choice("optimizer", settings)
    st.markdown(helps.setting("learning_rate", settings))


def _choice(name: str, settings: Settings) -> None:
    """What a setting is, what each of its choices does, and which one this experiment has."""
    content = {
        "loss": settings.training.loss,
        "optimizer": settings.training.optimizer,
        "initializer": settings.network.initializer,
    }[name]
    chosen = _("Here: **{choice}**.").format(choice=names.value(name, content))
    st.markdown(paragraphs(helps.setting(name, settings), chosen))
