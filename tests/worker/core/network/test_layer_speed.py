"""What is said of a layer's speed is what a step really did to it, whatever the optimiser."""

from __future__ import annotations

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from core.choices.optimizers import OPTIMIZERS
from core.dataset.prepared import prepare
from core.hints import inside
from core.network import model as models
from core.network.compiled_steps import keras_loss
from core.network.microscope import Microscope
from core.network.optimizers import make_optimizer
from core.runs.progress import LAYER_MEASURES
from core.settings import Settings

DEEP = Settings().change(train=500, validation=100, hidden=(30,) * 6, activation="sigmoid")


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_the_slowest_layer_is_the_one_whose_weights_a_step_changed_least(optimizer: str) -> None:
    settings = DEEP.change(optimizer=optimizer, learning_rate=OPTIMIZERS[optimizer].usual_rate)
    data = prepare(settings.data)
    model = models.build(settings.network, seed=0)
    images, labels = data.normalized(data.images[:64]), data.labels[:64]
    view = Microscope(model, settings.network, keras_loss("cross-entropy"), images, labels)
    kernels = [layer.kernel for layer in model.layers if isinstance(layer, keras.layers.Dense)]

    before, known = [kernel.numpy() for kernel in kernels], view.kernels()
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, model(images)))
    variables = model.trainable_variables
    gradients = tape.gradient(loss, [variable.value for variable in variables])
    make_optimizer(settings.training).apply(gradients, variables)
    record, _received = view.look(known)

    steps = [
        rms(kernel.numpy() - old) / rms(kernel.numpy()) for kernel, old in zip(kernels, before, strict=True)
    ]
    layers = pd.DataFrame(record.T, columns=list(LAYER_MEASURES)).assign(
        step=1, epoch=0.1, layer=range(1, len(kernels) + 1)
    )
    slowest, faintest = inside.slowest(layers), inside.faintest(layers)
    assert slowest is not None
    assert faintest is not None
    assert slowest.layer == int(np.argmin(steps[:-1])) + 1
    assert slowest.ratio == pytest.approx(steps[-1] / min(steps[:-1]), rel=1e-3)
    assert faintest.ratio > 1_000
    if optimizer in ("sgd", "momentum"):
        assert slowest.ratio > 1_000
    else:  # each weight's step is divided by its own gradient's size: said of gradients, it would be wrong
        assert slowest.ratio < faintest.ratio / 10


def rms(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))
