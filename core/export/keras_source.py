"""An experiment as Keras source text that a learner can run anywhere, with the lab's numbers.

Its comments, and the words that it prints, are said by ``say``: a translation of what is marked here.
"""

from __future__ import annotations

from textwrap import dedent, fill

from core.errors import N_
from core.export.comments import LINE_LENGTH, Say, comment
from core.export.network_source import maxout_class, network_loop
from core.export.training_source import counts_more, training_code
from core.settings import DataSettings, Settings, TrainingSettings

_SCALERS = {"min-max": "MinMaxScaler", "z-score": "StandardScaler"}


def keras_source(settings: Settings, say: Say = str, *, epochs: int | None = None) -> str:
    """The whole experiment as one Python file for Keras, TensorFlow, NumPy and scikit-learn.

    It makes the same split, normalisation, initial weights and batches as the lab, and prints the loss
    and accuracy of each epoch, the lab's but for rounding: Keras starts operations where the lab compiles
    whole steps. The test set stays sealed until ``LOOK_AT_TEST`` is set to True by hand.

    Args:
        epochs: how many are trained, as in a run that went on; None takes it from the settings.
    """
    setup, *parts = sections(settings, say, epochs=epochs).items()
    title = say(N_("Learn to read handwritten digits, with the settings and numbers of a run in the lab."))
    return "\n".join([f'"""{title}"""\n', setup[1], *(f"# {heading}\n{code}" for heading, code in parts)])


def sections(settings: Settings, say: Say = str, *, epochs: int | None = None) -> dict[str, str]:
    """The parts of ``keras_source`` in their order by heading, such as the cells of a notebook."""
    return {
        say(N_("Settings")): _setup(settings, epochs or settings.training.epochs, say),
        say(N_("The data in three parts")): _data(settings.data, say),
        say(N_("Normalisation, fitted on the training part only")): _normalization(settings.data, say),
        say(N_("The network")): network_loop(settings, say),
        say(N_("Training")): training_code(settings.training, say),
        say(N_("The test set: to be opened once, at the end")): _test(settings.training, say),
    }


CELLS = ("settings", "data", "normalization", "network", "training", "test")
"""The parts of ``sections`` in their order."""


def _setup(settings: Settings, epochs: int, say: Say) -> str:
    lines = ["import keras", "import numpy as np", "import tensorflow as tf", "from keras import layers"]
    if settings.training.thickness:
        lines.append("from scipy.ndimage import grey_dilation, grey_erosion")
    if settings.data.split == "stratified":
        lines.append("from sklearn.model_selection import train_test_split")
    if settings.data.normalization in _SCALERS:
        lines.append(f"from sklearn.preprocessing import {_SCALERS[settings.data.normalization]}")
    newline = "\n"
    return f"""\
import os
{"from typing import Any" + newline if maxout_class(settings.network, say) else ""}
{comment(say(_READ_AT_IMPORT))}os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

{newline.join(lines)}

SEED = {settings.training.seed}
{_hidden(settings.network.hidden)}
EPOCHS = {epochs}
BATCH_SIZE = {settings.training.batch_size}
{comment(say(_LOOK_ONCE))}LOOK_AT_TEST = False

{comment(say(_ONE_THREAD))}tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.threading.set_inter_op_parallelism_threads(1)
"""


_READ_AT_IMPORT = N_("TensorFlow reads this when it is imported. The lab sets it too.")
_LOOK_ONCE = N_("The test set answers once, at the end, when all is chosen: then write True here.")
_ONE_THREAD = N_("One thread, as in the lab, so that sums are added up in the same order.")


def _hidden(hidden: tuple[int, ...]) -> str:
    if len(hidden) > 2 and len(set(hidden)) == 1:
        return f"HIDDEN = [{hidden[0]}] * {len(hidden)}"
    return fill(f"HIDDEN = {list(hidden)}", LINE_LENGTH, subsequent_indent=" " * 10)


def _data(data: DataSettings, say: Say) -> str:
    return (
        comment(say(_FETCHED))
        + dedent("""\
        # data = np.load("mnist.npz")
        # x_all, y_all = data["x_train"], data["y_train"]
        # x_test, y_test = data["x_test"], data["y_test"]
        (x_all, y_all), (x_test, y_test) = keras.datasets.mnist.load_data()
        """)
        + _rows(data)
        + dedent("""\
        x_train, y_train = x_all[train], y_all[train]
        x_valid, y_valid = x_all[valid], y_all[valid]
        """)
        + (f"\n{comment(say(_DRAWINGS_TOO))}{_DRAWINGS}" if data.handwriting else "")
    )


_FETCHED = N_("Fetched once. Without internet, put the lab's core/data/mnist.npz beside this file:")
_DRAWINGS_TOO = N_(
    "The drawings of our class, exported by the lab, train too. Here already, because the normalisation is "
    "fitted on all that trains, as in the lab."
)


def _rows(data: DataSettings) -> str:
    end = data.validation + data.train
    if data.split == "first":
        return f"valid, train = slice({data.validation}), slice({data.validation}, {end})\n"
    if data.split == "random":
        return dedent(f"""\
            order = np.random.default_rng({data.split_seed}).permutation(len(x_all))
            valid, train = order[:{data.validation}], order[{data.validation}:{end}]
            """)
    return dedent(f"""\
        train, valid = train_test_split(
            np.arange(len(x_all)),
            train_size={data.train},
            test_size={data.validation},
            stratify=y_all,
            random_state={data.split_seed},
        )
        """)


def _normalization(data: DataSettings, say: Say) -> str:
    why = N_("A pixel has one of 256 values: a table says what each of them becomes.")
    about = comment(say(why)) if data.normalization in _SCALERS else ""
    scaled = "x_train, x_valid, x_test = table[x_train], table[x_valid], table[x_test]\n"
    return about + _TABLES[data.normalization] + scaled


_TABLES = {
    "none": 'table = np.arange(256, dtype="float32")\n',
    "min-max": """\
levels = np.arange(256.0).reshape(-1, 1)
scaler = MinMaxScaler().fit(levels[np.unique(x_train)])
table = (levels - scaler.data_min_).astype("float32") / scaler.data_range_
table = table.astype("float32").ravel()
""",
    "z-score": """\
levels = np.arange(256.0).reshape(-1, 1)
counts = np.bincount(x_train.ravel(), minlength=256)
scaler = StandardScaler().fit(levels, sample_weight=counts)
table = (levels - scaler.mean_).astype("float32") / scaler.scale_
table = table.astype("float32").ravel()
""",
}
_DRAWINGS = """\
drawings = np.load("handwriting.npz")
x_train = np.concatenate([x_train, drawings["images"]])
y_train = np.concatenate([y_train, drawings["labels"]])
"""


def _test(training: TrainingSettings, say: Say) -> str:
    figures = say(N_("test: loss {loss}, accuracy {accuracy}"))
    return _TEST.format(
        scores="_, accuracy, loss" if counts_more(training) else "loss, accuracy",
        figures=figures.format(loss="{loss:.4f}", accuracy="{accuracy:.4f}"),
        sealed=say(N_("test: sealed; set LOOK_AT_TEST to True when all is chosen")),
    )


_TEST = """\
if LOOK_AT_TEST:
    {scores} = model.evaluate(x_test, y_test, verbose=0)
    print(f"{figures}")
else:
    print("{sealed}")
"""
