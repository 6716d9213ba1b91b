"""The images of a run as TensorFlow takes them, and its network with all that measures it, compiled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from core.dataset.prepared import Prepared
from core.dataset.split import Part
from core.dataset.witnesses import witnesses, write_answers
from core.network.chance import of_epoch
from core.network.compiled_steps import Steps, Trainee, make_steps, make_trainee, whole_batches
from core.network.microscope import Microscope
from core.runs.progress import PROBE_SIZE, Checkpoint, steps_per_epoch
from core.runs.rates import rates
from core.settings import Settings

LAYER_BYTES = 1_500_000
"""Of memory that a layer's graphs take: what fifty layers with batch normalisation and Nadam were seen to.

XLA needs more while it compiles: such a worker grew by 0.8e9, twenty layers with Adam by 0.2e9."""


VALIDATION_PIECE = 2_500
"""Images that are validated at once: a stop is heard between two pieces."""


@dataclass(frozen=True)
class Images:
    """Both parts, normalised, each made when it is first asked for; training images take 172 MB.

    ``made_from`` tells images of one set from those of another.
    """

    prepared: Prepared
    made_from: object

    @cached_property
    def training(self) -> tuple[Any, Any]:
        """Tensors (n, 28, 28) float32 and labels (n,) int32."""
        return _tensors(self.prepared, self.prepared.images, self.prepared.labels)

    @cached_property
    def validation(self) -> list[tuple[Any, Any]]:
        """The same in pieces of at most ``VALIDATION_PIECE``; cutting them copies nothing, but takes time."""
        pictures, labels = _tensors(
            self.prepared, self.prepared.validation_images, self.prepared.validation_labels
        )
        pieces = [slice(first, first + VALIDATION_PIECE) for first in range(0, len(labels), VALIDATION_PIECE)]
        return [(pictures[piece], labels[piece]) for piece in pieces]

    @cached_property
    def witnesses(self) -> tuple[Any, Any]:
        """The same of the witnesses."""
        part = Part(self.prepared.validation_images, self.prepared.validation_labels, slice(None))
        rows = witnesses(part)
        return _tensors(self.prepared, part.pick(rows), part.labels[rows])


@dataclass(frozen=True, eq=False)
class Instruments:
    """A network with its optimiser, and what trains and measures it. Each graph is made at its first use."""

    trainee: Trainee
    steps: Steps
    microscope: Microscope | None

    def validate(self, pictures: Any, labels: Any) -> NDArray[np.float64]:
        """(3,) float64: the columns of ``Checkpoint.sums`` for a piece of ``Images.validation``."""
        return np.asarray(self.trainee.evaluate(pictures, labels)[0])

    def ask(self, images: Images) -> bytes | None:
        """What the network answers to the witnesses, as ``write_answers`` writes it."""
        pictures, labels = images.witnesses
        return write_answers(self.trainee.evaluate(pictures, labels)[1].numpy(), labels.numpy())

    def size(self) -> int:
        """Bytes of memory that they take, about: the variables, and the graphs with their gradients."""
        variables = [*self.trainee.model.variables, *self.trainee.optimizer.variables]
        numbers = sum(4 * int(np.prod(variable.shape)) for variable in variables)
        return numbers + LAYER_BYTES * len(self.trainee.model.layers)


def make_instruments(
    settings: Settings, images: Images, checkpoint: Checkpoint | None, *, microscope: bool
) -> Instruments:
    """The instruments of these settings; measuring is compiled already, training not yet.

    Raises WrongWeights, DamagedRecord: the checkpoint is not one of these settings.
    """
    trainee = make_trainee(settings, checkpoint)
    microscopes = _microscope(settings, images.prepared, trainee) if microscope else None
    steps = make_steps(trainee, len(images.prepared.labels))
    instruments = Instruments(trainee, steps, microscopes)
    instruments.validate(*(each[:1] for each in images.validation[0]))
    return instruments


def compile_steps(instruments: Instruments, images: Images) -> None:
    """Compile the training by doing none; nothing happens when that was done before."""
    pictures, labels = images.training
    order = whole_batches(np.zeros(len(labels)), instruments.trainee.training.batch_size)
    training = instruments.trainee.training
    rest = rates(training, steps_per_epoch(len(labels), training.batch_size), 0), of_epoch(0, 0)
    instruments.steps(pictures, labels, order, *rest, 0, 0, np.zeros((2, 3)))


def probe(data: Prepared) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
    """The probe batch, normalised (n, 28, 28), and its labels (n,)."""
    return data.normalized(data.images[:PROBE_SIZE]), data.labels[:PROBE_SIZE]


def _microscope(settings: Settings, data: Prepared, trainee: Trainee) -> Microscope:
    microscope = Microscope(trainee.model, settings.network, trainee.loss, *probe(data))
    microscope.look()
    return microscope


def _tensors(data: Prepared, images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> tuple[Any, Any]:
    # tf.constant would copy 172 MB twice.
    return tf.convert_to_tensor(data.normalized(images)), tf.constant(labels, tf.int32)
