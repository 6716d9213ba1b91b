"""What the codes of the settings are called on the screen."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from core.choices.activations import ACTIVATIONS
from core.choices.initializers import FITTING, FITTING_NAME, INITIALIZERS
from core.choices.losses import LOSSES
from core.choices.optimizers import OPTIMIZERS
from core.choices.parameters import parameter
from core.choices.schedules import SCHEDULES
from core.settings import write_hidden
from core.translation import _, translated
from dashboard.language.joining import listed


def split(code: str) -> str:
    """The name of a way to split."""
    return {
        "first": _("First images validate"),
        "random": _("At random"),
        "stratified": _("At random, every digit in proportion"),
    }[code]


def part(code: str) -> str:
    """The name of a part of the data; "unused" is what no part took."""
    return {
        "train": _("Training"),
        "validation": _("Validation"),
        "test": _("Test"),
        "unused": _("Left aside"),
    }[code]


def normalization(code: str) -> str:
    """The name of a normalisation."""
    return {"none": _("None (0 … 255)"), "min-max": _("Min-max (0 … 1)"), "z-score": _("Z-score")}[code]


def activation(code: str) -> str:
    """The name of an activation."""
    return translated(ACTIVATIONS[code].name)


def initializer(code: str) -> str:
    """The name of an initialiser."""
    return translated(FITTING_NAME if code == FITTING else INITIALIZERS[code].name)


def loss(code: str) -> str:
    """The name of a loss."""
    return translated(LOSSES[code].name)


def optimizer(code: str) -> str:
    """The name of an optimiser."""
    return translated(OPTIMIZERS[code].name)


def schedule(code: str) -> str:
    """The name of a schedule of the learning rate."""
    return translated(SCHEDULES[code].name)


def rate_changes(changes: tuple[tuple[int, float], ...]) -> str:
    """Other rates from later epochs on: "0.01 after epoch 5, 0.001 after epoch 8"."""
    rate = parameter("learning_rate").write
    told = [_("{rate} after epoch {epoch}").format(rate=rate(value), epoch=epoch) for epoch, value in changes]
    return listed(told) or _("none")


def hidden(widths: tuple[int, ...]) -> str:
    """A network's hidden layers in one glance: "300-100", "20 × 100"."""
    return _("no hidden layer") if not widths else write_hidden(widths).replace("x", " × ")


def setting(name: str) -> str:
    """The name of a setting, as it stands beside its control."""
    return {
        "split": _("Split"),
        "validation": _("Validation images"),
        "train": _("Training images"),
        "split_seed": _("Seed of the split"),
        "normalization": _("Normalisation"),
        "handwriting": _("Add our class's handwriting"),
        "hidden": _("Hidden layers"),
        "activation": _("Activation"),
        "initializer": _("Initialiser"),
        "batch_normalization": _("Batch normalisation"),
        "residual": _("Skip connections"),
        "loss": _("Loss"),
        "optimizer": _("Optimiser"),
        "learning_rate": _("Learning rate"),
        "batch_size": _("Batch size"),
        "epochs": _("Epochs"),
        "seed": _("Seed"),
        "gradient_clipping": _("Gradient clipping"),
        "dropout": _("Dropout"),
        "l2": _("L2 penalty"),
        "label_smoothing": _("Label smoothing"),
        "shift": _("Random shift (pixels)"),
        "turn": _("Random turn (degrees)"),
        "thickness": _("Random thickness (pixels)"),
        "schedule": _("Schedule of the rate"),
        "drop_every": _("Falls after every (epochs)"),
        "drop_to": _("Falls to (share)"),
        "warm_up": _("Warm-up (epochs)"),
        "rate_changes": _("Other rates later"),
        "patience": _("Patience (epochs)"),
        "keep_best": _("Keep the best weights"),
    }[name]


def setting_within(name: str) -> str:
    """The name of a setting within a sentence; no rule makes it of the other form in every language."""
    return {
        "split": _("split"),
        "validation": _("validation images"),
        "train": _("training images"),
        "split_seed": _("seed of the split"),
        "normalization": _("normalisation"),
        "handwriting": _("our class's handwriting"),
        "hidden": _("hidden layers"),
        "activation": _("activation"),
        "initializer": _("initialiser"),
        "batch_normalization": _("batch normalisation"),
        "residual": _("skip connections"),
        "loss": _("loss"),
        "optimizer": _("optimiser"),
        "learning_rate": _("learning rate"),
        "batch_size": _("batch size"),
        "epochs": _("epochs"),
        "seed": _("seed"),
        "gradient_clipping": _("gradient clipping"),
        "dropout": _("dropout"),
        "l2": _("L2 penalty"),
        "label_smoothing": _("label smoothing"),
        "shift": _("random shift"),
        "turn": _("random turn"),
        "thickness": _("random thickness"),
        "schedule": _("schedule of the rate"),
        "drop_every": _("epochs between two falls of the rate"),
        "drop_to": _("share to which the rate falls"),
        "warm_up": _("warm-up"),
        "rate_changes": _("other rates later"),
        "patience": _("patience"),
        "keep_best": _("the best weights"),
    }[name]


def value(name: str, content: object) -> str:
    """A setting's value as a person reads it."""
    tables: dict[str, Callable[[Any], str]] = {
        "split": split,
        "normalization": normalization,
        "activation": activation,
        "initializer": initializer,
        "loss": loss,
        "optimizer": optimizer,
        "hidden": hidden,
        "schedule": schedule,
        "rate_changes": rate_changes,
    }
    if name in tables:
        return tables[name](content)
    if isinstance(content, bool):
        return _("on") if content else _("off")
    if name in ("seed", "split_seed"):  # a label, not a quantity: as it is typed
        return str(content)
    if isinstance(content, float):  # "0.000004", never a programmer's "4e-06"
        return f"{Decimal(parameter(name).write(content)):f}"
    return f"{content:,}"
