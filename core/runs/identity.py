"""Which experiment a run is of: runs of the same one are trained once, whoever asks for them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from core.architecture.first_weights import initializer_for
from core.architecture.plan import layers
from core.choices.losses import LOSSES
from core.choices.schedules import SCHEDULES
from core.dataset.mnist import IDX_SHA256, idx_sha256
from core.dataset.prepared import Extra
from core.settings import DEFAULT, PARAMETERS, Settings, parameter

PARTS: Mapping[str, str] = {"split_seed": "split", "drop_every": "schedule", "drop_to": "schedule"}
"""Settings that only say more about another one: with some of its values they have no effect."""


def has_part(settings: Settings, name: str) -> bool:
    """Whether a setting of ``PARTS`` has an effect in this experiment."""
    return settings.data.split != "first" if name == "split_seed" else settings.training.schedule == "step"


@lru_cache(maxsize=4096)
def effective(settings: Settings) -> Settings:
    """The same experiment with everything that has no effect in it at its default.

    The initialiser "the one the activation wants" becomes the one that it is, so that two runs with
    different activations and this choice are seen to differ in their initialisers too.
    """
    network = settings.network
    changes: dict[str, Any] = {"initializer": initializer_for(network)}
    if not network.hidden:
        names = ("activation", "initializer", "batch_normalization", "residual", "dropout")
        changes = {name: getattr(DEFAULT.network, name) for name in names}
    elif network.residual and not any(layer.kind == "add" for layer in layers(network)):
        changes["residual"] = False
    if not LOSSES[settings.training.loss].can_be_smoothed:
        changes["label_smoothing"] = DEFAULT.training.label_smoothing
    changes |= {name: parameter(name).default for name in PARTS if not has_part(settings, name)}
    return settings.change(**changes)


OF_A_RUN = ("patience", "keep_best")
"""Settings that change no curve: where a run ends on it, and which of its weights it shows."""


@lru_cache(maxsize=4096)
def experiment(settings: Settings) -> Settings:
    """What two runs share that take the same way: ``chosen`` without what belongs to each run alone."""
    return chosen(settings).change(**{name: getattr(DEFAULT.training, name) for name in OF_A_RUN})


@lru_cache(maxsize=4096)
def chosen(settings: Settings) -> Settings:
    """What is compared: effective settings, whatever the number of epochs.

    Nothing in a run depends on how long it will last, unless its schedule does: a longer one begins as the
    shorter one.
    """
    if SCHEDULES[settings.training.schedule].needs_epochs:
        return effective(settings)
    return effective(settings).change(epochs=DEFAULT.training.epochs)


def identity(settings: Settings, drawings: Extra | None = None) -> str:
    """What runs share whose curves and weights are the same bit for bit, where arithmetic is the same.

    Named are the settings that have an effect and differ from the defaults, the seed among them, so that a
    setting that is added later changes none; the images by their content, MNIST's and the class's drawings.

    Args:
        drawings: (n, 28, 28) uint8 and labels (n,) uint8 that join the training part, in this order; none
            are none, whether or not the settings ask for them.

    Returns:
        64 hexadecimal digits, a SHA-256.
    """
    plain = experiment(settings).change(handwriting=DEFAULT.data.handwriting)
    values = {row.name: (row.get(plain), row.get(DEFAULT)) for row in PARAMETERS}
    told = {name: _one_way(value, usual) for name, (value, usual) in values.items() if value != usual}
    joined = [idx_sha256(array) for array in drawings] if drawings and len(drawings[1]) else []
    text = json.dumps([told, IDX_SHA256, joined], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _one_way(value: Any, usual: Any) -> Any:
    """A whole number, where the setting may be any, as the float that it is equal to: 1 as 1.0."""
    return float(value) if isinstance(usual, float) else value
