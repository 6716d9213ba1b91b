"""Three small trainings in NumPy against Keras' own."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.choices.losses import LOSSES
from core.dataset.prepared import prepare
from core.settings import DEFAULT
from core.theory import two_questions
from core.theory.two_questions import NUMBER, QUESTIONS, RATE, batches, first_weights, learn

DATA = DEFAULT.change(train=2_000, validation=300).data


def keras_model(code: str) -> keras.Model:
    """The same network as anybody would write it in Keras, from the same first weights."""
    last = keras.layers.Dense(1) if code == NUMBER else keras.layers.Dense(10, activation="softmax")
    model = keras.Sequential(
        [keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(100, "relu"), last]
    )
    model.set_weights(list(first_weights(code).values()))
    loss = "mean_squared_error" if code == NUMBER else LOSSES[code].keras_name
    model.compile(optimizer=keras.optimizers.SGD(RATE), loss=loss)
    return model


@pytest.mark.parametrize("code", QUESTIONS)
def test_a_network_learns_what_keras_learns(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two_questions, "STEPS", 30)
    monkeypatch.setattr(two_questions, "QUESTIONS", (code,))
    learnt = learn(DATA)[code]
    prepared, model = prepare(DATA), keras_model(code)
    for rows in batches(len(prepared.labels)):
        labels = prepared.labels[rows].astype(np.float32)
        if code == "squared-error":
            labels = np.eye(10, dtype=np.float32)[prepared.labels[rows]]
        model.train_on_batch(prepared.normalized(prepared.images[rows]), labels)
    theirs = model.predict(prepared.normalized(prepared.validation_images), verbose=0)
    np.testing.assert_allclose(learnt.outputs, theirs, atol=1e-3 * np.abs(theirs).max())
    assert len(learnt.right) == 1  # looked at before the first step, and not yet again
