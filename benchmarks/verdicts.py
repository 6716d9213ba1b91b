"""How often verdicts are wrong, and what they find: ``python -m benchmarks.verdicts [--json FILE]``.

Simulated: accuracies of two settings, drawn from one normal distribution (any verdict is then a false one)
or from two that lie 1, 2 or 3 standard deviations apart; with other seeds for each, or with the same seeds,
which moves both up and down together. Beside the lab's verdict stands the rule it had before: two bands, from
the worst run to the best, that do not touch. Trained: the three-layer network on 2,000 images at the learning
rates 0.010 and 0.012, with the same twelve seeds; and what is said of every choice of eight of them.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from core.runs.progress import Checkpoint, Point, Snapshot
from core.settings import PRESETS
from core.study.standing import Contender, Trial
from core.study.verdict import judge

APART = (0, 1, 2, 3)
"""Distances of the two means, in standard deviations of one run."""
SPREAD = 0.002
"""Standard deviation of one run's accuracy; figures are multiples of one of 5,000 images."""
TOGETHER: dict[str, float | None] = {"other seeds": None, "same seeds, 0.5": 0.5, "same seeds, 0.9": 0.9}
"""Correlation of two runs with the same seed; None: the sides share no seed."""
RATES = (0.010, 0.012)
SEEDS, DRAWN = 12, 8
FALSE_TRIALS = 5
"""So many times the trials where nothing differs: a share near one in twenty is to be told from it."""
IMAGES, EPOCHS = 2_000, 5


def contender(accuracies: Sequence[float], first_seed: int = 0) -> Contender:
    """One experiment whose runs have one epoch and these accuracies; NaN is a run that diverged."""
    return Contender.of(
        PRESETS["three-layer"],
        [
            Trial(first_seed + seed, "diverged", 1, {})
            if math.isnan(accuracy)
            else Trial(first_seed + seed, "finished", 1, {1: accuracy})
            for seed, accuracy in enumerate(accuracies)
        ],
    )


def draw(random: np.random.Generator, sides: int, seeds: int, together: float | None) -> list[list[float]]:
    """Accuracies of so many sides, a figure a seed, all with the same mean."""
    share = together or 0.0
    common, own = random.normal(size=seeds), random.normal(size=(sides, seeds))
    deviations = math.sqrt(share) * common + math.sqrt(1 - share) * own
    accuracies: list[list[float]] = (np.round((0.95 + SPREAD * deviations) * 5_000) / 5_000).tolist()
    return accuracies


def bands_apart(first: Sequence[float], second: Sequence[float]) -> bool:
    """The rule before: the bands do not touch, and chance parts so many runs in fewer than 1 of 20 cases."""
    touch = min(first) <= max(second) and min(second) <= max(first)
    return not touch and 2 / math.comb(len(first) + len(second), len(first)) < 0.05


def is_found(sides: Sequence[Sequence[float]], together: float | None) -> bool:
    """Whether any two sides are said to differ by more than luck."""
    contenders = [
        contender(side, first_seed=1_000 * place * (together is None)) for place, side in enumerate(sides)
    ]
    return any(pair.kind in ("clear", "slight") for pair in judge(contenders).pairs)


def power(random: np.random.Generator, trials: int, seeds: int, together: float | None) -> dict[str, Any]:
    """Shares of trials in which a difference is said to be more than luck, for every distance."""
    found: dict[str, Any] = {"lab": [], "bands": []}
    for apart in APART:
        count = trials if apart else FALSE_TRIALS * trials
        lab = bands = 0
        for _trial in range(count):
            first, second = draw(random, 2, seeds, together)
            second = [accuracy + apart * SPREAD for accuracy in second]
            lab += is_found([first, second], together)
            bands += bands_apart(first, second)
        found["lab"].append(lab / count)
        found["bands"].append(bands / count)
    return found


def several(random: np.random.Generator, trials: int, sides: int) -> float:
    """How often any two of so many equal sides are said to differ, with eight shared seeds."""
    return sum(is_found(draw(random, sides, DRAWN, 0.5), 0.5) for _trial in range(trials)) / trials


def diverging(random: np.random.Generator, trials: int) -> float:
    """How often two sides are said to differ that both diverge with three of ten seeds, by chance."""
    wrong = 0
    for _trial in range(trials):
        both = draw(random, 2, DRAWN, 0.5)
        broken = [[math.nan if random.random() < 0.3 else value for value in side] for side in both]
        wrong += is_found(broken, 0.5)
    return wrong / trials


class Curve:
    """Keeps the validation accuracy after each epoch."""

    def __init__(self) -> None:
        self.accuracies: dict[int, float] = {}

    def record(
        self, points: Sequence[Point], checkpoint: Checkpoint | None, snapshot: Snapshot | None
    ) -> bool:
        """Take what is new, and let the run go on."""
        for point in points:
            if point.val_accuracy is not None and point.epoch:
                self.accuracies[round(point.epoch)] = point.val_accuracy
        return True


def trained(rate: float) -> Contender:
    """The three-layer network at one learning rate, with twelve seeds."""
    from core.network import training  # only here: the simulation needs no TensorFlow

    settings = PRESETS["three-layer"].change(train=IMAGES, epochs=EPOCHS, learning_rate=rate)
    trials = []
    for seed in range(SEEDS):
        curve = Curve()
        training.train(settings.change(seed=seed), recorder=curve, microscope=False)
        trials.append(Trial(seed, "finished", EPOCHS, curve.accuracies))
    return Contender.of(settings, trials)


def rates_told_apart() -> dict[str, Any]:
    """In which share of all choices of eight of the twelve seeds the higher rate is said to be better."""
    from core.network import training

    training.use_one_thread()
    started = time.perf_counter()
    slower, faster = map(trained, RATES)
    (whole,) = judge([slower, faster]).pairs
    told, bands, draws = 0, 0, list(combinations(range(SEEDS), DRAWN))
    for chosen in draws:
        sides = [Contender.of(s.settings, [s.trials[seed] for seed in chosen]) for s in (slower, faster)]
        (pair,) = judge(sides).pairs
        told += pair.kind in ("clear", "slight") and pair.ahead == 1
        bands += bands_apart(*([one.accuracies[EPOCHS] for one in side.trials] for side in sides))
    return {
        "better_seeds": whole.wins if whole.ahead == 1 else whole.shared - whole.wins,
        "seeds": SEEDS,
        "difference": whole.difference,
        "image_error": whole.image_error,
        "chance": whole.luck.share,
        "draws": len(draws),
        "found": told / len(draws),
        "found_by_bands": bands / len(draws),
        "seconds": time.perf_counter() - started,
    }


def measure(trials: int) -> dict[str, Any]:
    """Everything, simulated and trained."""
    random = np.random.default_rng(0)
    simulated = {
        f"{name}, {seeds} seeds": power(random, trials, seeds, together)
        for seeds in (5, DRAWN)
        for name, together in TOGETHER.items()
    }
    families = {str(sides): several(random, trials, sides) for sides in (3, 4)}
    false = [cell["lab"][0] for cell in simulated.values()]
    broken = diverging(random, trials)
    return {
        "trials": trials,
        "power": simulated,
        "false_positives": {
            "worst": max(*false, *families.values(), broken),
            "standard_error": math.sqrt(0.05 * 0.95 / (FALSE_TRIALS * trials)),
            "of_any_pair": families,
            "with_divergence": broken,
        },
        "rates": rates_told_apart(),
    }


def show(found: dict[str, Any]) -> None:
    """Print a table."""
    print(
        f"Said to be more than luck, in % of {found['trials']:,} trials: this lab / bands that do not touch"
    )
    print(f"{'':28}" + "".join(f"{f'{apart} SD apart':>16}" for apart in APART))
    for name, cell in found["power"].items():
        pairs = zip(cell["lab"], cell["bands"], strict=True)
        print(f"{name:28}" + "".join(f"{100 * lab:9.1f} /{100 * bands:5.1f}" for lab, bands in pairs))
    false, rates = found["false_positives"], found["rates"]
    families = ", ".join(f"{share:.1%} of {sides} settings" for sides, share in false["of_any_pair"].items())
    print(f"Any two of several equal settings, {DRAWN} seeds: {families}")
    print(f"Two equal settings of which runs diverge: {false['with_divergence']:.1%}")
    print(f"False positives: at most {false['worst']:.1%} ± {false['standard_error']:.1%}")
    print(
        f"Rate {RATES[1]} against {RATES[0]}, {IMAGES:,} images, {EPOCHS} epochs: better with "
        f"{rates['better_seeds']} of {rates['seeds']} seeds, by {100 * rates['difference']:.2f} points; "
        f"found with {DRAWN} seeds in {rates['found']:.1%} of {rates['draws']} draws "
        f"(bands {rates['found_by_bands']:.1%}); {rates['seconds']:.0f} s"
    )


def main() -> None:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trials", type=int, default=2_000)
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    found = measure(options.trials)
    show(found)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
