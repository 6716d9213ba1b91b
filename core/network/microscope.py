"""What each layer of a network does on a fixed probe batch, measured while it trains.

The network is walked layer by layer as it trains: batch normalisation takes mean and variance from the probe
batch, as a training step does, but its moving averages are left alone. Nothing measured here changes a run.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.architecture.plan import layers
from core.choices.activations import ACTIVATIONS
from core.network.compiled_steps import compiled
from core.runs.progress import HISTOGRAM_EDGES, LAYER_MEASURES, Pictures, Snapshot
from core.settings import NetworkSettings

Array = NDArray[np.float32]

NEAR_AN_END = 0.05
"""Sigmoid and tanh outputs this near to an end have less than a fifth of the largest slope left."""
TINY = 1e-15
"""The square of a gradient below this is no number of 32 bits any more."""


class Microscope:
    """Looks into a model without touching it.

    Args:
        model: made by ``core.network.model.build(network)``.
        loss: (labels (n,), probabilities (n, 10)) → losses (n,), as trained with.
        images: (n, 28, 28) float32, normalised: the probe batch.
        labels: (n,) uint8.
    """

    def __init__(
        self,
        model: keras.Model,
        network: NetworkSettings,
        loss: Callable[[Any, Any], Any],
        images: Array,
        labels: NDArray[np.uint8],
    ) -> None:
        self._layers = [(model.get_layer(plan.name), plan) for plan in layers(network)]
        self._variables = [
            layer.kernel.value for layer, plan in self._layers if plan.kind in ("dense", "output")
        ]
        self._root_sizes = np.sqrt([np.prod(variable.shape) for variable in self._variables])
        self._activation = network.activation
        self._loss = loss
        self.watch(images, labels)
        signature = ([None, 28, 28], tf.float32), ([None], tf.int32), ([None], tf.float32)
        self._measure = compiled(self._forward_and_back, *(tf.TensorSpec(*each) for each in signature))
        self._read = compiled(lambda: tf.concat(self._flat_kernels(), axis=0))

    def watch(self, images: Array, labels: NDArray[np.uint8]) -> None:
        """Measure on this probe batch from now on."""
        self._probe = tf.constant(images), tf.constant(labels, tf.int32)

    def kernels(self) -> Any:
        """All weights of the dense layers as they are now, (weights,), for ``look`` after the next step."""
        return self._read()

    def look(self, before: Any = None) -> tuple[Array, list[Array]]:
        """Measure every layer.

        Args:
            before: ``kernels()`` from before the last step; without it there is no update ratio.

        Returns:
            float32 (``LAYER_MEASURES``, layers), one column for each hidden layer and one for the output,
            NaN where a measure does not apply; and for each hidden layer what its activation receives,
            float32 (n, units), for maxout (n, pieces · units).
        """
        gradients, norms, signals, received = self._measure(
            *self._probe, self.kernels() if before is None else before
        )
        with np.errstate(all="ignore"):  # a run on its way to diverging is measured, too
            gradient, update, weight = norms.numpy() / self._root_sizes
            for layer in np.flatnonzero(gradient < TINY):
                gradient[layer] = np.sqrt(np.mean(np.square(gradients[layer].numpy(), dtype=np.float64)))
            record = np.vstack([gradient, update / weight, weight, signals.numpy().T]).astype(np.float32)
        if before is None:
            record[LAYER_MEASURES.index("update_ratio")] = np.nan
        return record, [sums.numpy() for sums in received]

    def snapshot(self, step: int, received: list[Array]) -> Snapshot:
        """Keep what the activations receive, from ``look``, as histograms, and first weights as pictures."""
        histogram = np.array([count(sums) for sums in received], np.int32)
        pictures = Pictures.of(self._variables[0].numpy())
        return Snapshot(step, histogram.reshape(-1, len(HISTOGRAM_EDGES) + 1), pictures)

    def _flat_kernels(self) -> list[Any]:
        return [tf.reshape(variable, [-1]) for variable in self._variables]

    def _forward_and_back(
        self, images: Any, labels: Any, before: Any
    ) -> tuple[list[Any], Any, Any, list[Any]]:
        """What was measured on the way there and back.

        Returns:
            Gradients by kernel; (3, layers) norms of gradient, last change and kernel; (layers, 4) the last
            four of ``LAYER_MEASURES``; what the activation of each hidden layer receives.
        """
        with tf.GradientTape() as tape:
            received, outputs = self._walk(images)
            loss = tf.reduce_mean(self._loss(labels, outputs[-1]))
        gradients = tape.gradient(loss, self._variables)
        flat = self._flat_kernels()  # one tensor before, not one for each layer: each costs at every call
        earlier = tf.split(before, [kernel.shape[0] for kernel in flat])
        changes = [after - former for after, former in zip(flat, earlier, strict=True)]
        halves = [[tf.nn.l2_loss(m) for m in matrices] for matrices in (gradients, changes, self._variables)]
        # Neighbours of one width are measured together: an operation costs more to begin than to do.
        signals = [_measure(self._activation, layers) for layers in _neighbours(outputs[:-1])]
        signals.append(_measure("softmax", outputs[-1:]))
        return gradients, tf.sqrt(2 * tf.stack(halves)), tf.concat(signals, axis=0), received[:-1]

    def _walk(self, images: Any) -> tuple[list[Any], list[Any]]:
        """What each activation receives and hands on, the softmax included."""
        values: dict[str, Any] = {}
        received, outputs = [], []
        for layer, plan in self._layers:
            inputs = [values[name] for name in plan.inputs] or [images]
            value = inputs[0]
            if plan.kind in ("dense", "output"):
                value = tf.matmul(value, layer.kernel) + layer.bias
            elif plan.kind == "batch-normalization":
                mean, variance = tf.nn.moments(value, [0])
                value = tf.nn.batch_normalization(
                    value, mean, variance, layer.beta, layer.gamma, layer.epsilon
                )
            elif plan.kind in ("flatten", "add"):
                value = layer(inputs if plan.kind == "add" else value)
            if plan.activation:
                received.append(value)
                value = layer(value) if plan.kind == "maxout" else layer.activation(value)
                outputs.append(value)
            values[plan.name] = value
        return received, outputs


def count(sums: Array) -> NDArray[np.int64]:
    """(42,) int64: how many numbers lie in each of the bins of ``HISTOGRAM_EDGES``, left edge included.

    The first bin holds what lies below the first edge, the last what lies from the last edge on.
    """
    bins = np.searchsorted(HISTOGRAM_EDGES, sums.ravel(), side="right")
    return np.bincount(bins, minlength=len(HISTOGRAM_EDGES) + 1)


def _neighbours(outputs: list[Any]) -> list[list[Any]]:
    """The outputs in their order, those of the same width that follow one another together."""
    return [list(alike) for _, alike in groupby(outputs, lambda output: output.shape[1])]


def _measure(activation: str, outputs: list[Any]) -> Any:
    """(layers, 4): the last four of ``LAYER_MEASURES`` for layers with outputs (n, units) each."""
    row = ACTIVATIONS.get(activation)  # None for the softmax
    ends, can_die = (row.ends, row.can_die) if row else (None, False)
    together = tf.stack(outputs)
    missing = tf.fill([len(outputs)], np.float32(np.nan))
    return tf.stack(
        [
            tf.reduce_mean(together, axis=[1, 2]),
            tf.math.reduce_std(together, axis=[1, 2]),
            _share(_is_near(ends, together), axis=[1, 2]) if ends else missing,
            _share(tf.reduce_all(together <= 0, axis=1), axis=1) if can_die else missing,
        ],
        axis=1,
    )


def _is_near(ends: tuple[float, float], output: Any) -> Any:
    """Where outputs lie within ``NEAR_AN_END`` of the lower or the upper end."""
    low, high = ends
    return tf.abs(output - (low + high) / 2) > (high - low) / 2 - NEAR_AN_END


def _share(mask: Any, axis: int | list[int]) -> Any:
    """How much of a mask is true along an axis, from 0 to 1."""
    return tf.reduce_mean(tf.cast(mask, tf.float32), axis=axis)
