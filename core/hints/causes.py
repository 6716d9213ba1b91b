"""What explains a symptom: by the settings, and by what the microscope measured.

Each function gives the numbers that belong into the sentence, or None where the cause is not there.
"""

from __future__ import annotations

import numpy as np

from core.architecture.plan import layers
from core.hints import remedies
from core.hints.inside import SATURATED_MANY, Lagging, faintest, worst_share
from core.hints.seen import Seen
from core.hints.symptoms import RISEN, Values, improving
from core.runs.progress import PROBE_SIZE
from core.settings import DEFAULT, DIGITS, TRAINING_IMAGES, NetworkSettings

FAR = 100
"""How many times signal or gradient may change between the first and the last hidden layer without a word."""
ALL_DEAD = 0.99
SHRUNK = 0.05
"""Of the size of a layer's first weights: what tells images apart is then as many times fainter behind it."""
HALF_DEAD = 0.5
DEEP = 5
"""Hidden layers from which on the change of an activation is a matter of first weights as well."""
LONGER = 2.0
"""Times a usual step from which on jumps are laid to it; at usual rates they are luck and pass."""
SMALL_BATCH, LARGE_BATCH = 8, 128
FEW_IMAGES = 2_000
"""Two hundred of each digit."""
HARDLY = 100
"""Steps below which not even usual settings need have left the guess line."""
YOUNG = 500
"""Steps in which the moving averages of batch normalisation, each with 0.99 of what it was (Keras), have
forgotten all but 0.7 % of their first values, and after which weights move less from step to step."""


def any_cause(seen: object) -> Values | None:
    """Nothing needs to be explained, or nothing explains it."""
    return {}


def rate_too_high(seen: Seen) -> Values | None:
    """Steps are too long, and at the usual rate would not be."""
    settings = seen.settings
    if not remedies.is_too_fast(settings) or remedies.is_too_fast(remedies.at_usual_rate(settings)):
        return None
    return _rate(seen)


def rate_too_low(seen: Seen) -> Values | None:
    """Steps are too short, and at the usual rate would not be."""
    settings = seen.settings
    if not remedies.is_too_slow(settings) or not remedies.is_paced(remedies.at_usual_rate(settings)):
        return None
    return _rate(seen)


def raw_pixels(seen: Seen) -> Values | None:
    """Steps are too long because pixels come from 0 to 255, and normalised they would not be."""
    settings = seen.settings
    if settings.data.normalization != "none" or not remedies.is_too_fast(settings):
        return None
    return None if remedies.is_too_fast(remedies.normalized(settings)) else {}


def only_rate_too_low(seen: Seen) -> Values | None:
    """Steps are too short, and the microscope shows nothing else that holds it up."""
    return None if vanishing(seen) or weak_start(seen) else rate_too_low(seen)


def badly_scaled(seen: Seen) -> Values | None:
    """Its images are not brought to mean 0 and deviation 1, and steps would be no shorter if they were."""
    settings = seen.settings
    if settings.data.normalization == DEFAULT.data.normalization or remedies.is_too_fast(settings):
        return None
    return {} if remedies.is_paced(remedies.normalized(settings)) else None


def too_fast_twice(seen: Seen) -> Values | None:
    """Steps are too long for more than one reason: neither the usual rate nor normal images would do."""
    settings = seen.settings
    calm = (remedies.at_usual_rate(settings), remedies.normalized(settings))
    if not all(remedies.is_too_fast(change) for change in (settings, *calm)):
        return None
    return {**_rate(seen), "times": remedies.pace(settings)}


def unfit_start(seen: Seen) -> Values | None:
    """Signals grow from layer to layer, or the first weights are not those that the activation wants."""
    settings = seen.settings
    return {"depth": len(settings.network.hidden)} if remedies.wants_other_start(settings) else None


def no_batch_normalization(seen: Seen) -> Values | None:
    """Many hidden layers, none of which batch normalisation keeps in order, and neither a rate nor a handful
    of steps that holds it up."""
    depth = len(seen.settings.network.hidden)
    is_told = remedies.is_too_slow(seen.settings) or hardly_begun(seen) is not None
    if depth < DEEP or _has_batch_normalization(seen) or is_told:
        return None
    return {"depth": depth}


def dead_layer(seen: Seen) -> Values | None:
    """A layer all of whose units answer 0 to all images of the probe batch."""
    worst = _worst(seen, "dead_share")
    return (
        {"layer": worst[0], "share": worst[1], "images": PROBE_SIZE}
        if worst and worst[1] >= ALL_DEAD
        else None
    )


def saturated_layer(seen: Seen) -> Values | None:
    """A layer most of whose outputs are at an end of sigmoid or tanh."""
    worst = _worst(seen, "saturated_share")
    return {"layer": worst[0], "share": worst[1]} if worst and worst[1] >= SATURATED_MANY else None


def vanishing(seen: Seen) -> Values | None:
    """Hardly any gradient comes back through the layers, and nothing keeps it up."""
    weakest = _weakest(seen)
    if weakest is None or weakest.ratio < FAR or _has_batch_normalization(seen):
        return None
    return {"layer": weakest.layer, "ratio": weakest.ratio, "depth": len(seen.settings.network.hidden)}


def weak_start(seen: Seen) -> Values | None:
    """What tells images apart has become faint behind the last hidden layer, before anything is learnt."""
    start = seen.first_layers
    if len(start) < 3 or _has_batch_normalization(seen):
        return None
    spread = start["output_spread"].to_numpy(float)[:-1]
    if not np.isfinite(spread).all() or spread[-1] * FAR > spread[0]:
        return None
    times = spread[0] / spread[-1] if spread[-1] else float("inf")
    return {"times": float(times), "depth": len(spread)}


def few_steps(seen: Seen) -> Values | None:
    """A large batch left it so few steps that their number is what it lacks."""
    batch = seen.settings.training.batch_size
    if batch < LARGE_BATCH or not 0 < seen.steps < remedies.SPARE_STEPS:
        return None
    return {"batch": batch, "steps": seen.steps, "usual": DEFAULT.training.batch_size}


def hardly_begun(seen: Seen) -> Values | None:
    """Few images and few epochs left it so few steps that nothing else can be told of it yet."""
    return {"steps": seen.steps} if 0 < seen.steps < HARDLY else None


def shrunk(seen: Seen) -> Values | None:
    """L2 has pulled the weights of a layer so near to 0 that its units answer alike, whatever they see."""
    l2 = seen.settings.training.l2
    if not l2 or len(seen.first_layers) < 2:
        return None
    first, newest = (rows["weight_rms"].to_numpy(float) for rows in (seen.first_layers, seen.newest_layers))
    shares = newest[:-1] / first[:-1]
    if not np.nanmin(shares) <= SHRUNK:
        return None
    worst = int(np.nanargmin(shares))
    smaller = float(1 / shares[worst]) if shares[worst] else float("inf")
    return {"layer": worst + 1, "smaller": smaller, "l2": l2}


def no_l2(seen: Seen) -> Values | None:
    """It climbs away from its best, on few images, and nothing pulls its weights towards 0."""
    is_few = seen.settings.data.train <= FEW_IMAGES
    return {} if is_few and not seen.settings.training.l2 and _climbs(seen) else None


def same_images(seen: Seen) -> Values | None:
    """It climbs away from its best, and sees the same images in each epoch."""
    return None if _changes_images(seen) or not _climbs(seen) else {}


def handicapped(seen: Seen) -> Values | None:
    """Training images are made harder to read than validation images: units left out, or images changed."""
    dropout = seen.settings.network.dropout
    return {"dropout": dropout} if dropout or _changes_images(seen) else None


def small_batch(seen: Seen) -> Values | None:
    """Each step follows so few images that it goes where the next one does not."""
    batch = seen.settings.training.batch_size
    return {"batch": batch, "usual": DEFAULT.training.batch_size} if batch <= SMALL_BATCH else None


def tiny_batch_alone(seen: Seen) -> Values | None:
    """Each step follows so few images, and nothing is wrong with the rate."""
    return small_batch(seen) if remedies.is_paced(seen.settings) else None


def long_steps(seen: Seen) -> Values | None:
    """Steps are longer than usual ones, if not much; deep networks jump for other reasons."""
    is_deep = len(seen.settings.network.hidden) >= DEEP
    return None if is_deep or remedies.pace(seen.settings) < LONGER else _rate(seen)


def bottleneck(seen: Seen) -> Values | None:
    """A layer with fewer units than half the digits, which everything has to pass."""
    hidden = seen.settings.network.hidden
    layer = min(narrow_layers(seen.settings.network), key=lambda number: hidden[number - 1], default=None)
    if layer is None or 2 * hidden[layer - 1] > DIGITS:
        return None
    return {"layer": layer, "width": hidden[layer - 1]}


def narrow_layers(network: NetworkSettings) -> list[int]:
    """Numbers, from 1, of hidden layers with fewer units than digits that no skip connection leads past."""
    narrow = [layer for layer, width in enumerate(network.hidden, start=1) if width < DIGITS]
    return [layer for layer in narrow if not _has_way_around(network, layer)]


def no_bend(seen: Seen) -> Values | None:
    """Hidden layers without a bend are worth no more than none."""
    network = seen.settings.network
    depth = len(network.hidden)
    return {"depth": depth} if 0 < depth < DEEP and network.activation == "linear" else None


def too_small(seen: Seen) -> Values | None:
    """No hidden layer, or none with many units; and no steps so short that those it has are not used yet."""
    hidden = seen.settings.network.hidden
    is_wide = any(width >= remedies.WIDE_ENOUGH / 2 for width in hidden)
    if is_wide or remedies.is_too_slow(seen.settings):
        return None
    return {"weights": seen.settings.network.weight_count(), "units": sum(hidden)}


def more_images(seen: Seen) -> Values | None:
    """At least as many more images are there to learn from."""
    data = seen.settings.data
    room = TRAINING_IMAGES - data.validation
    return {"train": data.train, "room": room} if 2 * data.train <= room else None


def few_images(seen: Seen) -> Values | None:
    """It learns from few images of the many that are there, and no moving averages make the gap."""
    is_few = seen.settings.data.train <= FEW_IMAGES and moving_averages(seen) is None
    return more_images(seen) if is_few else None


def several(seen: Seen) -> Values | None:
    """More than one thing holds it up, so that no single change can be told to free it."""
    found = [rate_too_low(seen), few_steps(seen), vanishing(seen) or weak_start(seen)]
    count = sum(cause is not None for cause in found)
    return {"count": count} if count > 1 else None


def moving_averages(seen: Seen) -> Values | None:
    """Batch normalisation validates with averages that are still on their way."""
    if not seen.settings.network.batch_normalization or not seen.settings.network.hidden:
        return None
    return {"steps": seen.steps} if seen.steps <= YOUNG else None


def unused_units(seen: Seen) -> Values | None:
    """A layer half of whose units answer 0 to all images of the probe batch."""
    worst = _worst(seen, "dead_share")
    if worst is None or worst[1] < HALF_DEAD:
        return None
    width = seen.settings.network.hidden[worst[0] - 1]
    return {"layer": worst[0], "share": worst[1], "units": round(worst[1] * width), "width": width}


def one_epoch(seen: Seen) -> Values | None:
    """There is no epoch before the last to compare it with."""
    return {} if seen.epochs == 1 else None


def settled_too_fast(seen: Seen) -> Values | None:
    """Steps are too long, after more than one epoch and with moving averages that have settled."""
    is_young = seen.epochs < 2 or moving_averages(seen) is not None
    return None if is_young else rate_too_high(seen)


def not_too_fast(seen: Seen) -> Values | None:
    """Its steps are not so long that what the last epochs brought is no promise."""
    return None if remedies.is_too_fast(seen.settings) else {}


def no_progress(seen: Seen) -> Values | None:
    """More epochs do not promise much."""
    return {} if improving(seen) is None else None


def begun_in_vain(seen: Seen) -> Values | None:
    """It has hardly begun, and as many epochs more do not promise much."""
    return None if no_progress(seen) is None else hardly_begun(seen)


def still_training(seen: Seen) -> Values | None:
    """More is to come."""
    return None if seen.has_ended else {}


def _rate(seen: Seen) -> Values:
    training = seen.settings.training
    usual = remedies.usual_rate(seen.settings)
    return {"rate": training.learning_rate, "usual": usual, "times": training.learning_rate / usual}


def _climbs(seen: Seen) -> bool:
    """Whether validation loss has risen since its best epoch without a jump: steps are not what is wrong."""
    since = seen.losses[int(seen.losses.argmin()) :]
    return bool((since[1:] < RISEN * since[:-1]).all())


def _changes_images(seen: Seen) -> bool:
    training = seen.settings.training
    return bool(training.shift or training.turn or training.thickness)


def _has_batch_normalization(seen: Seen) -> bool:
    return seen.settings.network.batch_normalization


def _worst(seen: Seen, measure: str) -> tuple[int, float] | None:
    return None if seen.layers.empty else worst_share(seen.layers, measure)


def _weakest(seen: Seen) -> Lagging | None:
    return None if seen.first_layers.empty else faintest(seen.first_layers)


def _has_way_around(network: NetworkSettings, number: int) -> bool:
    """Whether a skip connection leads from the image to the answers past this hidden layer, from 1."""
    reached: set[str] = set()
    for layer in layers(network):
        comes_in = not layer.inputs or reached.intersection(layer.inputs)
        if comes_in and layer.name != f"dense_{number}":
            reached.add(layer.name)
    return "output" in reached
