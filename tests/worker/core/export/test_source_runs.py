"""The exported source is run beside the lab: in small networks both print the same numbers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

from core.export.keras_source import draws_in_its_steps
from core.settings import DEFAULT

ROOT = Path(__file__).resolve().parents[4]

SMALL = DEFAULT.change(train=1_000, validation=300, epochs=2, seed=3, hidden=(20,))
EXACT = [
    SMALL,
    SMALL.change(
        hidden=(20,) * 4, residual=True, batch_normalization=True, optimizer="momentum", split="random"
    ),
    SMALL.change(normalization="none", gradient_clipping=0.5, learning_rate=0.001, activation="maxout"),
    SMALL.change(hidden=(), loss="squared-error", learning_rate=0.5, normalization="min-max", batch_size=50),
    SMALL.change(optimizer="adam", learning_rate=0.003, split="stratified", batch_size=33),
    SMALL.change(optimizer="nadam", learning_rate=0.003),
    SMALL.change(optimizer="rmsprop", learning_rate=0.003),
    SMALL.change(l2=0.001, activation="tanh"),
    SMALL.change(schedule="cosine", warm_up=0.5, activation="tanh"),
    SMALL.change(schedule="step", drop_every=1, warm_up=1.5, rate_changes=((1, 0.02),), activation="tanh"),
    SMALL.change(label_smoothing=0.1, l2=0.0005, activation="tanh"),
]
ALIKE = [
    SMALL.change(dropout=0.2, epochs=3),
    SMALL.change(shift=2.0, turn=10.0, thickness=0.5, epochs=3),
]
"""Chance decides in each step: other draws, so that figures agree as those of two seeds do."""
SIDE_BY_SIDE = """
import contextlib, io, json, sys
import keras
from core.network import training
from core.dataset.mnist import load_mnist
from core.settings import Settings
from core.export.keras_source import keras_source

training.use_one_thread()
mnist = load_mnist()
parts = (mnist.train_images, mnist.train_labels), (mnist.test_images, mnist.test_labels)
keras.datasets.mnist.load_data = lambda: parts

class Recorder:
    def __init__(self):
        self.points = []
    def record(self, points, checkpoint, snapshot):
        self.points += points
        return True

def number(line):
    return [float(word) for word in line.replace(",", "").split() if word[0].isdigit() and word[-1] != ":"]

for text in json.loads(sys.argv[1]):
    recorder = Recorder()
    training.train(Settings.from_json(text), recorder=recorder)
    ends = [point for point in recorder.points if point.val_loss is not None and point.step]
    lab = [[end.epoch_accuracy, end.epoch_loss, end.val_accuracy, end.val_loss] for end in ends]
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(keras_source(Settings.from_json(text)), {})
    lines = printed.getvalue().splitlines()
    source = [number(line) for line in lines if line.startswith("epoch")]
    print(json.dumps({"lab": lab, "source": source, "last": lines[-1]}))
"""


def test_the_source_prints_the_labs_numbers() -> None:
    """Both are really run, with one thread, in a process of their own."""
    texts = json.dumps([settings.to_json() for settings in EXACT + ALIKE])
    command = [sys.executable, "-c", SIDE_BY_SIDE, texts]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=400)
    assert done.returncode == 0, done.stderr[-3_000:]
    results = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"lab"')]
    for settings, result in zip(EXACT, results, strict=False):
        printed = np.array(result["source"])
        if printed.shape[1] == 6:  # in its loss Keras counts the remedy in; names stand by the alphabet
            plain = 1 if settings.training.label_smoothing else 2
            printed = printed[:, [0, plain, 3, 3 + plain]]
        np.testing.assert_allclose(printed, result["lab"], rtol=1e-6, atol=0.00005001, err_msg=repr(settings))
        assert np.shape(printed) == (settings.training.epochs, 4)
        assert result["last"].startswith("test: sealed")
    for settings, result in zip(ALIKE, results[len(EXACT) :], strict=True):
        assert draws_in_its_steps(settings)
        np.testing.assert_allclose(
            result["source"], result["lab"], rtol=0.1, atol=0.05, err_msg=repr(settings)
        )
