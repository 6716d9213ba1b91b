"""An experiment as Keras source text that a learner can run anywhere, with the lab's numbers.

Its comments, and the words that it prints, are said by ``say``: a translation of what is marked here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, fill, indent
from typing import TypeAlias
from unicodedata import east_asian_width

from core.architecture.first_weights import initializer_for
from core.architecture.plan import Layer, layers
from core.choices.activations import ACTIVATIONS
from core.choices.initializers import INITIALIZERS, KERAS_DEFAULT
from core.choices.losses import LOSSES
from core.choices.optimizers import OPTIMIZERS
from core.errors import N_
from core.runs.rates import is_scheduled
from core.settings import DataSettings, NetworkSettings, Settings, TrainingSettings, part_as_if

LINE_LENGTH = 88
Say: TypeAlias = Callable[[str], str]
"""Gives a text that was marked with ``N_`` in the reader's language."""

_SCALERS = {"min-max": "MinMaxScaler", "z-score": "StandardScaler"}


SMOOTH = ("sigmoid", "tanh", "elu")
"""Activations without a kink, at which rounding could decide on a slope."""
CALM = 0.1
"""The highest rate at which rounding was seen to stay rounding."""


def prints_the_labs_digits(settings: Settings) -> bool:
    """Whether the source prints the lab's numbers to all four digits, where that was seen.

    Keras rounds otherwise than the lab, which compiles whole steps. In four epochs on 20,000 images numbers
    stayed within 0.00005 for such settings, with L2, smoothed labels, staircase and cosine too; they came to
    be 0.0005 apart with ReLU, 0.001 with maxout, 0.005 with GELU and Nadam, 0.013 with ReLU and Adam. With
    tanh and a rate of 0.3 they were 0.3 apart after five epochs on 1,000 images, and ended early elsewhere.
    """
    network, training = settings.network, settings.training
    if draws_in_its_steps(settings):
        return False
    is_smooth = not network.hidden or (network.activation in SMOOTH and len(network.hidden) <= 2)
    highest = max([training.learning_rate, *(rate for _epoch, rate in training.rate_changes)])
    is_calm = training.optimizer == "sgd" and highest <= CALM
    return is_smooth and is_calm and not network.batch_normalization


def draws_in_its_steps(settings: Settings) -> bool:
    """Whether chance decides within a training step: Keras draws other numbers there than the lab.

    Its figures were then as far from the lab's as those of another seed, or nearer
    (``tests/worker/core/export/test_source_runs.py``).
    """
    training = settings.training
    dropout = settings.network.dropout if settings.network.hidden else 0.0
    return any((dropout, training.shift, training.turn, training.thickness))


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
        say(N_("The network")): _network_loop(settings, say),
        say(N_("Training")): _training(settings.training, say),
        say(N_("The test set: to be opened once, at the end")): _test(settings.training, say),
    }


def pictures(settings: Settings, say: Say = str) -> dict[str, list[str]]:
    """Cells that draw images, curve and confusion matrix, by the part of ``CELLS`` that they follow."""
    truth = "y_valid.argmax(axis=1)" if _wants_one_hot(settings.training) else "y_valid"
    curve = _CURVE.format(
        plain=_plain(settings.training),
        loss=say(N_("Loss")),
        accuracy=say(N_("Accuracy")),
        training=say(N_("Training")),
        validation=say(N_("Validation")),
        epochs=say(N_("epochs")),
    )
    matrix = _MATRIX.format(
        truth=truth,
        title=say(N_("Confusion matrix of the validation images")),
        shown=say(N_("digit")),
        read=say(N_("read as")),
    )
    needs = _comment(say(N_("Pictures are drawn by plotly, which is fetched by: pip install plotly")))
    return {"data": [needs + _GRID.format(title=say(N_("Training images")))], "training": [curve, matrix]}


_GRID = """\
import plotly.express as px
from plotly.subplots import make_subplots

figure = px.imshow(
    x_train[:32], facet_col=0, facet_col_wrap=8, color_continuous_scale="gray_r", title="{title}"
)
for note in figure.layout.annotations:
    note.text = str(y_train[int(note.text.split("=")[1])])
figure.update_layout(coloraxis_showscale=False, height=520)
figure.update_xaxes(visible=False).update_yaxes(visible=False)
figure
"""
_CURVE = """\
figure = make_subplots(1, 2, subplot_titles=["{loss}", "{accuracy}"])
epochs = list(range(1, len(curve) + 1))
for place, name in enumerate(["{plain}", "accuracy"], start=1):
    for part, label, color in (("", "{training}", "#0072B2"), ("val_", "{validation}", "#D55E00")):
        values = [row[part + name] for row in curve]
        figure.add_scatter(
            x=epochs, y=values, name=label, line_color=color, showlegend=place == 1, row=1, col=place
        )
figure.update_xaxes(title="{epochs}")
figure
"""
_MATRIX = """\
read = model.predict(x_valid, verbose=0).argmax(axis=1)
matrix = np.zeros((10, 10), int)
np.add.at(matrix, ({truth}, read), 1)
labels = {{"x": "{read}", "y": "{shown}"}}
figure = px.imshow(matrix, text_auto=True, labels=labels, title="{title}", height=560)
figure.update_xaxes(dtick=1).update_yaxes(dtick=1)
figure
"""


CELLS = ("settings", "data", "normalization", "network", "training", "test")
"""The parts of ``sections`` in their order."""


def _comment(text: str) -> str:
    """The text as lines of a comment; a line may end after a word or a Chinese character (two columns)."""
    lines = [""]
    for word in _words(text):
        if lines[-1] and _columns(f"# {lines[-1]}{word}".rstrip()) > LINE_LENGTH:
            lines.append("")
        lines[-1] += word
    return "".join(f"# {line.strip()}\n" for line in lines)


def _words(text: str) -> list[str]:
    """What a line may end after: words with the blank behind them, Chinese characters with their marks."""
    return re.findall(
        r"[\u3000-\u9fff\uff00-\uffef][，。：；、）”]*|[^\s\u3000-\u9fff\uff00-\uffef]+\s*|\s+", text
    )


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def keras_model_source(network: NetworkSettings, say: Say = str) -> str:
    """Only the network, one line for each layer of ``plan.layers``; Sequential without skips."""
    plan = layers(network)
    initializer = _initializer_argument(initializer_for(network))
    made = {
        layer.name: _constructor(layer, str(layer.width), initializer, f"{network.dropout!r}")
        for layer in plan
    }
    listing = _functional(plan, made) if _has_skips(network) else _sequential(made)
    own_layer = _maxout_class(network, say)
    imports = "from typing import Any\n\n" if own_layer else ""
    imports += "import keras\nfrom keras import layers\n\n"
    return imports + ("\n" + own_layer if own_layer else "") + listing


def _initializer_argument(code: str) -> str:
    """What a Dense layer is told; the default goes without saying in Keras."""
    return "" if code == KERAS_DEFAULT else f', kernel_initializer="{INITIALIZERS[code].keras_name}"'


def _sequential(made: dict[str, str]) -> str:
    lines = "".join(f"        {constructor},\n" for constructor in made.values())
    return f"model = keras.Sequential(\n    [\n        keras.Input((28, 28)),\n{lines}    ]\n)\n"


def _functional(plan: tuple[Layer, ...], made: dict[str, str]) -> str:
    lines = ["image = keras.Input((28, 28))"]
    for layer in plan:
        inputs = ", ".join(layer.inputs) or "image"
        lines.append(f"{layer.name} = {made[layer.name]}({f'[{inputs}]' if layer.kind == 'add' else inputs})")
    return "\n".join([*lines, "model = keras.Model(image, output)", ""])


def _constructor(layer: Layer, width: str, more: str, dropout: str) -> str:
    """The call that makes a layer; a Dense one takes ``width`` and ``more``, a Dropout ``dropout``."""
    row = ACTIVATIONS.get(layer.activation)  # None for the softmax, and where a layer applies none
    activation = row.keras_name if row else layer.activation
    argument = f', activation="{activation}"' if activation else ""
    return {
        "flatten": "layers.Flatten()",
        "dense": f"layers.Dense({width}{argument}{more})",
        "batch-normalization": "layers.BatchNormalization()",
        "activation": f'layers.Activation("{activation}")',
        "maxout": f"Maxout({row.pieces if row else 1})",
        "dropout": f"layers.Dropout({dropout})",
        "add": "layers.Add()",
        "output": f"layers.Dense({width}{argument})",
    }[layer.kind]


def _network_loop(settings: Settings, say: Say) -> str:
    """The network as a loop over HIDDEN, with the seeds of ``core.network.build``."""
    network, l2 = settings.network, settings.training.l2
    penalty = ", kernel_regularizer=penalty" if l2 else ""
    pieces = ACTIVATIONS[network.activation].pieces
    width = f"{pieces} * width" if pieces > 1 else "width"
    plan = layers(part_as_if(network, hidden=(1,)))[1:-1]
    more, dropout = f", kernel_initializer=initializer{penalty}", f"{network.dropout!r}, seed=seed"
    hidden = "\n".join(_call(_constructor(layer, width, more, dropout), "    ") for layer in plan)
    loop = (_SKIP_LOOP if _has_skips(network) else _LOOP).format(
        initializer=INITIALIZERS[initializer_for(network)].keras_class,
        hidden=indent(hidden, "    "),
        pair=_comment(say(N_("A pair is complete: add its input, where that is as wide."))).rstrip(),
    )
    moved = _moving_layers(settings.training, say)
    output = f'layers.Dense(10, activation="softmax", kernel_initializer=initializer{penalty})'
    return _maxout_class(network, say) + _NETWORK.format(
        start="x = pair_input" if _has_skips(network) else "x",
        moved=moved,
        pixels="x" if moved else "image",
        loop=loop if network.hidden else "",
        output=_call(output, ""),
        penalty=f"penalty = keras.regularizers.L2({l2!r})\n" if l2 else "",
    )


def _call(constructor: str, before: str) -> str:
    """``x`` through a layer, in three lines where one would be too long behind ``before``."""
    line = f"x = {constructor}(x)"
    if len(before + line) <= LINE_LENGTH:
        return line
    name, _, arguments = constructor.partition("(")
    return f"x = {name}(\n    {arguments[:-1]}\n)(x)"


def _moving_layers(training: TrainingSettings, say: Say) -> str:
    """Keras' own layers that turn and shift images, while training only."""
    if not (training.shift or training.turn):
        return ""
    lines = [_comment(say(N_("Images are turned and moved at random, while training only."))).rstrip()]
    lines.append("x = layers.Reshape((28, 28, 1))(image)")
    if training.turn:
        factor = f"{training.turn!r} / 360"
        lines.append(f'x = layers.RandomRotation({factor}, fill_mode="nearest", seed=SEED)(x)')
    if training.shift:
        factor = f"{training.shift!r} / 28"
        lines.append(
            _call(f'layers.RandomTranslation({factor}, {factor}, fill_mode="nearest", seed=SEED)', "")
        )
    return "\n".join([*lines, ""])


_NETWORK = """\
seeds = np.random.default_rng(SEED).integers(2**31, size=len(HIDDEN) + 1).tolist()
{penalty}image = keras.Input((28, 28))
{moved}{start} = layers.Flatten()({pixels})
{loop}initializer = keras.initializers.GlorotUniform(seeds[-1])
{output}
model = keras.Model(image, x)
model.summary()
"""
_LOOP = """\
for width, seed in zip(HIDDEN, seeds):
    initializer = keras.initializers.{initializer}(seed)
{hidden}
"""
_SKIP_LOOP = """\
for number, (width, seed) in enumerate(zip(HIDDEN, seeds), start=1):
    initializer = keras.initializers.{initializer}(seed)
{hidden}
    {pair}
    if number % 2 == 0:
        if x.shape == pair_input.shape:
            x = layers.Add()([x, pair_input])
        pair_input = x
"""


def _has_skips(network: NetworkSettings) -> bool:
    return any(layer.kind == "add" for layer in layers(network))


def _maxout_class(network: NetworkSettings, say: Say) -> str:
    """The lab's own Maxout layer where the network needs it: its code word for word, its docstrings said."""
    if ACTIVATIONS[network.activation].keras_name is not None or not network.hidden:
        return ""
    text = (Path(__file__).parents[1] / "network" / "maxout.py").read_text(encoding="utf-8")
    text = text[text.index("@keras") :].replace("  # type: ignore[misc]", "")
    for words in _MAXOUT_WORDS:
        text = text.replace(words, say(words))
    return text + "\n\n"


_MAXOUT_WORDS = (
    N_("The largest of ``pieces`` neighbouring inputs: (batch, n · pieces) → (batch, n)."),
    N_("After a Dense layer it is the maxout unit of Goodfellow et al., Maxout Networks (2013)."),
    N_("The largest piece of each unit."),
    N_("What Keras needs to make the layer again."),
)


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
{"from typing import Any" + newline if _maxout_class(settings.network, say) else ""}
{_comment(say(_READ_AT_IMPORT))}os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

{newline.join(lines)}

SEED = {settings.training.seed}
{_hidden(settings.network.hidden)}
EPOCHS = {epochs}
BATCH_SIZE = {settings.training.batch_size}
{_comment(say(_LOOK_ONCE))}LOOK_AT_TEST = False

{_comment(say(_ONE_THREAD))}tf.config.threading.set_intra_op_parallelism_threads(1)
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
        _comment(say(_FETCHED))
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
        + (f"\n{_comment(say(_DRAWINGS_TOO))}{_DRAWINGS}" if data.handwriting else "")
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
    comment = _comment(say(why)) if data.normalization in _SCALERS else ""
    scaled = "x_train, x_valid, x_test = table[x_train], table[x_valid], table[x_test]\n"
    return comment + _TABLES[data.normalization] + scaled


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


def _training(training: TrainingSettings, say: Say) -> str:
    line = say(N_("epoch {epoch}: {numbers}")).format(epoch="{epoch + 1}", numbers="{numbers}")
    drawn = "with_other_pens(x_train[order])" if training.thickness else "x_train[order]"
    parts = [_ONE_HOT if _wants_one_hot(training) else ""]
    parts.append(_pens(training, say) if training.thickness else "")
    parts += [_rates(training, say) if is_scheduled(training) else ""]
    parts += [_optimizer(training, say), _compile(training, say)]
    parts.append(_EPOCHS.format(line=line, drawn=drawn, **_best(training, say)))
    return "".join(parts)


def _best(training: TrainingSettings, say: Say) -> dict[str, str]:
    """What stands before the loop over epochs and at its end, for early stopping and the best weights."""
    if not (training.patience or training.keep_best):
        return {"begin": "curve = []\n", "after": ""}
    begin, after = ["curve, best = [], 0"], [f'    losses = [row["val_{_plain(training)}"] for row in curve]']
    after += ["    if losses[epoch] < losses[best] or epoch == 0:", "        best = epoch"]
    after += ["        kept = model.get_weights()"] if training.keep_best else []
    if training.patience:
        after += [f"    if epoch - best >= {training.patience}:", "        break"]
    if training.keep_best:
        why = say(N_("The weights of the epoch with the lowest validation loss, as in the lab."))
        after += [_comment(why).rstrip(), "model.set_weights(kept)"]
    return {"begin": "\n".join([*begin, ""]), "after": "\n".join([*after, ""])}


def _plain(training: TrainingSettings) -> str:
    """What Keras calls the loss that the lab's curve shows."""
    if not _counts_more(training):
        return "loss"
    name = LOSSES[training.loss].keras_name
    return name.removeprefix("sparse_") if _is_smoothed(training) else name


def _wants_one_hot(training: TrainingSettings) -> bool:
    row = LOSSES[training.loss]
    return row.wants_one_hot or _is_smoothed(training)


def _is_smoothed(training: TrainingSettings) -> bool:
    return bool(training.label_smoothing and LOSSES[training.loss].can_be_smoothed)


def _counts_more(training: TrainingSettings) -> bool:
    """Whether training makes more small than the loss that the curve shows."""
    return bool(training.l2) or _is_smoothed(training)


def _compile(training: TrainingSettings, say: Say) -> str:
    """Where more than the loss is made small, Keras counts it in; the plain loss is printed beside it."""
    row = LOSSES[training.loss]
    loss, plain = f'"{row.keras_name}"', _plain(training)
    if _is_smoothed(training):
        loss = f"keras.losses.{row.smoothed_class}(label_smoothing={training.label_smoothing!r})"
    if not _counts_more(training):
        return f'model.compile(loss={loss}, optimizer=optimizer, metrics=["accuracy"])\n'
    why = _comment(say(_COUNTED_IN).format(loss="loss", plain=plain))
    return f'{why}loss = {loss}\nmetrics = ["accuracy", "{plain}"]\n{_COMPILE}'


_COUNTED_IN = N_(
    "In {loss} Keras counts all that training makes small; {plain} is the plain loss, which the lab's curve "
    "shows."
)
_COMPILE = "model.compile(loss=loss, optimizer=optimizer, metrics=metrics)\n"


def _pens(training: TrainingSettings, say: Say) -> str:
    about = _comment(say(N_("Strokes thicker or thinner at random, each image anew in each epoch.")))
    return f"pens = np.random.default_rng(SEED)\n\n\n{about}" + _PENS.format(most=repr(training.thickness))


_PENS = """\
def with_other_pens(images):
    amounts = pens.uniform(-{most}, {most}, (len(images), 1, 1)).astype("float32")
    thicker = grey_dilation(images, (1, 3, 3)) - images
    thinner = images - grey_erosion(images, (1, 3, 3))
    return images + np.maximum(amounts, 0) * thicker - np.maximum(-amounts, 0) * thinner


"""
_EPOCHS = """\
{begin}for epoch in range(EPOCHS):
    order = np.random.default_rng([SEED, epoch]).permutation(len(x_train))
    history = model.fit(
        {drawn},
        y_train[order],
        batch_size=BATCH_SIZE,
        shuffle=False,
        validation_data=(x_valid, y_valid),
        verbose=0,
    ).history
    curve.append({{name: value[0] for name, value in history.items()}})
    numbers = ", ".join(f"{{name}} {{value:.4f}}" for name, value in curve[-1].items())
    print(f"{line}")
{after}"""
_ONE_HOT = """\
y_train, y_valid, y_test = (
    keras.utils.to_categorical(labels, 10) for labels in (y_train, y_valid, y_test)
)
"""


def _rates(training: TrainingSettings, say: Say) -> str:
    """The rate of each step, by the formulas of ``core.runs.rates``, and a schedule that looks it up."""
    shapes = {
        "constant": [],
        "step": [f"rates *= {training.drop_to!r} ** np.floor(epochs / {training.drop_every!r})"],
        "cosine": [
            f"falls = max({training.epochs - training.warm_up!r}, 1 / steps)",
            f"part = (epochs - {training.warm_up!r}) / falls",
            "rates *= (1 + np.cos(np.pi * part.clip(0, 1))) / 2",
        ],
    }
    lines = [f"rates = np.full(len(epochs), {training.learning_rate!r})", *shapes[training.schedule]]
    if training.warm_up:
        lines.append(f"rates *= np.minimum(1, epochs / {training.warm_up!r})")
    lines += [f"rates[epochs >= {epoch}] = {rate!r}" for epoch, rate in training.rate_changes]
    about = _comment(say(N_("The learning rate of each step; epochs counts in parts of an epoch.")))
    return f"{about}{_EPOCHS_BY_STEP}{chr(10).join(lines)}\n{_RATES}"


_EPOCHS_BY_STEP = """\
steps = -(-len(x_train) // BATCH_SIZE)
epochs = np.arange(EPOCHS * steps) / steps
"""
_RATES = """\


class Rates(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        return keras.ops.take(keras.ops.convert_to_tensor(rates, "float32"), step)


"""


def _optimizer(training: TrainingSettings, say: Say) -> str:
    row = OPTIMIZERS[training.optimizer]
    rate = "Rates()" if is_scheduled(training) else repr(training.learning_rate)
    arguments = [f"learning_rate={rate}"]
    arguments += [f"{name}={value!r}" for name, value in row.arguments.items()]
    if training.gradient_clipping:
        arguments.append(f"global_clipnorm={training.gradient_clipping!r}")
    start = f"optimizer = keras.optimizers.{row.keras_class}("
    line = f"{start}{', '.join(arguments)})"
    if len(line) > LINE_LENGTH:
        line = f"{start}\n    {', '.join(arguments)}\n)"
    return line + "\n"


def _test(training: TrainingSettings, say: Say) -> str:
    figures = say(N_("test: loss {loss}, accuracy {accuracy}"))
    return _TEST.format(
        scores="_, accuracy, loss" if _counts_more(training) else "loss, accuracy",
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
