"""What freshly drawn weights let through: images on their way forwards, the gradient on its way back."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.architecture.first_weights import draw_weights
from core.architecture.plan import answering, layers
from core.choices.activations import ACTIVATIONS, Array
from core.choices.initializers import INITIALIZERS
from core.choices.losses import LOSSES
from core.dataset.normalization import Normalization
from core.reading.batch import backwards, forwards
from core.settings import NetworkSettings, part_as_if


def signal(
    network: NetworkSettings,
    normalization: Normalization,
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    *,
    loss: str = "cross-entropy",
    seed: int = 0,
) -> pd.DataFrame:
    """How strong signal and gradient are at each hidden layer before training, for each initialiser.

    One batch of images (n, 28, 28) uint8 with labels (n,) is sent through freshly drawn weights and back, as
    the first training step would: batch normalisation takes mean and variance from this batch.

    Returns:
        Columns initializer; layer (from 1); strength (root mean square of the layer's outputs over images
        and units); difference (root mean square of what distinguishes one image's outputs from the mean over
        the images); gradient (root mean square of the derivative of the summed loss by these outputs).
    """
    rows = []
    for initializer in INITIALIZERS:
        fresh = part_as_if(network, initializer=initializer)
        plan, weights = layers(answering(fresh)), draw_weights(fresh, seed)
        traces = forwards(plan, weights, normalization.transform(images))
        scores = LOSSES[loss].gradient(traces["output"].sums, labels)
        gradients = backwards(plan, weights, traces, scores).outputs
        hidden = [layer.name for layer in plan if layer.activation in ACTIVATIONS]
        for number, name in enumerate(hidden, start=1):
            outputs = traces[name].outputs
            parts = (outputs, outputs - outputs.mean(axis=0), gradients[name])
            rows.append((initializer, number, *map(_root_mean_square, parts)))
    return pd.DataFrame(rows, columns=["initializer", "layer", "strength", "difference", "gradient"])


def silent_shares(
    network: NetworkSettings, normalization: Normalization, images: NDArray[np.uint8], seed: int = 0
) -> list[float]:
    """Share of each hidden layer's units that are 0 or less for every image, before training.

    Of an activation that is flat below 0 these units get no gradient from images (n, 28, 28) uint8. Batch
    normalisation takes mean and variance from these images.
    """
    plan, weights = layers(answering(network)), draw_weights(network, seed)
    traces = forwards(plan, weights, normalization.transform(images))
    hidden = [layer.name for layer in plan if layer.activation in ACTIVATIONS]
    return [float((traces[name].outputs <= 0).all(axis=0).mean()) for name in hidden]


def _root_mean_square(values: Array) -> float:
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))
