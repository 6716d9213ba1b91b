"""What an experiment is: one frozen, checked value.

Every choice is a code, looked up in one of the tables below; the same tables fill the sidebar, check a
link and write the URL. Settings travel as JSON (store) and as short query parameters (links).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from core.errors import N_, LabError

SPLITS = ("first", "random", "stratified")
NORMALIZATIONS = ("none", "min-max", "z-score")
ACTIVATIONS = (
    "sigmoid",
    "tanh",
    "relu",
    "leaky-relu",
    "elu",
    "maxout",
    "gelu",
    "selu",
    "swish",
    "softplus",
    "linear",
)
INITIALIZERS = ("glorot", "he", "lecun", "activation")
LOSSES = ("cross-entropy", "squared-error")
OPTIMIZERS = ("sgd", "momentum", "rmsprop", "adam", "nadam")

PIXELS = 28 * 28
DIGITS = 10
TRAINING_IMAGES = 60_000
MAXOUT_PIECES = 2
MAXIMUM_DEPTH = 50
MAXIMUM_WIDTH = 1_000
MAXIMUM_EPOCHS = 1_000
MAXIMUM_PARAMETERS = 4_000_000
"""Keeps one training step so short that Stop is answered within a second, even at the largest batch."""


class InvalidSetting(LabError):
    """A setting is outside what the lab can do."""


@dataclass(frozen=True)
class DataSettings:
    """Which images train, which validate, and how their pixels are scaled.

    ``split``: "first" takes the first ``validation`` images for validation, as the report did; "random"
    and "stratified" draw them with ``split_seed``. ``train`` is how many of the others train (the
    default is all of them). ``handwriting``: the class's own drawings join the training part.
    """

    split: str = "first"
    validation: int = 5_000
    train: int = 55_000
    split_seed: int = 0
    normalization: str = "z-score"
    handwriting: bool = False

    def __post_init__(self) -> None:
        """Check every field; raise InvalidSetting at the first that does not fit."""
        _check_choice("split", self.split, SPLITS)
        _check_integer("validation", self.validation, 100, 30_000)
        _check_integer("train", self.train, 100, TRAINING_IMAGES - 100)
        _check_integer("split_seed", self.split_seed, 0, 2**31 - 1)
        _check_choice("normalization", self.normalization, NORMALIZATIONS)
        _check_boolean("handwriting", self.handwriting)
        if self.train + self.validation > TRAINING_IMAGES:
            raise InvalidSetting(
                N_(
                    "{train} training and {validation} validation images are more than the {available} there "
                    "are. Choose fewer of one of them."
                ),
                train=self.train,
                validation=self.validation,
                available=TRAINING_IMAGES,
            )


@dataclass(frozen=True)
class NetworkSettings:
    """A fully connected network from 784 pixels to 10 digits.

    ``hidden`` holds the width of each hidden layer, input side first; () is softmax regression.
    ``initializer``: "glorot" is Keras' default; "activation" is the one the activation wants.
    ``residual`` adds to every second hidden layer the input of the layer before it, where widths allow.
    """

    hidden: tuple[int, ...] = (300, 100)
    activation: str = "relu"
    initializer: str = "glorot"
    batch_normalization: bool = False
    residual: bool = False

    def __post_init__(self) -> None:
        """Check every field; raise InvalidSetting at the first that does not fit."""
        if not isinstance(self.hidden, tuple) or len(self.hidden) > MAXIMUM_DEPTH:
            raise InvalidSetting(
                N_("hidden is {value}. Expected 0 to {limit} layer widths, such as 300-100 or 20x100."),
                value=_shown(self.hidden),
                limit=MAXIMUM_DEPTH,
            )
        for width in self.hidden:
            _check_integer("hidden", width, 1, MAXIMUM_WIDTH)
        _check_choice("activation", self.activation, ACTIVATIONS)
        _check_choice("initializer", self.initializer, INITIALIZERS)
        _check_boolean("batch_normalization", self.batch_normalization)
        _check_boolean("residual", self.residual)
        if self.weight_count() > MAXIMUM_PARAMETERS:
            raise InvalidSetting(
                N_(
                    "This network has {count:,} weights; at most {limit:,} keep the lab quick for everybody. "
                    "Choose fewer or narrower layers."
                ),
                count=self.weight_count(),
                limit=MAXIMUM_PARAMETERS,
            )

    def weight_count(self) -> int:
        """Weights and biases of the dense layers; maxout needs ``MAXOUT_PIECES`` of each."""
        pieces = MAXOUT_PIECES if self.activation == "maxout" else 1
        inputs = (PIXELS, *self.hidden)
        hidden = sum((n + 1) * width * pieces for n, width in zip(inputs, self.hidden, strict=False))
        return hidden + (inputs[-1] + 1) * DIGITS


@dataclass(frozen=True)
class TrainingSettings:
    """How the weights are found. ``gradient_clipping`` is the largest global norm; 0 leaves it off."""

    loss: str = "cross-entropy"
    optimizer: str = "sgd"
    learning_rate: float = 0.01
    batch_size: int = 32
    epochs: int = 10
    seed: int = 0
    gradient_clipping: float = 0.0

    def __post_init__(self) -> None:
        """Check every field; raise InvalidSetting at the first that does not fit."""
        _check_choice("loss", self.loss, LOSSES)
        _check_choice("optimizer", self.optimizer, OPTIMIZERS)
        _check_number("learning_rate", self.learning_rate, 1e-7, 100.0)
        _check_integer("batch_size", self.batch_size, 1, 1024)
        _check_integer("epochs", self.epochs, 1, MAXIMUM_EPOCHS)
        _check_integer("seed", self.seed, 0, 2**31 - 1)
        _check_number("gradient_clipping", self.gradient_clipping, 0.0, 1e6)


@dataclass(frozen=True)
class Settings:
    """A whole experiment. The defaults are the report's three-layer experiment."""

    data: DataSettings = field(default_factory=DataSettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)

    def to_json(self) -> str:
        """The settings as a JSON object of three objects."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Read what ``to_json`` wrote. Raises InvalidSetting for anything else."""
        try:
            tree = json.loads(text)
            network = dict(tree["network"])
            network["hidden"] = tuple(network["hidden"])
            return cls(
                DataSettings(**tree["data"]), NetworkSettings(**network), TrainingSettings(**tree["training"])
            )
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise InvalidSetting(
                N_("The saved settings cannot be read ({reason}). Start a new run instead."), reason=error
            ) from error

    def to_query(self) -> dict[str, str]:
        """What differs from the defaults, as short query parameters for a link."""
        return {
            parameter.key: parameter.write(parameter.get(self))
            for parameter in PARAMETERS
            if parameter.get(self) != parameter.get(DEFAULT)
        }

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Settings, list[InvalidSetting]]:
        """Settings from a link, and what in the link was refused.

        Unknown parameters are left alone: they belong to somebody else. A refused value keeps the
        default, so that a damaged link still opens the lab.
        """
        settings, refused = cls(), []
        for part in ("data", "network", "training"):
            values, unreadable = _read_part(part, query)
            refused += unreadable
            try:
                settings = settings.change(**values)
            except InvalidSetting:
                settings, unfit = _change_one_by_one(settings, values)
                refused += unfit
        return settings, refused

    def change(self, **changes: Any) -> Settings:
        """A copy with single fields replaced, whichever part they belong to; checked again."""
        settings = self
        for part in ("data", "network", "training"):
            names = {item.name for item in fields(getattr(self, part))}
            mine = {name: value for name, value in changes.items() if name in names}
            if mine:
                settings = replace(settings, **{part: replace(getattr(settings, part), **mine)})
        unknown = set(changes) - {parameter.name for parameter in PARAMETERS}
        if unknown:
            raise InvalidSetting(N_("There is no setting called {name}."), name=", ".join(sorted(unknown)))
        return settings

    def differences(self, other: Settings) -> dict[str, tuple[Any, Any]]:
        """Field name → (mine, theirs), for every field in which two experiments differ."""
        pairs = {parameter.name: (parameter.get(self), parameter.get(other)) for parameter in PARAMETERS}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True)
class Parameter:
    """One setting as it stands in a link: where it lives, its short key, how it is written and read."""

    part: str
    name: str
    key: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]

    def get(self, settings: Settings) -> Any:
        """The value of this setting."""
        return getattr(getattr(settings, self.part), self.name)

    def set(self, settings: Settings, value: Any) -> Settings:
        """A copy of the settings with this value. Raises InvalidSetting."""
        return settings.change(**{self.name: value})


def write_hidden(hidden: tuple[int, ...]) -> str:
    """(300, 100) → "300-100"; twenty times 100 → "20x100"; no layer → "none"."""
    if not hidden:
        return "none"
    if len(hidden) > 2 and len(set(hidden)) == 1:
        return f"{len(hidden)}x{hidden[0]}"
    return "-".join(str(width) for width in hidden)


def read_hidden(text: str) -> tuple[int, ...]:
    """Undo ``write_hidden``; blanks and commas are forgiven. Raises InvalidSetting."""
    compact = text.lower().replace(" ", "").replace(",", "-").replace("×", "x")
    if compact in ("", "none"):
        return ()
    count, times, width = compact.partition("x")
    widths = [width] if times else compact.split("-")
    if times and not (_is_plain_integer(count) and int(count) <= MAXIMUM_DEPTH):
        widths = [""]
    if not all(_is_plain_integer(item) for item in widths):
        raise InvalidSetting(
            N_("hidden is {value}. Expected layer widths such as 300-100, 20x100 or none."),
            value=_shown(text),
        )
    return tuple(int(item) for item in widths) * (int(count) if times else 1)


def _is_plain_integer(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 10


def _read_integer(text: str) -> int:
    if not _is_plain_integer(text):
        raise InvalidSetting(N_("{value} is not a whole number."), value=_shown(text))
    return int(text)


def _read_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidSetting(N_("{value} is not a number."), value=_shown(text)) from None


def _read_boolean(text: str) -> bool:
    if text not in ("0", "1"):
        raise InvalidSetting(N_("{value} is not 0 (off) or 1 (on)."), value=_shown(text))
    return text == "1"


def _write_number(value: float) -> str:
    return f"{value:.15g}"


def _write_boolean(value: bool) -> str:
    return "1" if value else "0"


PARAMETERS = (
    Parameter("data", "split", "split", str, str),
    Parameter("data", "validation", "validation", str, _read_integer),
    Parameter("data", "train", "train", str, _read_integer),
    Parameter("data", "split_seed", "split_seed", str, _read_integer),
    Parameter("data", "normalization", "norm", str, str),
    Parameter("data", "handwriting", "own", _write_boolean, _read_boolean),
    Parameter("network", "hidden", "hidden", write_hidden, read_hidden),
    Parameter("network", "activation", "act", str, str),
    Parameter("network", "initializer", "init", str, str),
    Parameter("network", "batch_normalization", "bn", _write_boolean, _read_boolean),
    Parameter("network", "residual", "skip", _write_boolean, _read_boolean),
    Parameter("training", "loss", "loss", str, str),
    Parameter("training", "optimizer", "opt", str, str),
    Parameter("training", "learning_rate", "rate", _write_number, _read_number),
    Parameter("training", "batch_size", "batch", str, _read_integer),
    Parameter("training", "epochs", "epochs", str, _read_integer),
    Parameter("training", "seed", "seed", str, _read_integer),
    Parameter("training", "gradient_clipping", "clip", _write_number, _read_number),
)


def _read_part(part: str, query: Mapping[str, str]) -> tuple[dict[str, Any], list[InvalidSetting]]:
    values, refused = {}, []
    for parameter in PARAMETERS:
        if parameter.part == part and parameter.key in query:
            try:
                values[parameter.name] = parameter.read(query[parameter.key])
            except InvalidSetting as error:
                refused.append(error)
    return values, refused


def _change_one_by_one(
    settings: Settings, values: Mapping[str, Any]
) -> tuple[Settings, list[InvalidSetting]]:
    """Take what fits, in whatever order: more validation images may need fewer training images first."""
    left = dict(values)
    while True:
        refused = {}
        for name, value in left.items():
            try:
                settings = settings.change(**{name: value})
            except InvalidSetting as error:
                refused[name] = error
        if len(refused) == len(left):
            return settings, list(refused.values())
        left = {name: left[name] for name in refused}


def _shown(value: object) -> str:
    """What was received, cut to a length that fits a sentence."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    if not isinstance(value, str) or value not in choices:
        raise InvalidSetting(
            N_("{name} is {value}. Expected one of: {choices}."),
            name=name,
            value=_shown(value),
            choices=", ".join(choices),
        )


def _check_integer(name: str, value: object, lowest: int, highest: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
        raise InvalidSetting(
            N_("{name} is {value}. Expected a whole number from {lowest} to {highest}."),
            name=name,
            value=_shown(value),
            lowest=lowest,
            highest=highest,
        )


def _check_number(name: str, value: object, lowest: float, highest: float) -> None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(float(str(value))) or not lowest <= float(str(value)) <= highest:
        raise InvalidSetting(
            N_("{name} is {value}. Expected a number from {lowest:g} to {highest:g}."),
            name=name,
            value=_shown(value),
            lowest=lowest,
            highest=highest,
        )


def _check_boolean(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise InvalidSetting(N_("{name} is {value}. Expected true or false."), name=name, value=_shown(value))


DEFAULT = Settings()
PRESETS: Mapping[str, Settings] = {
    "three-layer": DEFAULT,
    "twenty-layer": DEFAULT.change(hidden=(100,) * 20),
}
