"""The rates of the exported source are those of the lab, whatever the schedule."""

from __future__ import annotations

import numpy as np
import pytest

from core.choices.schedules import SCHEDULES
from core.export.keras_source import sections
from core.runs.rates import rates
from core.settings import DEFAULT, TrainingSettings

IMAGES, BATCH, STEPS = 37, 10, 4
"""So many images, of which the last batch of an epoch is not full."""
EPOCHS = 3


def exported(training: TrainingSettings, trained: int) -> np.ndarray:
    """(trained · STEPS,) what the source's own lines come to, without those that need Keras."""
    source = sections(DEFAULT.change(**vars(training)))["Training"]
    lines = source[source.index("steps = ") : source.index("class Rates")]
    names = {"np": np, "x_train": np.zeros(IMAGES), "BATCH_SIZE": BATCH, "EPOCHS": trained}
    with np.errstate(all="raise"):
        exec(lines, names)
    found = names["rates"]
    assert isinstance(found, np.ndarray)
    return found


@pytest.mark.parametrize("trained", [EPOCHS, EPOCHS + 2])
@pytest.mark.parametrize("warm_up", [0.0, 0.5, 2.0, float(EPOCHS), EPOCHS + 2.0])
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_exported_rates_are_the_labs(schedule: str, warm_up: float, trained: int) -> None:
    training = TrainingSettings(
        learning_rate=0.1,
        epochs=EPOCHS,
        schedule=schedule,
        drop_every=2,
        warm_up=warm_up,
        rate_changes=((4, 0.02),),
    )
    of_the_lab = np.concatenate([rates(training, STEPS, epoch) for epoch in range(trained)])
    np.testing.assert_allclose(exported(training, trained), of_the_lab, rtol=1e-6, atol=1e-9)
