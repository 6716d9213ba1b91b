"""Whether what a rule without a remedy says is true, found out otherwise than the rule does."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from benchmarks.hint_lab import Lab
from core.dataset.mnist import load_mnist
from core.dataset.prepared import prepare
from core.hints.rules import Hint
from core.hints.seen import Seen
from core.reading.evaluation import wilson
from core.reading.exam import read_right
from core.runs.progress import PROBE_SIZE
from core.settings import Settings

Claim = Callable[[Lab, Seen, Hint], bool]
FREE = 0.3
"""Validation accuracy of a network that something has freed from the guess line."""


def _learnt_well(lab: Lab, seen: Seen, hint: Hint) -> bool:
    """Images that neither trained nor validated are read as well, as far as so many can tell."""
    mnist = load_mnist()
    right, count = read_right(lab.network(seen.settings), mnist.test_images, mnist.test_labels)
    return bool(wilson(right, count)[1] > hint.values["accuracy"] - 0.01)


def _more_changes_little(lab: Lab, seen: Seen, hint: Hint) -> bool:
    """Trained twice as long, its interval still holds what it came to before."""
    longer = lab.run(seen.settings.change(epochs=2 * seen.settings.training.epochs))
    low, high = wilson(round(longer.accuracy * longer.images), longer.images)
    return bool(low <= hint.values["accuracy"] + (high - low) / 2)


def _reads_its_own_as_well(lab: Lab, seen: Seen, hint: Hint) -> bool:
    """The same weights, asked alike, read their own training images no worse than the others."""
    data = prepare(seen.settings.data)
    right, count = read_right(lab.network(seen.settings), data.images, data.labels)
    return bool(wilson(right, count)[1] >= hint.values["accuracy"])


def _gap_closes(lab: Lab, seen: Seen, hint: Hint) -> bool:
    """Trained on until the averages have settled, less than half of the gap is left."""
    longer = lab.run(seen.settings.change(epochs=8 * seen.settings.training.epochs))
    return longer.training_accuracy - longer.accuracy < float(hint.values["gap"]) / 2


def _answer_to_nothing(lab: Lab, seen: Seen, hint: Hint) -> bool:
    """In NumPy, as many units of the layer are 0 for the first training images, but one."""
    outputs = lab.network(seen.settings).outputs(prepare(seen.settings.data).images[:PROBE_SIZE])
    layer = [values for name, values in outputs.items() if name.endswith(f"_{hint.values['layer']}")][-1]
    return abs(int((layer <= 0).all(axis=0).sum()) - int(hint.values["units"])) <= 1


def _nothing_alone_frees_it(lab: Lab, seen: Seen, hint: Hint) -> bool:
    """The usual rate, small batches, other first weights: none of them alone does."""
    settings = seen.settings
    alone: list[Settings] = [
        settings.change(learning_rate=0.01 if settings.training.optimizer in ("sgd", "momentum") else 0.001),
        settings.change(batch_size=32),
        settings.change(initializer="he"),
    ]
    return all(lab.run(other).accuracy < FREE for other in alone if other != settings)


def _still_guesses(lab: Lab, seen: Seen, hint: Hint) -> bool:
    """Of images that neither trained nor validated it reads no more than a guesser may by luck."""
    mnist = load_mnist()
    right, count = read_right(lab.network(seen.settings), mnist.test_images, mnist.test_labels)
    return bool(wilson(right, count)[0] <= np.bincount(mnist.test_labels).max() / count)


def _goes_on_learning(lab: Lab, seen: Seen, hint: Hint) -> bool:
    """What was said of it half-way holds at its end, for images that neither trained nor validated."""
    return seen.status != "diverged" and not _still_guesses(lab, seen, hint)


def _has_learnt_little(lab: Lab, seen: Seen, hint: Hint) -> bool:
    """For images that neither trained nor validated, to the right digit it gives less than one in three."""
    mnist = load_mnist()
    given = lab.network(seen.settings).probabilities(mnist.test_images)
    right = given[np.arange(len(given)), mnist.test_labels]
    return bool(np.exp(np.log(np.maximum(right, np.finfo(float).tiny)).mean()) < 1 / 3)


CLAIMS: Mapping[str, Claim] = {
    "well": _learnt_well,
    "learning": _goes_on_learning,
    "levelled-off": _more_changes_little,
    "averages": _gap_closes,
    "handicap": _reads_its_own_as_well,
    "running-average": _reads_its_own_as_well,
    "unused-units": _answer_to_nothing,
    "stuck-several": _nothing_alone_frees_it,
    "stuck-unknown": _still_guesses,
    "slow-unknown": _has_learnt_little,
}
"""Rule → its check."""
