"""What the codes of the settings are called on the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.choices.activations import ACTIVATIONS
from core.choices.initializers import FITTING, FITTING_NAME, INITIALIZERS
from core.choices.losses import LOSSES
from core.choices.optimizers import OPTIMIZERS
from core.choices.parameters import parameter
from core.settings import write_hidden
from core.translation import _, translated


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
    }
    if name in tables:
        return tables[name](content)
    if isinstance(content, bool):
        return _("on") if content else _("off")
    if name in ("seed", "split_seed"):  # a label, not a quantity: as it is typed
        return str(content)
    return parameter(name).write(content) if isinstance(content, float) else f"{content:,}"
