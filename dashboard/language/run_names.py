"""What a run is called: as its learner named it, else by what people change most in its settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from core.choices.parameters import parameter
from core.runs.rates import usual_rate
from core.settings import DEFAULT, NetworkSettings, Settings, TrainingSettings
from core.translation import _, ngettext, spoken
from dashboard.language import names
from dashboard.language.joining import listed


class Named(Protocol):
    """What a name is made of: a ``Run``, or an ``Entry`` of the roll."""

    @property
    def id(self) -> str:
        """Tells it from the others."""

    @property
    def name(self) -> str | None:
        """What the learner called it, if anything."""

    @property
    def settings(self) -> Settings:
        """The experiment."""

    @property
    def epochs(self) -> int:
        """How many are wanted."""


def run_name(run: Named) -> str:
    """The name its learner chose, else the one that follows from its settings, in the reader's language."""
    return run.name or settings_name(run.settings)


def distinct_names(runs: Sequence[Named]) -> dict[str, str]:
    """A name for each run that no other of them has: where needed with its epochs, else with a number.

    Args:
        runs: newest first, as lists show them; of twins the oldest is number 1.
    """
    told = {run.id: run_name(run) for run in runs}
    twins = Counter(told.values())
    for run in runs:
        if twins[told[run.id]] > 1:
            told[run.id] = listed([told[run.id], ngettext("{count} epoch", "{count} epochs", run.epochs)])
    same, seen = Counter(told.values()), Counter[str]()
    for run in reversed(runs):
        name = told[run.id]
        seen[name] += 1
        if same[name] > 1:
            told[run.id] = _("{name} ({number})").format(name=name, number=seen[name])
    return told


def settings_name(settings: Settings) -> str:
    """An experiment's name: "300-100 ReLU, Adam, seed 3"; what is as usual is left out."""
    return _settings_name(settings, spoken())


@lru_cache(maxsize=4096)  # a list of runs names each of them again when one is added
def _settings_name(settings: Settings, language: str) -> str:
    del language  # part of the key only: it is the one that is spoken
    parts = _network(settings.network)
    if settings.data.normalization != DEFAULT.data.normalization:
        parts.append(_normalization(settings.data.normalization))
    parts += _training(settings.training) + _remedies(settings)
    if settings.data.train != DEFAULT.data.train:
        parts.append(ngettext("{count} image", "{count} images", settings.data.train))
    if settings.training.seed:
        parts.append(_("seed {seed}").format(seed=settings.training.seed))
    return listed(parts)


def _network(network: NetworkSettings) -> list[str]:
    parts = [_("softmax")]
    if network.hidden:
        shape, activation = names.hidden(network.hidden), names.activation(network.activation)
        parts = [_("{shape} {activation}").format(shape=shape, activation=activation)]
        if network.initializer == "activation":
            parts.append(_("fitting init"))
        elif network.initializer != DEFAULT.network.initializer:
            parts.append(_("{initializer} init").format(initializer=names.initializer(network.initializer)))
    if network.batch_normalization:
        parts.append(_("batch norm"))
    if network.residual:
        parts.append(_("skip"))
    return parts


def _normalization(code: str) -> str:
    return {"none": _("no normalisation"), "min-max": _("min-max"), "z-score": _("z-score")}[code]


def _optimizer(training: TrainingSettings) -> list[str]:
    """The optimiser, and its rate where that is not the usual one; SGD at its usual rate is as usual."""
    momentum = training.optimizer == "momentum"
    optimizer = _("momentum") if momentum else names.optimizer(training.optimizer)
    if training.learning_rate != usual_rate(training):
        rate = names.value("learning_rate", training.learning_rate)
        return [_("{optimizer} {rate}").format(optimizer=optimizer, rate=rate)]
    return [] if training.optimizer == DEFAULT.training.optimizer else [optimizer]


def _training(training: TrainingSettings) -> list[str]:
    parts = _optimizer(training) + _schedule(training)
    if training.loss == "squared-error":
        parts.append(_("squared error"))
    if training.batch_size != DEFAULT.training.batch_size:
        parts.append(_("batch {size}").format(size=training.batch_size))
    if training.gradient_clipping:
        norm = names.value("gradient_clipping", training.gradient_clipping)
        parts.append(_("clipping {norm}").format(norm=norm))
    return parts


def _schedule(training: TrainingSettings) -> list[str]:
    """How the rate changes: "cosine", "warm-up 1", "0.001 after epoch 5"; [] where it does not."""
    parts = [] if training.schedule == "constant" else [names.schedule(training.schedule)]
    if training.warm_up:
        value = names.value("warm_up", training.warm_up)
        parts.append(_("{setting} {value}").format(setting=names.setting_within("warm_up"), value=value))
    return parts + ([names.rate_changes(training.rate_changes)] if training.rate_changes else [])


REMEDIES = ("dropout", "l2", "label_smoothing", "shift", "turn", "thickness", "patience")
"""Settings against learning images by heart, in the order in which a name tells them."""


def _remedies(settings: Settings) -> list[str]:
    """What is done against learning images by heart: "dropout 0.2"; [] where nothing is."""
    values = {name: parameter(name).get(settings) for name in REMEDIES}
    return [
        _("{setting} {value}").format(setting=names.setting_within(name), value=names.value(name, value))
        for name, value in values.items()
        if value != parameter(name).default
    ] + ([_("best weights")] if settings.training.keep_best else [])
