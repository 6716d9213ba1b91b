"""What signal freshly drawn weights let through, from the image to the last hidden layer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.architecture.first_weights import draw_weights
from core.choices.activations import ACTIVATIONS_TABLE
from core.dataset.normalization import Normalization
from core.reading.trained_network import Network
from core.settings import NetworkSettings


def signal(
    network: NetworkSettings, normalization: Normalization, images: NDArray[np.uint8], seed: int = 0
) -> pd.DataFrame:
    """How strong the signal is after each hidden layer before training, for each initialiser.

    ``images`` (n, 28, 28) uint8 are sent through freshly drawn weights. Columns: initializer, layer (from
    1), strength (root mean square of the layer's outputs over all images and units), difference (root
    mean square of what distinguishes one image's outputs from the mean over the images).
    """
    rows = []
    for initializer in ("glorot", "he", "lecun"):
        fresh = replace(network, initializer=initializer)
        reader = Network(fresh, draw_weights(fresh, seed), normalization)
        for number, outputs in enumerate(_hidden_outputs(reader, images), start=1):
            difference = outputs - outputs.mean(axis=0)
            rows.append((initializer, number, _root_mean_square(outputs), _root_mean_square(difference)))
    return pd.DataFrame(rows, columns=["initializer", "layer", "strength", "difference"])


def _hidden_outputs(reader: Network, images: NDArray[np.uint8]) -> list[NDArray[np.float64]]:
    """What each hidden layer puts out: (n, width) float64 each."""
    traces = [reader.trace(image) for image in images]
    hidden = [place for place, layer in enumerate(reader.layers) if layer.activation in ACTIVATIONS_TABLE]
    return [np.array([trace[place].output for trace in traces], np.float64) for place in hidden]


def _root_mean_square(values: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(np.square(values))))
