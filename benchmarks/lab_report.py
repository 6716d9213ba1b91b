"""The report's experiments, run by the lab: ``python -m benchmarks.lab_report [--epochs N] [--json FILE]``.

Both go the way of a learner's runs: settings → engine → workers → store, weights read by the NumPy forward
computation. Printed beside the published figures.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import pandas as pd

from core.architecture.plan import parameter_count
from core.cluster.engine import Engine
from core.dataset.mnist import load_mnist
from core.reading.evaluation import evaluate
from core.reading.trained_network import TrainedNetwork
from core.record.store import Store
from core.runs.published import PUBLISHED
from core.settings import PRESETS

FIGURES = ("loss", "accuracy", "val_loss", "val_accuracy")


def epochs_of(store: Store, run_id: str) -> list[dict[str, float]]:
    """loss, accuracy, val_loss, val_accuracy and seconds of each finished epoch."""
    points = store.curves.points(run_id)
    ends = points[(points["step"] > 0) & points["val_loss"].notna()]
    seconds = ends["seconds"].diff().fillna(ends["seconds"])
    table = pd.DataFrame(
        {
            "loss": ends["epoch_loss"],
            "accuracy": ends["epoch_accuracy"],
            "val_loss": ends["val_loss"],
            "val_accuracy": ends["val_accuracy"],
            "seconds": seconds,
        }
    )
    return [{str(name): float(value) for name, value in row.items()} for row in table.to_dict("records")]


def wait_for(store: Store, runs: dict[str, str]) -> None:
    """Print every epoch as it ends, until all runs ended. Raises SystemExit if one did not finish."""
    printed = dict.fromkeys(runs, 0)
    while True:
        alive = False
        for name, run_id in runs.items():
            run = store.runs.get(run_id)
            alive = alive or run.unfinished
            for number, epoch in enumerate(epochs_of(store, run_id)[printed[name] :], printed[name] + 1):
                figures = "  ".join(f"{figure} {epoch[figure]:.4f}" for figure in FIGURES)
                print(f"{name:12}  epoch {number:2}  {figures}  {epoch['seconds']:.2f} s", flush=True)
                printed[name] = number
            if run.status in ("failed", "diverged", "stopped"):
                raise SystemExit(f"{name}: {run.status}. {run.message or ''}")
        if not alive:
            return
        time.sleep(0.5)


def result_of(store: Store, name: str, run_id: str) -> dict[str, Any]:
    """What one experiment came to."""
    run, weights, mnist = store.runs.get(run_id), store.curves.weights(run_id), load_mnist()
    assert weights is not None
    assert run.normalization is not None
    network = TrainedNetwork(run.settings.network, weights, run.normalization)
    test = evaluate(network.scores(mnist.test_images), mnist.test_labels)
    return {
        "name": name,
        "parameters": parameter_count(run.settings.network),
        "epochs": epochs_of(store, run_id),
        "test_loss": test.loss,
        "test_accuracy": test.accuracy,
    }


def table_of(result: dict[str, Any]) -> str:
    """The figures beside the published ones, as Markdown."""
    published = PUBLISHED[result["name"]]
    lines = [
        f"{result['name']}: {result['parameters']:,} parameters (published {published.parameters:,})",
        "| epoch | " + " | ".join(f"{name} (published)" for name in FIGURES) + " | seconds |",
        "| --- " * 6 + "|",
    ]
    rows = published.epochs.to_dict("records")
    for number, epoch in enumerate(result["epochs"], start=1):
        known = rows[number - 1] if number <= len(rows) else None
        cells = [f"{epoch[n]:.4f} ({known[n]:.4f})" if known else f"{epoch[n]:.4f}" for n in FIGURES]
        lines.append(f"| {number} | " + " | ".join(cells) + f" | {epoch['seconds']:.2f} |")
    lines.append(
        f"test: loss {result['test_loss']:.4f} ({published.test_loss:.4f}), "
        f"accuracy {result['test_accuracy']:.4f} ({published.test_accuracy:.4f})"
    )
    return "\n".join(lines)


def main() -> None:
    """Run both, print both, and write the JSON file if one is wanted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        store = Store(f"sqlite:///{(Path(folder) / 'report.sqlite').as_posix()}")
        with Engine(store) as engine:
            runs = {
                name: engine.submit("the report", settings.change(epochs=options.epochs))
                for name, settings in PRESETS.items()
            }
            wait_for(store, runs)
        results = [result_of(store, name, run_id) for name, run_id in runs.items()]
        store.close()
    for result in results:
        print("\n" + table_of(result))
    if options.json:
        options.json.write_text(json.dumps(results, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
