"""What Keras is today, measured in processes of their own: the same steps in many ways, one import.

A process that has begun to work cannot divide its processor into two devices, and a program that learners are
shown is run just as it stands.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import LONG, N_, LabError, shown

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240.0
"""Seconds; usually ten, when every core is busy a minute."""
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3"}


class MeasurementFailed(LabError):
    """A process that was to measure something ended without an answer."""


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
    command = [sys.executable, *arguments]
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | QUIET,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        return json.loads(done.stdout.strip().splitlines()[-1])
    except subprocess.CalledProcessError as error:
        raise _failed((error.stderr or "").strip().rpartition("\n")[2] or error) from error
    except (subprocess.TimeoutExpired, OSError, ValueError, IndexError) as error:
        raise _failed(error) from error


def _failed(reason: object) -> MeasurementFailed:
    return MeasurementFailed(
        N_("The measurement ended without an answer ({reason}). Try again when less is trained here."),
        reason=shown(reason, LONG),
    )
