"""How fast one epoch is, against others: ``python -m benchmarks.speed [--epochs N] [--json FILE]``.

Every contender (``benchmarks.contenders``) is a process of its own. They take turns, one epoch each, so that
whatever else the machine does meets them all; what counts is the median after an epoch of warming up. Then as
many runs as there are cores train at once. PyTorch and JAX take part where they are installed.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

import psutil

from benchmarks.contenders import CONTENDERS, NEEDS
from core.runs.progress import steps_per_epoch
from core.settings import PRESETS

ROOT = Path(__file__).resolve().parent.parent
GOALS = {
    "three-layer.ratio_to_report_script": "at least 3.0",
    "twenty-layer.ratio_to_report_script": "at least 2.2",
    "three-layer.ratio_to_scan": "at most 1.35",
    "twenty-layer.ratio_to_scan": "at most 1.35",
    "three-layer.recording": "at most 1.10",
    "twenty-layer.recording": "at most 1.10",
    "three-layer.microscope": "at most 1.05",
    "twenty-layer.microscope": "at most 1.05",
    "parallel.slowdown": "at most 1.15",
}


class Contender:
    """A process that trains an epoch when it is asked to."""

    def __init__(self, process: subprocess.Popen[str], name: str) -> None:
        self._process = process
        self._name = name
        self._has_begun = False

    def epoch(self) -> float:
        """Seconds of the next epoch; the first call also waits for the start."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if self._has_begun:
            self._process.stdin.write("\n")
            self._process.stdin.flush()
        self._has_begun = True
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self._name} ended before its epoch was done.")
        return float(line)


@contextmanager
def contender(name: str, network: str) -> Iterator[Contender]:
    """Start a contender, and end it afterwards by closing its input."""
    command = [sys.executable, "-m", "benchmarks.contenders", name, network]
    with subprocess.Popen(
        command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        yield Contender(process, name)


def take_turns(network: str, names: Sequence[str], epochs: int) -> dict[str, float]:
    """Median seconds an epoch of each contender, one at a time."""
    with ExitStack() as stack:
        contenders = {name: stack.enter_context(contender(name, network)) for name in names}
        for each in contenders.values():
            each.epoch()
        rounds = [{name: each.epoch() for name, each in contenders.items()} for _ in range(epochs)]
    return {name: statistics.median(seconds[name] for seconds in rounds) for name in names}


def train_side_by_side(network: str, count: int, epochs: int) -> tuple[float, float]:
    """Median seconds an epoch of the lab alone, and of ``count`` runs at once; alternating."""
    alone: list[float] = []
    together: list[float] = []
    with ExitStack() as stack, ThreadPoolExecutor(count) as pool:
        runs = [stack.enter_context(contender("lab", network)) for _ in range(count)]
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
    }
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
    parser.add_argument("--epochs", type=int, default=7, help="measured epochs of each contender")
    parser.add_argument("--json", type=Path, help="where to write the seconds and the ratios")
    options = parser.parse_args()
    seconds, found = measure(options.epochs)
    print("\n| seconds an epoch | " + " | ".join(seconds) + " |\n" + "| --- " * (len(seconds) + 1) + "|")
    for name in seconds["three-layer"]:
        print(f"| {name} | " + " | ".join(f"{seconds[network][name]:.2f}" for network in seconds) + " |")
    print("\n| figure | measured | goal |\n| --- | --- | --- |")
    for name, value in found.items():
        print(f"| {name} | {value:.2f} | {GOALS.get(name, '')} |")
    for name, module in NEEDS.items():
        if name not in seconds["three-layer"]:
            print(f"{name} did not take part: {module} is not installed.")
    if options.json:
        document = {"epochs": options.epochs, "seconds": seconds, **found}
        options.json.write_text(json.dumps(document, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
