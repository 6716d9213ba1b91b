"""A network as Keras source text: by itself, or as a loop within an experiment."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

from core.architecture.first_weights import initializer_for
from core.architecture.plan import Layer, layers
from core.choices.activations import ACTIVATIONS
from core.choices.initializers import INITIALIZERS, KERAS_DEFAULT
from core.errors import N_
from core.export.comments import LINE_LENGTH, Say, comment
from core.settings import NetworkSettings, Settings, TrainingSettings, part_as_if


def keras_model_source(network: NetworkSettings, say: Say = str) -> str:
    """Only the network, one line for each layer of ``plan.layers``; Sequential without skips."""
    plan = layers(network)
    initializer = _initializer_argument(initializer_for(network))
    made = {
        layer.name: _constructor(layer, str(layer.width), initializer, f"{network.dropout!r}")
        for layer in plan
    }
    listing = _functional(plan, made) if _has_skips(network) else _sequential(made)
    own_layer = maxout_class(network, say)
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


def network_loop(settings: Settings, say: Say) -> str:
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
        pair=comment(say(N_("A pair is complete: add its input, where that is as wide."))).rstrip(),
    )
    moved = _moving_layers(settings.training, say)
    output = f'layers.Dense(10, activation="softmax", kernel_initializer=initializer{penalty})'
    return maxout_class(network, say) + _NETWORK.format(
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
    lines = [comment(say(N_("Images are turned and moved at random, while training only."))).rstrip()]
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


def maxout_class(network: NetworkSettings, say: Say) -> str:
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
