"""The settings of an experiment, one row for each: what it may be, its default, its key in a link, its help.

The check, the sidebar, the forms, links, documentation and tests read these rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.choices.activations import ACTIVATIONS
from core.choices.initializers import FITTING, INITIALIZERS, KERAS_DEFAULT
from core.choices.kinds import Choice, InvalidSetting, Kind, Number, RateChanges, Switch, Whole, Widths
from core.choices.losses import LOSSES
from core.choices.optimizers import OPTIMIZERS
from core.choices.schedules import SCHEDULES
from core.errors import N_, shown

SPLITS = ("first", "random", "stratified")
NORMALIZATIONS = ("none", "min-max", "z-score")

TRAINING_IMAGES = 60_000
MAXIMUM_DEPTH = 100
"""As far as a worker's memory and a learner's patience go: a hundred layers take 4 seconds and 160 MB to
compile with plain SGD, up to 16 seconds and 760 MB with maxout, skip connections and Nadam."""
MAXIMUM_NORMALIZED = 50
"""With batch normalisation a layer costs three to five times as much: as many as 50 take up to 790 MB."""
MAXIMUM_WIDTH = 1_000
MAXIMUM_EPOCHS = 1_000


@dataclass(frozen=True)
class Parameter:
    """One setting: which part of the settings it belongs to, its field there, its key in links.

    ``kind`` says what it may be, with its bounds. ``default`` is that of the report's three-layer experiment.
    ``help`` is one sentence for a learner, with placeholders for the numbers of an experiment. ``later``:
    runs were kept before there was this setting; what is kept names it only where it differs from its
    default.
    """

    part: str
    name: str
    key: str
    kind: Kind
    default: Any
    help: str
    later: bool = False

    def get(self, settings: Any) -> Any:
        """The value of this setting in a ``core.settings.Settings``."""
        return getattr(getattr(settings, self.part), self.name)

    def write(self, value: Any) -> str:
        """The value as it stands in a link."""
        return self.kind.write(value)

    def read(self, text: str) -> Any:
        """Undo ``write``. Raises InvalidSetting."""
        return self.kind.read(self.name, text)


_IMAGES_LEAST = 100
_RATE = Number(1e-7, 100.0)
_SEED = Whole(0, 2**31 - 1)
HIDDEN = Widths(MAXIMUM_DEPTH, Whole(1, MAXIMUM_WIDTH))

PARAMETERS = (
    Parameter(
        "data",
        "split",
        key="split",
        kind=Choice(SPLITS),
        default="first",
        help=N_(
            "Which of the {available:,} images train and which validate; the {test:,} test images are apart "
            "from both. In the lab report this lab grew from, the first ones validated."
        ),
    ),
    Parameter(
        "data",
        "validation",
        key="validation",
        kind=Whole(_IMAGES_LEAST, TRAINING_IMAGES // 2),
        default=5_000,
        help=N_(
            "{validation:,} images never train: after each epoch they show how well the network reads what "
            "it has not learnt from."
        ),
    ),
    Parameter(
        "data",
        "train",
        key="train",
        kind=Whole(_IMAGES_LEAST, TRAINING_IMAGES - _IMAGES_LEAST),
        default=55_000,
        help=N_(
            "The network learns from {train:,} images; beside {validation:,} for validation there are "
            "{room:,} to choose from."
        ),
    ),
    Parameter(
        "data",
        "split_seed",
        key="split_seed",
        kind=_SEED,
        default=0,
        help=N_("Which images are drawn for validation and training: the same number draws the same ones."),
    ),
    Parameter(
        "data",
        "normalization",
        key="norm",
        kind=Choice(NORMALIZATIONS),
        default="z-score",
        help=N_(
            "How pixels from 0 to 255 are scaled before the network sees them; the scale is taken from the "
            "training images only."
        ),
    ),
    Parameter(
        "data",
        "handwriting",
        key="own",
        kind=Switch(),
        default=False,
        help=N_("Drawings your class agreed to share join the training images."),
    ),
    Parameter(
        "network",
        "hidden",
        key="hidden",
        kind=HIDDEN,
        default=(300, 100),
        help=N_(
            "The layers between the {pixels:,} pixels and the {digits} answers; the answers are a layer of "
            "their own."
        ),
    ),
    Parameter(
        "network",
        "activation",
        key="act",
        kind=Choice(tuple(ACTIVATIONS)),
        default="relu",
        help=N_(
            "What each hidden unit does with its weighted sum; without a bend in it, any number of layers "
            "would be worth only one."
        ),
    ),
    Parameter(
        "network",
        "initializer",
        key="init",
        kind=Choice((*INITIALIZERS, FITTING)),
        default=KERAS_DEFAULT,
        help=N_("How widely the hidden layers' first weights are drawn, before anything is learnt."),
    ),
    Parameter(
        "network",
        "batch_normalization",
        key="bn",
        kind=Switch(),
        default=False,
        help=N_(
            "Brings every hidden unit's sums to mean 0 and variance 1 over each batch, then scales and "
            "shifts them by numbers that are learnt."
        ),
    ),
    Parameter(
        "network",
        "residual",
        key="skip",
        kind=Switch(),
        default=False,
        help=N_(
            "Adds to the output of every second layer what went into the layer before it, where widths are "
            "equal."
        ),
    ),
    Parameter(
        "network",
        "dropout",
        key="drop",
        kind=Number(0.0, 0.9),
        default=0.0,
        later=True,
        help=N_(
            "In each training step this share of every hidden layer's outputs, drawn anew, is set to 0 and "
            "the others grow to make up for it, so that no unit can rely on another; 0 leaves it off. In "
            "validation and test all units take part."
        ),
    ),
    Parameter(
        "training",
        "loss",
        key="loss",
        kind=Choice(tuple(LOSSES)),
        default="cross-entropy",
        help=N_(
            "The number that training makes small: how far the ten probabilities are from the right digit. "
            "The labels are sparse: each is one number, 0 to 9, not ten with a 1 at the right digit, so "
            "Keras calls the cross-entropy of such labels sparse_categorical_crossentropy."
        ),
    ),
    Parameter(
        "training",
        "optimizer",
        key="opt",
        kind=Choice(tuple(OPTIMIZERS)),
        default="sgd",
        help=N_("How the gradient of one batch becomes a step, a change of all weights."),
    ),
    Parameter(
        "training",
        "learning_rate",
        key="rate",
        kind=_RATE,
        default=0.01,
        help=N_("How long a step is; for {optimizer}, Keras takes {usual:g} where nobody names a rate."),
    ),
    Parameter(
        "training",
        "batch_size",
        key="batch",
        kind=Whole(1, 1024),
        default=32,
        help=N_(
            "How many images one step looks at: {train:,} images in batches of {batch:,} make {steps:,} "
            "steps an epoch."
        ),
    ),
    Parameter(
        "training",
        "epochs",
        key="epochs",
        kind=Whole(1, MAXIMUM_EPOCHS),
        default=10,
        help=N_(
            "In one epoch each training image is used once; at {steps:,} steps an epoch this run takes "
            "{total:,} steps."
        ),
    ),
    Parameter(
        "training",
        "seed",
        key="seed",
        kind=_SEED,
        default=0,
        help=N_(
            "Where chance begins: the same number gives the same first weights and the same order of images, "
            "another number others."
        ),
    ),
    Parameter(
        "training",
        "gradient_clipping",
        key="clip",
        kind=Number(0.0, 1e6),
        default=0.0,
        help=N_(
            "A gradient longer than this, over all weights together, is shortened to it; 0 leaves it off."
        ),
    ),
    Parameter(
        "training",
        "l2",
        key="l2",
        kind=Number(0.0, 1.0),
        default=0.0,
        later=True,
        help=N_(
            "Adds this number times the sum of all squared weights (not biases) to what training makes "
            "small, which pulls each weight towards 0; 0 leaves it off, 0.0001 is a usual one. The curve "
            "shows the loss without it."
        ),
    ),
    Parameter(
        "training",
        "label_smoothing",
        key="smooth",
        kind=Number(0.0, 0.9),
        default=0.0,
        later=True,
        help=N_(
            "Training asks for a little less than certainty: this share of the answer is spread evenly over "
            "all {digits} digits; 0 leaves it off, 0.1 is a usual one. The curve shows the loss without it."
        ),
    ),
    Parameter(
        "training",
        "shift",
        key="shift",
        kind=Number(0.0, 8.0),
        default=0.0,
        later=True,
        help=N_(
            "In each step every training image is moved at random by up to so many pixels, sideways and up "
            "or down; images that validate stay as they are."
        ),
    ),
    Parameter(
        "training",
        "turn",
        key="turn",
        kind=Number(0.0, 45.0),
        default=0.0,
        later=True,
        help=N_(
            "In each step every training image is turned at random by up to so many degrees, either way "
            "round; images that validate stay as they are."
        ),
    ),
    Parameter(
        "training",
        "thickness",
        key="thick",
        kind=Number(0.0, 1.0),
        default=0.0,
        later=True,
        help=N_(
            "In each step the strokes of every training image are made thicker or thinner at random; 1 is up "
            "to a whole pixel on each side, 0 leaves them as they are."
        ),
    ),
    Parameter(
        "training",
        "schedule",
        key="schedule",
        kind=Choice(tuple(SCHEDULES)),
        default="constant",
        later=True,
        help=N_("How the learning rate changes while the run goes on."),
    ),
    Parameter(
        "training",
        "drop_every",
        key="every",
        kind=Whole(1, MAXIMUM_EPOCHS),
        default=5,
        later=True,
        help=N_(
            "After so many epochs, and again after as many more, the rate is multiplied by the share below."
        ),
    ),
    Parameter(
        "training",
        "drop_to",
        key="to",
        kind=Number(0.001, 1.0),
        default=0.5,
        later=True,
        help=N_("What the rate is multiplied by each time: 0.5 halves it."),
    ),
    Parameter(
        "training",
        "warm_up",
        key="warm",
        kind=Number(0.0, 100.0),
        default=0.0,
        later=True,
        help=N_(
            "For this many epochs at the start the rate rises evenly from 0 to its full height, so that "
            "steps are short while the weights are still near where chance put them; parts of an epoch "
            "count, 0 leaves it off."
        ),
    ),
    Parameter(
        "training",
        "rate_changes",
        key="rates",
        kind=RateChanges(10, Whole(1, MAXIMUM_EPOCHS), _RATE),
        default=(),
        later=True,
        help=N_(
            "Other rates from later epochs on: 5:0.01,8:0.001 means 0.01 after 5 epochs and 0.001 after 8, "
            "whatever the schedule says."
        ),
    ),
    Parameter(
        "training",
        "patience",
        key="patience",
        kind=Whole(0, MAXIMUM_EPOCHS),
        default=0,
        later=True,
        help=N_(
            "The run ends once so many epochs in a row brought no new lowest validation loss; 0 lets it go "
            "on to the last epoch."
        ),
    ),
    Parameter(
        "training",
        "keep_best",
        key="best",
        kind=Switch(),
        default=False,
        later=True,
        help=N_(
            "The test, drawings and files use the weights after the epoch with the lowest validation loss, "
            "instead of the last ones."
        ),
    ),
)


def codes(name: str) -> tuple[str, ...]:
    """The codes that a setting may be; () where it is no choice. Raises InvalidSetting."""
    kind = parameter(name).kind
    return kind.codes if isinstance(kind, Choice) else ()


def bounds(name: str) -> tuple[Any, Any]:
    """The least and the most that a number may be, both included. Raises InvalidSetting."""
    kind = parameter(name).kind
    if not isinstance(kind, Whole | Number):
        raise InvalidSetting(N_("{name} is no number: it has no bounds."), name=name)
    return kind.least, kind.most


_BY_NAME = {row.name: row for row in PARAMETERS}


def parameter(name: str) -> Parameter:
    """The row of one setting. Raises InvalidSetting where there is none of this name."""
    if name not in _BY_NAME:
        raise InvalidSetting(N_("There is no setting called {name}."), name=shown(name))
    return _BY_NAME[name]
