"""A trained network as a Keras file that takes raw images. Imports TensorFlow: for worker processes only."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import numpy.typing as npt

from core.architecture.plan import Layer, layers
from core.choices.activations import ACTIVATIONS
from core.choices.losses import LOSSES
from core.dataset.normalization import Normalization
from core.network.model import build, set_weights
from core.network.optimizers import make_optimizer
from core.settings import NetworkSettings, Settings

SAVED_MODEL_README = """\
A TensorFlow SavedModel. It takes images with pixels from 0 (ground) to 255 (stroke), shape (n, 28, 28),
float32; normalisation is inside. To read digits:

    import tensorflow as tf

    model = tf.saved_model.load("saved_model")
    probabilities = model.serve(images.astype("float32")).numpy()
    digits = probabilities.argmax(axis=1)
"""
INPUT = "pixels_0_to_255_do_not_divide"
"""The name of the first layer says how the model is used: it stands in every file, and in model.summary()."""
JSON_README = """\
The network as JSON text (model.json) and its weights (model.weights.h5). It takes images with pixels from
0 (ground) to 255 (stroke), shape (n, 28, 28); normalisation is inside. To read digits:

    from pathlib import Path
    import keras

    model = keras.models.model_from_json(Path("model.json").read_text(encoding="utf-8"))
    model.load_weights("model.weights.h5")
    probabilities = model.predict(images)
    digits = probabilities.argmax(axis=1)
"""


def raw_model(
    network: NetworkSettings, weights: Mapping[str, npt.NDArray[Any]], normalization: Normalization
) -> keras.Model:
    """The trained network behind its normalisation: (n, 28, 28) pixels 0 to 255 → (n, 10) probabilities.

    Only of layers that come with Keras, so that a file made from it loads without this project.
    Raises WrongWeights.
    """
    trained = build(network)
    set_weights(trained, weights)
    image = keras.Input((28, 28), name=INPUT)
    outputs = {
        "": keras.layers.Rescaling(
            1 / normalization.scale, -normalization.offset / normalization.scale, name="normalization"
        )(image)
    }
    for layer in layers(network):
        inputs = [outputs[name] for name in layer.inputs or ("",)]
        outputs[layer.name] = _standard(layer, trained)(inputs if layer.kind == "add" else inputs[0])
    return keras.Model(image, outputs["output"], name="digits")


def _standard(layer: Layer, trained: keras.Model) -> Callable[[Any], Any]:
    """The trained layer; maxout, which Keras lacks, as the largest of a row of pieces."""
    if layer.kind != "maxout":
        trained_layer: Callable[[Any], Any] = trained.get_layer(layer.name)
        return trained_layer
    shape = (layer.width, ACTIVATIONS[layer.activation].pieces)
    pieces = keras.layers.Reshape(shape, name=f"{layer.name}_pieces")
    largest = keras.layers.GlobalMaxPooling1D(data_format="channels_first", name=layer.name)
    return lambda inputs: largest(pieces(inputs))


def write(
    settings: Settings,
    weights: Mapping[str, npt.NDArray[Any]],
    normalization: Normalization,
    file_format: str,
) -> bytes:
    """The ``raw_model``, compiled, as one file in a format of ``MODEL_FORMATS``. Raises WrongWeights."""
    model = raw_model(settings.network, weights, normalization)
    optimizer = make_optimizer(settings.training)
    optimizer.build(model.trainable_variables)
    # Labels 0 to 9 for every run: a squared error would take them without a word, and be wrong.
    model.compile(optimizer, LOSSES["cross-entropy"].keras_name, metrics=["accuracy"])
    with TemporaryDirectory() as folder:
        return _WRITERS[file_format](model, Path(folder)).read_bytes()


def _keras_file(model: keras.Model, folder: Path) -> Path:
    file = folder / "model.keras"
    model.save(file)
    return file


def _hdf5_file(model: keras.Model, folder: Path) -> Path:
    file = folder / "model.h5"
    model.save(file)
    return file


def _saved_model(model: keras.Model, folder: Path) -> Path:
    content = folder / "content"
    model.export(content / "saved_model", format="tf_saved_model", verbose=False)
    (content / "README.txt").write_text(SAVED_MODEL_README, encoding="utf-8")
    return _zipped(content)


def _json_and_weights(model: keras.Model, folder: Path) -> Path:
    content = folder / "content"
    content.mkdir()
    (content / "model.json").write_text(model.to_json(indent=2), encoding="utf-8")
    model.save_weights(content / "model.weights.h5")
    (content / "README.txt").write_text(JSON_README, encoding="utf-8")
    return _zipped(content)


def _zipped(content: Path) -> Path:
    archive = content.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for path in sorted(content.rglob("*")):
            file.write(path, path.relative_to(content))
    return archive


_WRITERS: Mapping[str, Callable[[keras.Model, Path], Path]] = {
    "keras": _keras_file,
    "saved-model": _saved_model,
    "hdf5": _hdf5_file,
    "json": _json_and_weights,
}
