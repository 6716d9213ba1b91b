"""The figures the lab report published: 10 epochs, one run of each network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from core.settings import DEFAULT, PRESETS, Settings


@dataclass(frozen=True)
class Report:
    """One published experiment.

    Attributes:
        parameters: weights and biases of the network.
        epochs: epoch (from 1), loss, accuracy, val_loss, val_accuracy.
        test_loss, test_accuracy: on the 10,000 test images.
    """

    parameters: int
    epochs: pd.DataFrame
    test_loss: float
    test_accuracy: float


def _epochs(*rows: tuple[float, float, float, float]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["loss", "accuracy", "val_loss", "val_accuracy"])
    table.insert(0, "epoch", range(1, len(rows) + 1))
    return table


PUBLISHED: Mapping[str, Report] = {
    "three-layer": Report(
        parameters=266_610,
        epochs=_epochs(
            (0.3510, 0.8987, 0.1959, 0.9452),
            (0.1703, 0.9504, 0.1473, 0.9576),
            (0.1265, 0.9635, 0.1196, 0.9666),
            (0.0999, 0.9714, 0.1070, 0.9684),
            (0.0814, 0.9772, 0.0987, 0.9718),
            (0.0679, 0.9807, 0.0918, 0.9738),
            (0.0578, 0.9841, 0.0851, 0.9752),
            (0.0496, 0.9863, 0.0828, 0.9754),
            (0.0428, 0.9885, 0.0785, 0.9762),
            (0.0365, 0.9906, 0.0767, 0.9758),
        ),
        test_loss=0.0756,
        test_accuracy=0.9756,
    ),
    "twenty-layer": Report(
        parameters=271_410,
        epochs=_epochs(
            (2.2575, 0.1480, 1.9294, 0.2146),
            (1.3380, 0.4463, 0.8457, 0.6608),
            (0.5617, 0.8352, 0.2555, 0.9408),
            (0.2314, 0.9366, 0.2023, 0.9484),
            (0.1621, 0.9551, 0.1926, 0.9498),
            (0.1248, 0.9655, 0.1648, 0.9592),
            (0.1031, 0.9717, 0.1285, 0.9684),
            (0.0884, 0.9749, 0.1235, 0.9696),
            (0.0792, 0.9778, 0.1541, 0.9642),
            (0.0697, 0.9802, 0.1354, 0.9682),
        ),
        test_loss=0.1488,
        test_accuracy=0.9652,
    ),
}
"""By the name of the preset in ``core.settings.PRESETS`` that repeats the experiment."""


@lru_cache(maxsize=4096)
def published_code(settings: Settings) -> str | None:
    """Code of the published experiment that this one repeats; seed and number of epochs may differ."""
    plain = settings.as_if(seed=DEFAULT.training.seed, epochs=DEFAULT.training.epochs)
    return next((name for name, preset in PRESETS.items() if preset == plain), None)
