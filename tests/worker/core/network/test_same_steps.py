"""The same steps in six ways, in a process of their own as a worker starts it, against NumPy."""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from house import ROOT

from core.choices.losses import LOSSES
from core.dataset.prepared import prepare
from core.network.model import build, weights
from core.reading.trained_network import TrainedNetwork
from core.settings import DEFAULT
from core.theory.one_step import OneStep

STEPS = 4
MEASURE = (
    "import json\nfrom core.network import same_steps\nsame_steps.divide_the_processor()\n"
    f"print(json.dumps(same_steps.measure({STEPS})))"
)


def by_hand() -> float:
    """The loss of the first images of the first epoch after a step for each batch of them."""
    prepared = prepare(DEFAULT.data)
    rows = np.random.default_rng([0, 0]).permutation(55_000)[: 32 * STEPS]
    now = weights(build(DEFAULT.network, seed=0))
    for batch in np.split(rows, STEPS):
        step = OneStep(
            DEFAULT.network, now, prepared.normalization, prepared.images[batch], prepared.labels[batch]
        )
        now = {name: value.astype(np.float32) for name, value in step.updated(0.01).items()}
    scores = TrainedNetwork(DEFAULT.network, now, prepared.normalization).scores(prepared.images[rows])
    return float(LOSSES["cross-entropy"].values(scores, prepared.labels[rows]).mean())


def test_six_ways_come_to_what_numpy_comes_to() -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE], cwd=ROOT, capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert list(found) == ["fit-arrays", "fit-dataset", "eagerly", "graph", "compiled", "replicas"]
    expected = by_hand()
    for code, way in found.items():
        assert way["loss"] == pytest.approx(expected, rel=1e-4), code
        assert way["apart"] < 1e-5, code
        assert min(way["ready"], way["seconds"]) > 0
