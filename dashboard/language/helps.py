"""One sentence of help for each setting, with an experiment's own numbers, and one for each choice it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.choices.initializers import FITTING, FITTING_HELP, INITIALIZERS
from core.choices.losses import LOSSES
from core.choices.optimizers import OPTIMIZERS
from core.choices.parameters import parameter
from core.choices.schedules import SCHEDULES
from core.runs.progress import steps_per_epoch
from core.runs.rates import usual_rate
from core.settings import DIGITS, PIXELS, TEST_IMAGES, TRAINING_IMAGES, Settings
from dashboard.language import _, names, translated
from dashboard.language.joining import bold, bulleted, paragraphs

_CHOICES: Mapping[str, Mapping[str, str]] = {
    "initializer": {**{code: row.help for code, row in INITIALIZERS.items()}, FITTING: FITTING_HELP},
    "optimizer": {code: row.help for code, row in OPTIMIZERS.items()},
    "schedule": {code: row.help for code, row in SCHEDULES.items()},
    "loss": {code: row.help for code, row in LOSSES.items()},
}


def setting(name: str, settings: Settings) -> str:
    """What a setting is, in this experiment; below, in Markdown, what each of its choices does."""
    told = translated(parameter(name).help).format(**_numbers(settings))
    each = bulleted(
        _("{choice}: {help}").format(choice=bold(names.value(name, code)), help=translated(text))
        for code, text in _CHOICES.get(name, {}).items()
    )
    return paragraphs(told, each)


def _numbers(settings: Settings) -> dict[str, Any]:
    """What the placeholders of ``Parameter.help`` stand for."""
    data, training = settings.data, settings.training
    steps = steps_per_epoch(data.train, training.batch_size)
    return {
        "available": TRAINING_IMAGES,
        "test": TEST_IMAGES,
        "train": data.train,
        "validation": data.validation,
        "room": TRAINING_IMAGES - data.validation,
        "pixels": PIXELS,
        "digits": DIGITS,
        "optimizer": names.optimizer(training.optimizer),
        "usual": usual_rate(training),
        "batch": training.batch_size,
        "steps": steps,
        "total": steps * training.epochs,
    }
