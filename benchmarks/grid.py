"""The lab against the same epoch as one compiled loop, and against ``model.fit``, in 30 settings.

All train whole epochs of 55,000 images: what an epoch costs beside its steps, as validation and the record,
is measured as a class meets it. Whoever is measured has the same remedies.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from benchmarks.turns import rounds
from core.choices.activations import ACTIVATIONS
from core.choices.optimizers import OPTIMIZERS
from core.settings import DEFAULT, PRESETS, Settings

ROUNDS = 5
USUAL = {code: {"optimizer": code, "learning_rate": row.usual_rate} for code, row in OPTIMIZERS.items()}
TWENTY = PRESETS["twenty-layer"]
FIFTY = {"hidden": (100,) * 50, "batch_normalization": True, "residual": True, "gradient_clipping": 1.0}

MOVED: dict[str, Any] = {"shift": 2.0, "turn": 10.0, "thickness": 0.5}
COSINE: dict[str, Any] = {"schedule": "cosine", "warm_up": 0.5}
REMEDIES: Mapping[str, dict[str, Any]] = {
    "dropout": {"dropout": 0.2},
    "L2": {"l2": 0.0001},
    "label smoothing": {"label_smoothing": 0.1},
    "images moved, turned, other pens": MOVED,
    "cosine with warm-up": COSINE,
    "every remedy": {"dropout": 0.2, "l2": 0.0001, "label_smoothing": 0.1, **MOVED, **COSINE},
}

GRID: Mapping[str, Settings] = {
    "softmax": DEFAULT.change(hidden=()),
    "three-layer": DEFAULT,
    "twenty-layer": TWENTY,
    **{f"three-layer, {code}": DEFAULT.change(activation=code) for code in ACTIVATIONS if code != "relu"},
    **{f"three-layer, {code}": DEFAULT.change(**USUAL[code]) for code in OPTIMIZERS if code != "sgd"},
    "three-layer, squared error": DEFAULT.change(loss="squared-error"),
    "two layers of 1,000": DEFAULT.change(hidden=(1_000, 1_000)),
    "batches of 8": DEFAULT.change(batch_size=8),
    "batches of 1,024": DEFAULT.change(batch_size=1_024),
    "twenty-layer, skips, clipping": TWENTY.change(residual=True, gradient_clipping=1.0),
    "twenty-layer, batch normalisation, Adam": TWENTY.change(batch_normalization=True, **USUAL["adam"]),
    "fifty layers with everything": DEFAULT.change(**FIFTY, **USUAL["nadam"]),
    **{f"three-layer, {name}": DEFAULT.change(**change) for name, change in REMEDIES.items()},
}
"""Name → settings."""

GOALS = {
    "grid.ratio_to_compiled.median": "at most 1.15",
    "grid.ratio_to_compiled.worst": "at most 1.30",
    "grid.ratio_to_fit.median": "at least 3.5",
    "grid.ratio_to_fit.worst": "at least 2.1",
}


def measure(count: int = ROUNDS) -> list[dict[str, Any]]:
    """One row a setting: its name, images, median seconds by contender, ratios; prints what it is at."""
    names = ["lab", "compiled-loop", "report-script", *(["jax-scan"] if find_spec("jax") else [])]
    rows = []
    for number, (name, settings) in enumerate(GRID.items(), start=1):
        print(f"{number} of {len(GRID)}: {name} …", flush=True)
        rows.append({"name": name, "images": settings.data.train} | compare(rounds(settings, names, count)))
    return rows


def compare(measured: Sequence[Mapping[str, float]]) -> dict[str, Any]:
    """Median seconds by contender, and medians of each round's ratios: what disturbs a round meets all."""
    middle = statistics.median
    seconds = {name: middle(each[name] for each in measured) for name in measured[0]}
    found: dict[str, Any] = {
        "seconds": seconds,
        "ratio_to_compiled": middle(each["lab"] / each["compiled-loop"] for each in measured),
        "ratio_to_fit": middle(each["report-script"] / each["lab"] for each in measured),
    }
    if "jax-scan" in seconds:
        found["ratio_to_scan"] = middle(each["lab"] / each["jax-scan"] for each in measured)
    return found


def summary(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Median and worst of each ratio, by name."""
    found: dict[str, float] = {}
    for ratio, worst in (("ratio_to_compiled", max), ("ratio_to_scan", max), ("ratio_to_fit", min)):
        values = [row[ratio] for row in rows if ratio in row]
        if values:
            found |= {f"grid.{ratio}.median": statistics.median(values), f"grid.{ratio}.worst": worst(values)}
    return found


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """All of it in Markdown."""
    contenders = list(rows[0]["seconds"])
    ratios = [name for name in ("ratio_to_compiled", "ratio_to_scan", "ratio_to_fit") if name in rows[0]]
    head = ["setting", "images", *(f"{name}, s" for name in contenders), *ratios]
    lines = ["| " + " | ".join(head) + " |", "| --- " * len(head) + "|"]
    for row in rows:
        cells = [row["name"], f"{row['images']:,}"]
        cells += [f"{row['seconds'][name]:.2f}" for name in contenders]
        cells += [f"{row[ratio]:.2f}" for ratio in ratios]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
