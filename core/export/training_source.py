"""How an experiment trains, as Keras source text: rates, optimiser, loss, and the loop over epochs."""

from __future__ import annotations

from core.choices.losses import LOSSES
from core.choices.optimizers import OPTIMIZERS
from core.errors import N_
from core.export.comments import LINE_LENGTH, Say, comment
from core.runs.rates import is_scheduled
from core.settings import TrainingSettings


def training_code(training: TrainingSettings, say: Say) -> str:
    """Labels, changed images, rates, optimiser and loss as they are wanted, and the loop over epochs."""
    line = say(N_("epoch {epoch}: {numbers}")).format(epoch="{epoch + 1}", numbers="{numbers}")
    drawn = "with_other_pens(x_train[order])" if training.thickness else "x_train[order]"
    parts = [_ONE_HOT if wants_one_hot(training) else ""]
    parts.append(_pens(training, say) if training.thickness else "")
    parts += [_rates(training, say) if is_scheduled(training) else ""]
    parts += [_optimizer(training, say), _compile(training, say)]
    parts.append(_EPOCHS.format(line=line, drawn=drawn, **_best(training, say)))
    return "".join(parts)


def _best(training: TrainingSettings, say: Say) -> dict[str, str]:
    """What stands before the loop over epochs and at its end, for early stopping and the best weights."""
    if not (training.patience or training.keep_best):
        return {"begin": "curve = []\n", "after": ""}
    begin = ["curve, best = [], 0"]
    after = [f'    losses = [row["val_{plain_loss(training)}"] for row in curve]']
    after += ["    if losses[epoch] < losses[best] or epoch == 0:", "        best = epoch"]
    after += ["        kept = model.get_weights()"] if training.keep_best else []
    if training.patience:
        after += [f"    if epoch - best >= {training.patience}:", "        break"]
    if training.keep_best:
        why = say(N_("The weights of the epoch with the lowest validation loss, as in the lab."))
        after += [comment(why).rstrip(), "model.set_weights(kept)"]
    return {"begin": "\n".join([*begin, ""]), "after": "\n".join([*after, ""])}


def plain_loss(training: TrainingSettings) -> str:
    """What Keras calls the loss that the lab's curve shows."""
    if not counts_more(training):
        return "loss"
    name = LOSSES[training.loss].keras_name
    return name.removeprefix("sparse_") if _is_smoothed(training) else name


def wants_one_hot(training: TrainingSettings) -> bool:
    """Whether labels are rows of ten numbers, one of them 1."""
    row = LOSSES[training.loss]
    return row.wants_one_hot or _is_smoothed(training)


def _is_smoothed(training: TrainingSettings) -> bool:
    return bool(training.label_smoothing and LOSSES[training.loss].can_be_smoothed)


def counts_more(training: TrainingSettings) -> bool:
    """Whether training makes more small than the loss that the curve shows."""
    return bool(training.l2) or _is_smoothed(training)


def _compile(training: TrainingSettings, say: Say) -> str:
    """Where more than the loss is made small, Keras counts it in; the plain loss is printed beside it."""
    row = LOSSES[training.loss]
    loss, plain = f'"{row.keras_name}"', plain_loss(training)
    if _is_smoothed(training):
        loss = f"keras.losses.{row.smoothed_class}(label_smoothing={training.label_smoothing!r})"
    if not counts_more(training):
        return f'model.compile(loss={loss}, optimizer=optimizer, metrics=["accuracy"])\n'
    why = comment(say(_COUNTED_IN).format(loss="loss", plain=plain))
    return f'{why}loss = {loss}\nmetrics = ["accuracy", "{plain}"]\n{_COMPILE}'


_COUNTED_IN = N_(
    "In {loss} Keras counts all that training makes small; {plain} is the plain loss, which the lab's curve "
    "shows."
)
_COMPILE = "model.compile(loss=loss, optimizer=optimizer, metrics=metrics)\n"


def _pens(training: TrainingSettings, say: Say) -> str:
    about = comment(say(N_("Strokes thicker or thinner at random, each image anew in each epoch.")))
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
    about = comment(say(N_("The learning rate of each step; epochs counts in parts of an epoch.")))
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
