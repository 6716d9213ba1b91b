"""Epochs done once more come to the weights that the run came to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from notebook import Notebook

from core.dataset.prepared import prepare
from core.network import training
from core.network.compiled_steps import beginning
from core.network.replay import replay
from core.settings import DEFAULT
from core.theory import own_process
from core.theory.epochs import replayed
from core.theory.projections import projections

SETTINGS = DEFAULT.change(train=600, validation=200, hidden=(12, 8), epochs=3, optimizer="momentum", seed=5)


def test_every_epoch_is_the_runs_own_bit_for_bit(tmp_path: Path) -> None:
    notebook = Notebook()
    training.train(SETTINGS, recorder=notebook)
    replay(SETTINGS, 3, str(tmp_path / "weights.npz"))
    with np.load(tmp_path / "weights.npz") as kept:
        own = [beginning(SETTINGS).weights, *(each.weights for each in notebook.checkpoints)]
        assert len(own) == 4
        assert set(kept.files) == {f"{epoch}/{name}" for epoch in range(4) for name in own[0]}
        for epoch, weights in enumerate(own):
            for name, value in weights.items():
                np.testing.assert_array_equal(kept[f"{epoch}/{name}"], value)


def test_layers_are_projected_after_every_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    def here(_switch: str, _module: str, file: str, epochs: str, *, told: str) -> str:
        replay(SETTINGS.from_json(told), int(epochs), file)
        return ""

    monkeypatch.setattr(own_process, "run", here)
    normalization, nothing = prepare(SETTINGS.data).normalization, np.zeros((0, 28, 28), np.uint8)
    found = replayed(SETTINGS, normalization, nothing, 1).epochs
    assert len(found) == 2
    notebook = Notebook()
    training.train(SETTINGS, recorder=notebook, epochs=1)
    expected = projections(
        SETTINGS.network, notebook.checkpoints[-1].weights, normalization, SETTINGS.data, nothing
    )
    for mine, theirs in zip(found[-1].layers, expected.layers, strict=True):
        np.testing.assert_array_equal(mine.points, theirs.points)
        assert mine.sorted_right == theirs.sorted_right
