"""What is taken home works where the lab is not: files load, code runs, and the numbers are the same."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from worker_lab import Lab, wait_for

from core.architecture.plan import WrongWeights
from core.cluster.embedded import NoCluster
from core.cluster.engine import Engine
from core.cluster.worker import TookTooLong
from core.dataset.mnist import DATA_FILE, load_mnist
from core.dataset.normalization import fit
from core.export.files import MODEL_FORMATS, curve_csv, model_file, notebook
from core.export.keras_source import keras_source
from core.export.pictures import pictures
from core.reading.trained_network import TrainedNetwork
from core.settings import PRESETS, Settings

SMALL = Settings().change(train=1_000, validation=500, epochs=1)
EXPERIMENTS = {
    "plain": SMALL,
    "everything": SMALL.change(
        hidden=(30,) * 4,
        activation="maxout",
        batch_normalization=True,
        residual=True,
        optimizer="adam",
        learning_rate=0.03,
        gradient_clipping=1.0,
        normalization="min-max",
        **{"dropout": 0.2, "l2": 0.0001, "label_smoothing": 0.1, "shift": 2.0, "turn": 10.0},
        **{"thickness": 0.5, "schedule": "step", "warm_up": 0.5, "patience": 4, "keep_best": True},
        epochs=4,
    ),
    "pixels": SMALL.change(hidden=(20,), activation="maxout", normalization="none", learning_rate=1e-4),
    "softmax": SMALL.change(hidden=()),
}

# Runs in a fresh process without the lab. What the README of an archive says is done word for word.
LOADING = """
import importlib.util, os, re, sys, zipfile
from pathlib import Path
import keras, numpy as np

assert importlib.util.find_spec("core") is None
folder = Path(sys.argv[1])
images = np.load(folder / "images.npy")


def as_told(archive):
    content = Path(f"{archive}-content")
    with zipfile.ZipFile(archive) as file:
        file.extractall(content)
    os.chdir(content)
    told = re.findall(r"^    (.*)$", Path("README.txt").read_text(encoding="utf-8"), re.M)
    names = {"images": images}
    exec("\\n".join(told), names)
    assert (names["digits"] == names["probabilities"].argmax(axis=1)).all()
    return names["probabilities"]


answers = {}
for file in sorted(folder.glob("*.*")):
    if file.suffix in (".keras", ".h5"):
        model = keras.models.load_model(file)
        assert model.inputs[0].name == "pixels_0_to_255_do_not_divide"
        answers[file.name] = model.predict(images, verbose=0)
        loss, accuracy = model.evaluate(images, answers[file.name].argmax(axis=1), verbose=0)
        assert accuracy == 1.0 and loss > 0  # compiled: its own answers, as labels from 0 to 9
    elif file.suffix == ".zip":
        answers[file.name] = as_told(file)
np.savez(folder / "answers.npz", **answers)
"""

REMEDIED = Settings().change(
    **{"train": 100, "validation": 500, "hidden": (20,), "activation": "tanh", "learning_rate": 0.1},
    **{"l2": 0.0005, "label_smoothing": 0.1, "warm_up": 1.0, "patience": 2, "keep_best": True},
    **{"epochs": 40, "seed": 3},
)
"""So few images are soon known by heart: it ends early, and leaves the weights of its best epoch."""

# Runs notebooks one after the other, and tells what they leave behind.
RUNNING = """
import json, sys

for code in json.loads(sys.argv[1]):
    left = {}
    exec(code, left)
    curve, plain = left["curve"], "categorical_crossentropy"
    plain = plain if plain in curve[0] else "loss"
    told = {name: [row[part + plain] for row in curve] for name, part in (("loss", ""), ("val_loss", "val_"))}
    drawn = {trace.type for trace in left["figure"].data}
    assert drawn == {"heatmap"}
    print(json.dumps(told | {"matrix": left["matrix"].tolist()}))
"""


def run_python(code: Any, folder: Any, *arguments: Any) -> Any:
    """Run code in a fresh isolated process that has libraries but not the lab; return what it prints."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def parts(lab: Lab, run_id: Any) -> Any:
    """Of a trained run: what its network is built from, its weights, its normalisation."""
    run = lab.store.runs.get(run_id)
    return run.settings.network, lab.store.curves.weights(run_id), run.normalization


@pytest.fixture(scope="module")
def loaded(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Experiment → (what the lab answers, file format → what the loaded file answers)."""
    folder = tmp_path_factory.mktemp("models")
    images = load_mnist().test_images[:300]
    np.save(folder / "images.npy", images)
    ours = {}
    for name, settings in EXPERIMENTS.items():
        trained = parts(lab, lab.train(settings))
        ours[name] = TrainedNetwork(*trained).probabilities(images)
        for file_format, ending in MODEL_FORMATS.items():
            data = lab.engine.compute(model_file, settings, *trained[1:], file_format)
            (folder / f"{name}{ending}").write_bytes(data)
    run_python(LOADING, folder, str(folder))
    with np.load(folder / "answers.npz") as answers:
        return {
            name: (mine, {key: answers[f"{name}{ending}"] for key, ending in MODEL_FORMATS.items()})
            for name, mine in ours.items()
        }


@pytest.mark.parametrize("file_format", MODEL_FORMATS)
@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_model_file_reads_raw_images_as_the_lab_does(loaded: Any, experiment: Any, file_format: Any) -> None:
    ours, theirs = loaded[experiment]
    assert theirs[file_format].shape == (300, 10)
    # Sums of raw pixels come to some hundreds: their 32 bits end two digits earlier than those of others.
    np.testing.assert_allclose(
        theirs[file_format], ours, atol=5e-5 if experiment == "pixels" else 1e-5, rtol=0
    )
    assert len(set(ours.argmax(axis=1))) > 5  # a network that answers the same to all would prove nothing


def test_the_comparison_can_fail(lab: Lab, loaded: Any) -> None:
    """Another normalisation in front of the same network answers differently."""
    network, weights, _own = parts(lab, lab.train(EXPERIMENTS["plain"]))
    images = load_mnist().test_images[:300]
    wrong = TrainedNetwork(network, weights, fit("min-max", images)).probabilities(images)
    assert np.abs(wrong - loaded["plain"][0]).max() > 1e-2


# The experiment as code


def offline(source: Any) -> Any:
    """The other way to get at the data that the code itself tells of: the file beside it."""
    source = source.replace("(x_all, y_all), (x_test, y_test) = keras.datasets.mnist.load_data()\n", "")
    return re.sub(r"^# (data|x_all|x_test)", r"\1", source, flags=re.M)


def opened(source: str) -> str:
    """What a hand does to see the test set's figures."""
    return source.replace("LOOK_AT_TEST = False", "LOOK_AT_TEST = True")


def code_of(notebook_text: Any) -> Any:
    """What Jupyter runs: the code cells, one after the other."""
    cells = json.loads(notebook_text)["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def test_notebooks_print_the_numbers_of_the_lab_and_draw(lab: Lab, tmp_path: Path) -> None:
    """One without and one with remedies, whose picture of the matrix is that of the best epoch's weights."""
    small = Settings().change(train=2_000, validation=500, epochs=2, hidden=(50, 30), seed=3)
    settings = [small, REMEDIED]
    runs = [lab.train(each) for each in settings]
    (tmp_path / "mnist.npz").write_bytes(DATA_FILE.read_bytes())
    texts = json.dumps([offline(code_of(notebook(each))) for each in settings])
    lines = run_python(RUNNING, tmp_path, texts).splitlines()
    assert not any(re.search(r"test: loss", line) for line in lines)  # sealed, until a hand opens it
    assert opened(notebook(small)) != notebook(small)
    told = [json.loads(line) for line in lines if line.startswith("{")]
    for run_id, found in zip(runs, told, strict=True):
        ends = lab.store.curves.points(run_id).dropna(subset="val_loss").iloc[1:]
        np.testing.assert_allclose(found["val_loss"], ends["val_loss"], atol=1e-4)
        np.testing.assert_allclose(found["loss"], ends["epoch_loss"], atol=1e-4)
        run = lab.store.runs.get(run_id)
        read = TrainedNetwork(*parts(lab, run_id)).probabilities(load_mnist().train_images[:500])
        matrix = np.zeros((10, 10), int)
        np.add.at(matrix, (load_mnist().train_labels[:500], read.argmax(axis=1)), 1)
        np.testing.assert_array_equal(found["matrix"], matrix)
    assert 0 < run.weights_epoch < run.epochs < REMEDIED.training.epochs


@pytest.mark.parametrize("method", ["z-score", "min-max"])
def test_code_with_our_handwriting_prints_the_numbers_of_the_lab(
    lab: Lab, tmp_path: Path, method: str
) -> None:
    """The drawings move the mean of all that trains: a normalisation fitted without them is another one."""
    dice = np.random.default_rng(0)
    for label in range(10):
        lab.store.drawings.give("anna", dice.integers(60, 255, (28, 28), np.uint8), label)
    settings = Settings().change(
        train=200, validation=500, epochs=1, hidden=(20,), normalization=method, handwriting=True
    )
    run = lab.train(settings)
    columns = ["epoch_accuracy", "epoch_loss", "val_accuracy", "val_loss"]
    ends = lab.store.curves.points(run)[columns].dropna()
    (tmp_path / "mnist.npz").write_bytes(DATA_FILE.read_bytes())
    (tmp_path / "handwriting.npz").write_bytes(lab.store.runs.drawings(run))

    printed = run_python(offline(opened(keras_source(settings))), tmp_path)

    found = re.findall(r"epoch \d+: accuracy (\S+), loss (\S+), val_accuracy (\S+), val_loss (\S+)", printed)
    np.testing.assert_allclose(np.array(found, float), ends, atol=1e-4)
    assert re.search(r"test: loss \d\.\d{4}, accuracy 0\.\d{4}", printed)


@pytest.mark.parametrize("name", PRESETS)
def test_notebook_and_file_are_the_same_program(name: Any) -> None:
    """So that what holds for one, holds for the other; the title is told otherwise, pictures are added."""
    code = code_of(notebook(PRESETS[name]))
    for drawn in pictures(PRESETS[name]).values():
        for picture in drawn:
            assert picture in code + "\n"
            code = code.replace(picture.strip("\n"), "")
    cells, file = ast.parse(code), ast.parse(keras_source(PRESETS[name]))
    assert ast.get_docstring(file)
    assert [ast.dump(line) for line in cells.body] == [ast.dump(line) for line in file.body[1:]]


def test_notebook_is_one() -> None:
    written = json.loads(notebook(Settings()))
    assert (written["nbformat"], written["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in written["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in ids)
    for cell in written["cells"]:
        keys = {"cell_type", "id", "metadata", "source"}
        assert set(cell) == keys | ({"outputs", "execution_count"} if cell["cell_type"] == "code" else set())
    kinds = [cell["cell_type"] for cell in written["cells"]]
    assert kinds[:3] == ["markdown", "markdown", "code"]


# The curve and the names


def test_curve_comes_back_from_csv(lab: Lab, tmp_path: Path) -> None:
    points = lab.store.curves.points(lab.train(SMALL))
    (tmp_path / "curve.csv").write_text(curve_csv(points), encoding="utf-8")
    again = pd.read_csv(tmp_path / "curve.csv")
    pd.testing.assert_frame_equal(again, points, check_exact=False, rtol=1e-12)
    assert again["loss"].isna().sum() == 1  # the fresh network has no training loss: empty, not 0


# In a worker


def test_a_download_does_not_wait_for_the_training(lab: Lab) -> None:
    """With every worker in the middle of a long run, a model file comes at once and the runs go on."""
    trained = parts(lab, lab.train(SMALL))
    busy = [lab.submit(Settings().change(epochs=100), "learner") for _worker in range(2)]
    wait_for(lambda: set(busy) <= set(lab.store.queue.running()), "both workers at work")
    for run_id in busy:
        wait_for(lambda run_id=run_id: lab.store.runs.get(run_id).step > 0, "the first point")
    try:
        assert lab.engine.compute(model_file, SMALL, *trained[1:], "keras").startswith(b"PK")
        assert {lab.store.runs.get(run_id).status for run_id in busy} == {"running"}
        for run_id in busy:
            step = lab.store.runs.get(run_id).step
            wait_for(lambda run_id=run_id, step=step: lab.store.runs.get(run_id).step > step, "more points")
    finally:
        for run_id in busy:
            lab.engine.stop(run_id, learner="learner")


def test_what_goes_wrong_in_a_worker_has_a_name(lab: Lab) -> None:
    _network, weights, normalization = parts(lab, lab.train(SMALL))
    with pytest.raises(WrongWeights, match="dense_1/bias"):
        lab.engine.compute(model_file, SMALL, {}, normalization, "keras")
    with pytest.raises(TookTooLong, match=r"computed for 0\.5 seconds"):
        lab.engine.compute(time.sleep, 3, timeout=0.5)
    with pytest.raises(FileNotFoundError, match="no such folder"):
        lab.engine.compute(os.listdir, "no such folder")
    with pytest.raises(NoCluster, match="No worker is ready"):
        Engine(lab.store).compute(model_file, SMALL, weights, normalization, "keras", timeout=0.3)
