"""What Keras is today, measured in processes of their own: the same steps in many ways, one import.

A process that has begun to work cannot divide its processor into two devices, and a program that learners are
shown is run just as it stands.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from core.theory import own_process


@dataclass(frozen=True)
class Way:
    """One way to do the same steps, a code of ``core.network.same_steps.WAYS``, and what it came to.

    ``ready``: seconds until its first step was done; ``seconds``: for all steps after that; ``loss`` of the
    images after the last; ``apart``: the largest difference between one of its weights and the first way's.
    """

    code: str
    ready: float
    seconds: float
    loss: float
    apart: float


def same_steps() -> list[Way]:
    """Do the same steps in every way, one after the other. Raises MeasurementFailed."""
    return [Way(code, **numbers) for code, numbers in _answer("-m", "core.network.same_steps").items()]


IMPORTS = {"keras": "import keras", "tf.keras": "from tensorflow import keras"}
"""The two ways to Keras, by what each is called."""

PROGRAM = '''\
{line}
import json
from core.dataset import load_mnist


class Maxout(keras.layers.Layer):
    """The larger one of two neighbouring inputs."""

    def call(self, inputs):
        pairs = keras.ops.reshape(inputs, (-1, inputs.shape[-1] // 2, 2))
        return keras.ops.max(pairs, axis=-1)

    def compute_output_shape(self, shape):
        return shape[0], shape[1] // 2


keras.utils.set_random_seed(1)
model = keras.Sequential([
    keras.Input((28, 28)),
    keras.layers.Rescaling(1 / 255),
    keras.layers.Flatten(),
    keras.layers.Dense(100),
    Maxout(),
    keras.layers.Dense(10, activation="softmax"),
])
model.compile("sgd", "sparse_categorical_crossentropy")
data = load_mnist()
images, labels = data.train_images[:9600], data.train_labels[:9600]
history = model.fit(images, labels, shuffle=False, verbose=0)
print(json.dumps({{
    "module": keras.__name__,
    "layer": Maxout.__base__.__module__,
    "version": keras.__version__,
    "loss": history.history["loss"][0],
}}))
'''


@dataclass(frozen=True)
class Ran:
    """What ``PROGRAM`` printed: the module that was imported, the one its layer comes from, and the loss."""

    module: str
    layer: str
    version: str
    loss: float


def program(code: str) -> str:
    """The program with one of ``IMPORTS`` as its first line."""
    return PROGRAM.format(line=IMPORTS[code])


def run_program(code: str) -> Ran:
    """Run ``program`` just as it stands. Raises MeasurementFailed."""
    return Ran(**_answer("-c", program(code)))


_HERE = """\
import json
import tensorflow as tf
print(json.dumps({
    "version": tf.__version__,
    "estimator": hasattr(tf, "estimator"),
    "tpu_strategy": hasattr(tf.distribute, "TPUStrategy"),
    "tpus": len(tf.config.list_physical_devices("TPU")),
}))
"""


@dataclass(frozen=True)
class Here:
    """What the installed TensorFlow has of what the report names, and how many TPUs it sees."""

    version: str
    estimator: bool
    tpu_strategy: bool
    tpus: int


def here() -> Here:
    """Ask the installed TensorFlow. Raises MeasurementFailed."""
    return Here(**_answer("-c", _HERE))


def _answer(*arguments: str) -> Any:
    """What a Python process of its own prints in its last line, as JSON."""
    printed = own_process.run(*arguments)
    try:
        return json.loads(printed.strip().splitlines()[-1])
    except (ValueError, IndexError) as error:
        raise own_process.failed(error) from error
