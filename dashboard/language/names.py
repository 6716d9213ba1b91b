"""What the codes of the settings are called on the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from core.choices.activations import ACTIVATIONS
from core.choices.initializers import FITTING, FITTING_NAME, INITIALIZERS
from core.choices.losses import LOSSES
from core.choices.optimizers import OPTIMIZERS
from core.choices.parameters import parameter
from core.choices.schedules import SCHEDULES
from core.errors import N_
from core.settings import write_hidden
from core.translation import _, translated
from dashboard.language.joining import listed

_SPLITS: Mapping[str, str] = {
    "first": N_("First images validate"),
    "random": N_("At random"),
    "stratified": N_("At random, every digit in proportion"),
}
_PARTS: Mapping[str, str] = {
    "train": N_("Training"),
    "validation": N_("Validation"),
    "test": N_("Test"),
    "unused": N_("Left aside"),
}
_NORMALIZATIONS: Mapping[str, str] = {
    "none": N_("None (0 … 255)"),
    "min-max": N_("Min-max (0 … 1)"),
    "z-score": N_("Z-score"),
}
_SETTINGS: Mapping[str, str] = {
    "split": N_("Split"),
    "validation": N_("Validation images"),
    "train": N_("Training images"),
    "split_seed": N_("Seed of the split"),
    "normalization": N_("Normalisation"),
    "handwriting": N_("Add our class's handwriting"),
    "hidden": N_("Hidden layers"),
    "activation": N_("Activation"),
    "initializer": N_("Initialiser"),
    "batch_normalization": N_("Batch normalisation"),
    "residual": N_("Skip connections"),
    "loss": N_("Loss"),
    "optimizer": N_("Optimiser"),
    "learning_rate": N_("Learning rate"),
    "batch_size": N_("Batch size"),
    "epochs": N_("Epochs"),
    "seed": N_("Seed"),
    "gradient_clipping": N_("Gradient clipping"),
    "dropout": N_("Dropout"),
    "l2": N_("L2 penalty"),
    "label_smoothing": N_("Label smoothing"),
    "shift": N_("Random shift (pixels)"),
    "turn": N_("Random turn (degrees)"),
    "thickness": N_("Random thickness (pixels)"),
    "schedule": N_("Schedule of the rate"),
    "drop_every": N_("Epochs between two drops"),
    "drop_to": N_("Drops to (share)"),
    "warm_up": N_("Warm-up (epochs)"),
    "rate_changes": N_("Other rates later"),
    "patience": N_("Patience (epochs)"),
    "keep_best": N_("Keep the best weights"),
}
_SETTINGS_WITHIN: Mapping[str, str] = {
    "split": N_("split"),
    "validation": N_("validation images"),
    "train": N_("training images"),
    "split_seed": N_("seed of the split"),
    "normalization": N_("normalisation"),
    "handwriting": N_("our class's handwriting"),
    "hidden": N_("hidden layers"),
    "activation": N_("activation"),
    "initializer": N_("initialiser"),
    "batch_normalization": N_("batch normalisation"),
    "residual": N_("skip connections"),
    "loss": N_("loss"),
    "optimizer": N_("optimiser"),
    "learning_rate": N_("learning rate"),
    "batch_size": N_("batch size"),
    "epochs": N_("epochs"),
    "seed": N_("seed"),
    "gradient_clipping": N_("gradient clipping"),
    "dropout": N_("dropout"),
    "l2": N_("L2 penalty"),
    "label_smoothing": N_("label smoothing"),
    "shift": N_("random shift"),
    "turn": N_("random turn"),
    "thickness": N_("random thickness"),
    "schedule": N_("schedule of the rate"),
    "drop_every": N_("epochs between two drops of the rate"),
    "drop_to": N_("share to which the rate drops"),
    "warm_up": N_("warm-up"),
    "rate_changes": N_("other rates later"),
    "patience": N_("patience"),
    "keep_best": N_("the best weights"),
}


def split(code: str) -> str:
    """The name of a way to split."""
    return translated(_SPLITS[code])


def part(code: str) -> str:
    """The name of a part of the data; "unused" is what no part took."""
    return translated(_PARTS[code])


def normalization(code: str) -> str:
    """The name of a normalisation."""
    return translated(_NORMALIZATIONS[code])


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
    return translated(_SETTINGS[name])


def setting_within(name: str) -> str:
    """The name of a setting within a sentence; no rule makes it of the other form in every language."""
    return translated(_SETTINGS_WITHIN[name])


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
