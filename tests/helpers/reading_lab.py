"""Networks that read well, for tests of the pages on which they answer."""

from __future__ import annotations

import numpy as np
from page_lab import LEARNER, Lab
from record_lab import share_no_more
from streamlit.testing.v1 import AppTest

from core.reading import shipped
from core.runs.origin import Origin
from core.runs.progress import Checkpoint, Point
from core.settings import DEFAULT, Settings

STEPS = 1719
"""Steps of an epoch of the default experiment."""


def trained(
    lab: Lab,
    settings: Settings = DEFAULT,
    *,
    epochs: int = 2,
    outcome: str = "finished",
    extra_steps: int = 0,
    learner: str = LEARNER,
    accuracy: float = 0.9758,
    origin: Origin | None = None,
) -> str:
    """A run, trained for itself, with the shipped network's weights, recorded as a worker does."""
    share_no_more(lab.store)
    network = shipped.load().network
    run = lab.store.runs.create(learner, settings.change(epochs=epochs + bool(extra_steps)), origin=origin)
    claim = lab.store.claims.take(run, "worker of the tests")
    assert claim is not None
    if outcome == "stopped":
        lab.store.runs.stop(run, learner=learner)
    lab.store.claims.keep_normalization(claim, network.normalization)
    points = [Point(0, 0.0, 0.1, val_loss=2.4, val_accuracy=0.1)]
    points += [
        Point(STEPS * epoch, epoch, epoch, 0.1, 0.99, 0.1, 0.9906, 0.08, accuracy)
        for epoch in range(1, epochs + 1)
    ]
    step = STEPS * epochs + extra_steps
    checkpoint = Checkpoint(step, float(epochs), np.zeros((2, 3)), network.weights, [])
    lab.store.claims.record(claim, points, checkpoint, None)
    lab.store.claims.end(claim, outcome)
    return run


def texts(app: AppTest) -> str:
    """What the page says in paragraphs, captions and boxes."""
    return " ".join(item.value for item in [*app.main.markdown, *app.main.caption, *app.main.info])
