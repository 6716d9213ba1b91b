"""Settings of an experiment that cannot do anything in it, because of another one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from core.choices.losses import LOSSES
from core.settings import Settings


class Idle(NamedTuple):
    """A setting that does nothing: ``code`` names the case, ``values`` belong into its sentence."""

    setting: str
    code: str
    values: dict[str, Any]


def without_effect(settings: Settings) -> list[Idle]:
    """All such settings, in the order of the sidebar."""
    return [*_of_rates(settings), *_of_remedies(settings)]


def _of_rates(settings: Settings) -> Iterator[Idle]:
    training = settings.training
    epochs = training.epochs
    if training.schedule == "step" and training.drop_every >= epochs:
        yield Idle("drop_every", "never-falls", {"every": training.drop_every, "epochs": epochs})
    if training.schedule == "step" and training.drop_to == 1.0:
        yield Idle("drop_to", "falls-to-itself", {})
    if training.warm_up >= epochs:
        code = "no-cosine" if training.schedule == "cosine" else "only-warms-up"
        yield Idle("warm_up", code, {"warm_up": training.warm_up, "epochs": epochs})
    late = [epoch for epoch, _rate in training.rate_changes if epoch >= epochs]
    if late:
        yield Idle("rate_changes", "changes-too-late", {"epoch": late[0], "epochs": epochs})
    if training.rate_changes and training.schedule != "constant":
        first = training.rate_changes[0][0]
        if first < epochs:
            yield Idle("schedule", "changed-by-hand", {"epoch": first})


def _of_remedies(settings: Settings) -> Iterator[Idle]:
    training, network = settings.training, settings.network
    if network.dropout and not network.hidden:
        yield Idle("dropout", "nothing-to-drop", {})
    if training.label_smoothing and not LOSSES[training.loss].can_be_smoothed:
        yield Idle("label_smoothing", "not-smoothed", {})
    if training.patience and training.patience + 1 >= training.epochs:  # the earliest end is the last epoch
        yield Idle("patience", "too-patient", {"patience": training.patience, "epochs": training.epochs})
