"""The tables of a run's report: settings, normalisation, layers, epochs. Texts only, no markup."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from core.architecture.plan import layers, parameter_count
from core.dataset.normalization import Normalization
from core.runs.run import Run
from core.settings import DEFAULT, PARAMETERS, NetworkSettings
from dashboard.language import _, names

MOST_EPOCH_ROWS = 12
MOST_LAYER_ROWS = 7
"""With more, the page would not fit on one sheet of A4."""

Row = tuple[str, ...]


@dataclass(frozen=True)
class Box:
    """A table under a heading, with a sentence below it."""

    title: str
    rows: Sequence[Row]
    sentence: str = ""


UNUSUAL = (
    *("dropout", "l2", "label_smoothing", "shift", "turn", "thickness", "patience", "keep_best"),
    *("schedule", "drop_every", "drop_to", "warm_up", "rate_changes"),
)
"""Settings that do nothing as long as nobody changes them, and are named where somebody did."""


def settings(run: Run) -> list[Box]:
    """What was asked for: a table for each part of the experiment."""
    parts: dict[str, list[Row]] = {"data": [], "network": [], "training": []}
    for parameter in PARAMETERS:
        if parameter.name in UNUSUAL and parameter.get(run.settings) == parameter.get(DEFAULT):
            continue
        # A run that was continued has more epochs than its settings asked for.
        content = run.epochs if parameter.name == "epochs" else parameter.get(run.settings)
        parts[parameter.part].append((names.setting(parameter.name), names.value(parameter.name, content)))
    titles = {"data": _("Data"), "network": _("Network"), "training": _("Training")}
    return [Box(title, parts[part]) for part, title in titles.items()]


def in_numbers(normalization: Normalization | None) -> Box:
    """The normalisation's numbers before and after; None: not fitted yet."""
    title = _("Normalisation, in numbers")
    if normalization is None:
        return Box(title, [], _("Fitted when training begins."))
    before, after = normalization.fitted, normalization.describe()
    measures = (
        (_("mean"), before.mean, after.mean),
        (_("standard deviation"), before.standard_deviation, after.standard_deviation),
        (_("smallest"), before.minimum, after.minimum),
        (_("largest"), before.maximum, after.maximum),
    )
    return Box(
        title,
        [
            ("", _("before"), _("after")),
            *((name, f"{old:.4f}", f"{new + 0.0:.4f}") for name, old, new in measures),
        ],
        _(
            "Every pixel x becomes (x − {offset:.4f}) / {scale:.4f}, fitted on the {count:,} training images "
            "only."
        ).format(offset=normalization.offset, scale=normalization.scale, count=normalization.images),
    )


def layer_sizes(network: NetworkSettings) -> Box:
    """The arithmetic of each kind of layer; of many kinds the first and the last."""
    alike = Counter((layer.kind, layer.arithmetic) for layer in layers(network) if layer.parameters)
    rows = [
        (_layer_name(kind, network.activation), f"{count} × ({text})" if count > 1 else text)
        for (kind, text), count in alike.items()
    ]
    if len(rows) > MOST_LAYER_ROWS:
        left_out = len(rows) - MOST_LAYER_ROWS + 1
        more = _("… and {count} more kinds of layer").format(count=left_out)
        rows = [*rows[: MOST_LAYER_ROWS - 2], (more, ""), rows[-1]]
    total = _("{count:,} parameters in all.").format(count=parameter_count(network))
    return Box(_("Layers"), rows, total)


def _layer_name(kind: str, activation: str) -> str:
    if kind == "output":
        return _("Output, softmax")
    if kind == "batch-normalization":
        return _("Batch normalisation")
    return _("Dense, {activation}").format(activation=names.activation(activation))


def epochs(points: pd.DataFrame) -> Box:
    """The figures at epoch ends; of many epochs, evenly chosen ones with the last among them."""
    ends = points.dropna(subset=["epoch_loss", "val_loss"]).iloc[::-1]
    stride = -(-len(ends) // MOST_EPOCH_ROWS) or 1
    chosen = ends.iloc[::stride].iloc[::-1]
    head = (_("epoch"), _("loss"), _("accuracy"), _("val. loss"), _("val. accuracy"))
    columns = ["epoch_loss", "epoch_accuracy", "val_loss", "val_accuracy"]
    rows = [
        (f"{end['epoch']:.0f}", *(f"{end[name]:.4f}" for name in columns))
        for _index, end in chosen.iterrows()
    ]
    return Box(_("Epochs"), [head, *rows])
