"""What an experiment is: one frozen, checked value.

What each setting may be, and its default, stand in ``core.choices.parameters``. Settings travel as JSON
(store) and as short query parameters (links).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, NamedTuple, TypeVar

from core.choices.activations import ACTIVATIONS
from core.choices.kinds import InvalidSetting, OutOfBounds
from core.choices.parameters import (
    HIDDEN,
    MAXIMUM_DEPTH,
    MAXIMUM_EPOCHS,
    MAXIMUM_NORMALIZED,
    MAXIMUM_WIDTH,
    NORMALIZATIONS,
    PARAMETERS,
    SPLITS,
    TRAINING_IMAGES,
    Parameter,
    parameter,
)
from core.errors import N_

__all__ = [
    "DEFAULT",
    "DIGITS",
    "MAXIMUM_DEPTH",
    "MAXIMUM_EPOCHS",
    "MAXIMUM_NORMALIZED",
    "MAXIMUM_PARAMETERS",
    "MAXIMUM_WIDTH",
    "NORMALIZATIONS",
    "PARAMETERS",
    "PIXELS",
    "PRESETS",
    "SIDE",
    "SPLITS",
    "TEST_IMAGES",
    "TRAINING_IMAGES",
    "DataSettings",
    "InvalidSetting",
    "NetworkSettings",
    "Parameter",
    "Refused",
    "Settings",
    "TrainingSettings",
    "parameter",
    "part_as_if",
    "write_hidden",
]

SIDE = 28
"""Pixels along each side of an image."""
PIXELS = SIDE * SIDE
DIGITS = 10
TEST_IMAGES = 10_000
MAXIMUM_PARAMETERS = 4_000_000
"""Keeps one training step so short that Stop is answered within a second, even at the largest batch."""


def _default(name: str) -> Any:
    return parameter(name).default


@dataclass(frozen=True)
class DataSettings:
    """Which images train, which validate, and how their pixels are scaled.

    ``split``: "first" takes the first ``validation`` images for validation, as the report did; "random"
    and "stratified" draw them with ``split_seed``. ``train`` is how many of the others train (the
    default is all of them). ``handwriting``: the class's own drawings join the training part.
    """

    split: str = _default("split")
    validation: int = _default("validation")
    train: int = _default("train")
    split_seed: int = _default("split_seed")
    normalization: str = _default("normalization")
    handwriting: bool = _default("handwriting")

    def __post_init__(self) -> None:
        """Check every field; raise InvalidSetting at the first that does not fit."""
        _check(self)
        self.check_sum()

    def check_sum(self) -> None:
        """Raise InvalidSetting where more images are wanted than there are."""
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
    ``dropout``: the share of each hidden layer's outputs that a training step leaves out.
    """

    hidden: tuple[int, ...] = _default("hidden")
    activation: str = _default("activation")
    initializer: str = _default("initializer")
    batch_normalization: bool = _default("batch_normalization")
    residual: bool = _default("residual")
    dropout: float = _default("dropout")

    def __post_init__(self) -> None:
        """Check every field; raise InvalidSetting at the first that does not fit."""
        _check(self)
        if self.batch_normalization and len(self.hidden) > MAXIMUM_NORMALIZED:
            raise InvalidSetting(
                N_(
                    "{count} hidden layers with batch normalisation take more memory to compile than there "
                    "is for a worker. Choose at most {limit} of them, or up to {deepest} without it."
                ),
                count=len(self.hidden),
                limit=MAXIMUM_NORMALIZED,
                deepest=MAXIMUM_DEPTH,
            )
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
        """Weights and biases of the dense layers; a unit has them once for each piece of its activation."""
        pieces = ACTIVATIONS[self.activation].pieces
        inputs = (PIXELS, *self.hidden)
        hidden = sum((n + 1) * width * pieces for n, width in zip(inputs, self.hidden, strict=False))
        return hidden + (inputs[-1] + 1) * DIGITS


@dataclass(frozen=True)
class TrainingSettings:
    """How the weights are found. From ``gradient_clipping`` to ``thickness`` 0 leaves it off.

    ``gradient_clipping`` is the largest global norm. ``l2`` times the sum of the squared weights, and
    ``label_smoothing``, are in what a step makes small, but in no loss that is recorded. ``shift`` (pixels),
    ``turn`` (degrees) and ``thickness`` (pixels a side) are the most by which a training image is changed.
    ``schedule``, ``drop_every``, ``drop_to``, ``warm_up`` and ``rate_changes``: see ``core.runs.rates``;
    ``patience`` and ``keep_best``: ``core.runs.best``.
    """

    loss: str = _default("loss")
    optimizer: str = _default("optimizer")
    learning_rate: float = _default("learning_rate")
    batch_size: int = _default("batch_size")
    epochs: int = _default("epochs")
    seed: int = _default("seed")
    gradient_clipping: float = _default("gradient_clipping")
    l2: float = _default("l2")
    label_smoothing: float = _default("label_smoothing")
    shift: float = _default("shift")
    turn: float = _default("turn")
    thickness: float = _default("thickness")
    schedule: str = _default("schedule")
    drop_every: int = _default("drop_every")
    drop_to: float = _default("drop_to")
    warm_up: float = _default("warm_up")
    rate_changes: tuple[tuple[int, float], ...] = _default("rate_changes")
    patience: int = _default("patience")
    keep_best: bool = _default("keep_best")

    def __post_init__(self) -> None:
        """Check every field; raise InvalidSetting at the first that does not fit."""
        _check(self)


class Refused(NamedTuple):
    """A setting whose value in a link was not taken, and why."""

    name: str
    error: InvalidSetting


@dataclass(frozen=True)
class Settings:
    """A whole experiment. The defaults are the report's three-layer experiment."""

    data: DataSettings = field(default_factory=DataSettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    training: TrainingSettings = field(default_factory=TrainingSettings)

    def to_json(self) -> str:
        """The settings as a JSON object of three objects.

        A setting that came later is left out at its default, so that an experiment is written today as it was
        before there was this setting: what is found by this text is found again.
        """
        tree = asdict(self)
        for row in PARAMETERS:
            if row.later and row.get(self) == row.default:
                del tree[row.part][row.name]
        return json.dumps(tree)

    @classmethod
    def from_json(cls, text: str) -> Settings:
        """Read what ``to_json`` wrote. Raises InvalidSetting for anything else."""
        with _named_errors():
            data, network, training = _parts(text)
            return cls(DataSettings(**data), NetworkSettings(**network), TrainingSettings(**training))

    @classmethod
    def from_record(cls, text: str) -> Settings:
        """``from_json`` of what a lab with other bounds may have kept: numbers may lie outside today's.

        Such settings can be shown, compared (``as_if``) and gone on with; a copy by ``change``, which may be
        trained anew, is checked in each part that it touches.
        """
        with _named_errors():
            data, network, training = _parts(text)
            kept = _kept(DataSettings, data)
            kept.check_sum()
            return cls(kept, _kept(NetworkSettings, network), _kept(TrainingSettings, training))

    def to_query(self) -> dict[str, str]:
        """What differs from the defaults, as short query parameters for a link."""
        return {row.key: row.write(row.get(self)) for row in PARAMETERS if row.get(self) != row.get(DEFAULT)}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> tuple[Settings, list[Refused]]:
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
        """A copy with single fields replaced, whichever part they belong to; such parts are checked again."""
        return self._copy(replace, changes)

    def allowed(self, *choices: Mapping[str, Any]) -> list[Settings]:
        """The copies with these changes, one each, that may be trained today: what can be offered."""
        copies = (self.as_if(**changes) for changes in choices)
        return [copy for copy in copies if copy.is_allowed]

    @property
    def is_allowed(self) -> bool:
        """Whether it may be trained anew today; a record may hold what may not."""
        try:
            for part in (self.data, self.network, self.training):
                replace(part)  # which checks all of it
        except InvalidSetting:
            return False
        return True

    def as_if(self, **changes: Any) -> Settings:
        """``change`` of what is only shown, compared or measured: bounds are not asked for again."""
        return self._copy(part_as_if, changes)

    def _copy(self, copied: Callable[..., Any], changes: Mapping[str, Any]) -> Settings:
        settings = self
        for name in changes:
            parameter(name)  # refuses an unknown one
        for part in ("data", "network", "training"):
            names = {item.name for item in fields(getattr(self, part))}
            mine = {name: value for name, value in changes.items() if name in names}
            if mine:
                settings = replace(settings, **{part: copied(getattr(settings, part), **mine)})
        return settings


def write_hidden(hidden: tuple[int, ...]) -> str:
    """(300, 100) → "300-100"; twenty times 100 → "20x100"; no layer → "none"."""
    return HIDDEN.write(hidden)


Part = TypeVar("Part", DataSettings, NetworkSettings, TrainingSettings)


@contextmanager
def _named_errors() -> Iterator[None]:
    try:
        yield
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InvalidSetting(
            N_("The saved settings cannot be read ({reason}). Start a new run instead."), reason=error
        ) from error


def _parts(text: str) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    tree = json.loads(text)
    network = dict(tree["network"])
    network["hidden"] = tuple(network["hidden"])
    training = dict(tree["training"])
    if "rate_changes" in training:  # runs from before there was such a thing
        training["rate_changes"] = tuple((epoch, rate) for epoch, rate in training["rate_changes"])
    return dict(tree["data"]), network, training


def _kept(kind: type[Part], values: Mapping[str, Any]) -> Part:
    """A part with these values; what is not named has its default, and bounds are not asked for."""
    names = {item.name for item in fields(kind)}
    if not names >= values.keys():
        raise KeyError(*(values.keys() - names))
    part = object.__new__(kind)
    for name in names:
        value = values.get(name, _default(name))
        with suppress(OutOfBounds):
            parameter(name).kind.check(name, value)
        object.__setattr__(part, name, value)
    return part


def part_as_if(part: Part, **changes: Any) -> Part:
    """``Settings.as_if`` of one part. Raises KeyError for a field that it has not."""
    return _kept(type(part), vars(part) | changes)


def _check(part: DataSettings | NetworkSettings | TrainingSettings) -> None:
    """Hold each field of a part against its row; InvalidSetting at the first that does not fit."""
    for item in fields(part):
        parameter(item.name).kind.check(item.name, getattr(part, item.name))


def _read_part(part: str, query: Mapping[str, str]) -> tuple[dict[str, Any], list[Refused]]:
    values, refused = {}, []
    for row in PARAMETERS:
        if row.part == part and row.key in query:
            try:
                values[row.name] = row.read(query[row.key])
            except InvalidSetting as error:
                refused.append(Refused(row.name, error))
    return values, refused


def _change_one_by_one(settings: Settings, values: Mapping[str, Any]) -> tuple[Settings, list[Refused]]:
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
            return settings, [Refused(name, error) for name, error in refused.items()]
        left = {name: left[name] for name in refused}


DEFAULT = Settings()
PRESETS: Mapping[str, Settings] = {
    "three-layer": DEFAULT,
    "twenty-layer": DEFAULT.change(hidden=(100,) * 20),
}
