"""How fast one epoch is, against others: ``python -m benchmarks.speed [--grid] [--epochs N] [--json FILE]``.

Every contender (``benchmarks.contenders``) is a process of its own. They take turns, one epoch each, so that
whatever else the machine does meets them all; what counts is the median after an epoch of warming up. Then as
many runs as there are cores train at once. PyTorch and JAX take part where they are installed.

``--grid`` asks the same of 30 settings, against one compiled loop and ``model.fit`` (``benchmarks.grid``).
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil

from benchmarks import grid
from benchmarks.contenders import CONTENDERS, NEEDS
from benchmarks.turns import Contender, contender, rounds
from core.runs.progress import steps_per_epoch
from core.settings import PRESETS

GOALS = {
    "three-layer.ratio_to_report_script": "at least 3.0",
    "twenty-layer.ratio_to_report_script": "at least 2.2",
    "three-layer.ratio_to_compiled": "at most 1.10",
    "twenty-layer.ratio_to_compiled": "at most 1.10",
    "three-layer.ratio_to_scan": "at most 1.35",
    "twenty-layer.ratio_to_scan": "at most 1.35",
    "three-layer.recording": "at most 1.10",
    "twenty-layer.recording": "at most 1.10",
    "three-layer.microscope": "at most 1.05",
    "twenty-layer.microscope": "at most 1.05",
    "parallel.slowdown": "at most 1.15",
}


def take_turns(network: str, names: Sequence[str], epochs: int) -> dict[str, float]:
    """Median seconds an epoch of each contender, one at a time."""
    measured = rounds(PRESETS[network], names, epochs)
    return {name: statistics.median(seconds[name] for seconds in measured) for name in names}


def train_side_by_side(network: str, count: int, epochs: int) -> tuple[float, float]:
    """Median seconds an epoch of the lab alone, and of ``count`` runs at once; alternating."""
    alone: list[float] = []
    together: list[float] = []
    with ExitStack() as stack, ThreadPoolExecutor(count) as pool:
        runs = [stack.enter_context(contender("lab", PRESETS[network])) for _ in range(count)]
        for run in runs:
            run.epoch()
        for _ in range(epochs):
            alone.append(runs[0].epoch())
            together += pool.map(Contender.epoch, runs)
    return statistics.median(alone), statistics.median(together)


def ratios(network: str, seconds: dict[str, float]) -> dict[str, float]:
    """What the seconds of one network come to, by name."""
    found = {
        f"{network}.ratio_to_report_script": seconds["report-script"] / seconds["lab"],
        f"{network}.recording": seconds["lab"] / seconds["lab-without-record"],
        f"{network}.microscope": seconds["lab"] / seconds["lab-without-microscope"],
        f"{network}.answers": seconds["lab"] / seconds["lab-without-answers"],
    }
    found[f"{network}.ratio_to_compiled"] = seconds["lab"] / seconds["compiled-loop"]
    if "jax-scan" in seconds:
        found[f"{network}.ratio_to_scan"] = seconds["lab"] / seconds["jax-scan"]
    if "torch-eager" in seconds:
        found[f"{network}.ratio_to_torch"] = seconds["torch-eager"] / seconds["lab"]
    return found


def measure(epochs: int) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
    """Seconds by network and contender, and all ratios by name; prints what it is at."""
    names = [name for name in CONTENDERS if name not in NEEDS or find_spec(NEEDS[name])]
    seconds: dict[str, dict[str, float]] = {}
    found: dict[str, float] = {}
    for network in PRESETS:
        print(f"{network}: {', '.join(names)}, {epochs} epochs each …", flush=True)
        seconds[network] = take_turns(network, names, epochs)
        found |= ratios(network, seconds[network])
    cores = psutil.cpu_count() or 1
    print(f"{cores} runs of three-layer at once, {epochs} epochs each …", flush=True)
    alone, together = train_side_by_side("three-layer", cores, epochs)
    training = PRESETS["three-layer"].training
    steps = steps_per_epoch(PRESETS["three-layer"].data.train, training.batch_size)
    found |= {
        "parallel.runs": cores,
        "parallel.slowdown": together / alone,
        "parallel.steps_per_second": cores * steps / together,
    }
    return seconds, found


def main() -> None:
    """Measure, print the tables, and write the JSON file if one is wanted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--grid", action="store_true", help="30 settings instead of the two presets")
    parser.add_argument(
        "--epochs", type=int, help="measured epochs of each contender; usually 7, in the grid 5"
    )
    parser.add_argument("--json", type=Path, help="where to write the seconds and the ratios")
    options = parser.parse_args()
    document = over_the_grid(options.epochs or 5) if options.grid else of_presets(options.epochs or 7)
    if options.json:
        options.json.write_text(json.dumps(document, indent=2), encoding="utf-8")


def of_presets(epochs: int) -> dict[str, Any]:
    """Measure and print the two presets; all of it for the JSON file."""
    seconds, found = measure(epochs)
    print("\n| seconds an epoch | " + " | ".join(seconds) + " |\n" + "| --- " * (len(seconds) + 1) + "|")
    for name in seconds["three-layer"]:
        print(f"| {name} | " + " | ".join(f"{seconds[network][name]:.2f}" for network in seconds) + " |")
    print_figures(found, GOALS)
    for name, module in NEEDS.items():
        if name not in seconds["three-layer"]:
            print(f"{name} did not take part: {module} is not installed.")
    return {"epochs": epochs, "seconds": seconds, **found}


def over_the_grid(epochs: int) -> dict[str, Any]:
    """Measure and print the 30 settings; all of it for the JSON file."""
    rows = grid.measure(epochs)
    print("\n" + grid.table(rows))
    found = grid.summary(rows)
    print_figures(found, grid.GOALS)
    return {"epochs": epochs, "grid.settings": rows, **found}


def print_figures(found: Mapping[str, float], goals: Mapping[str, str]) -> None:
    """A table of what was found beside what was wanted."""
    print("\n| figure | measured | goal |\n| --- | --- | --- |")
    for name, value in found.items():
        print(f"| {name} | {value:.2f} | {goals.get(name, '')} |")


if __name__ == "__main__":
    main()
