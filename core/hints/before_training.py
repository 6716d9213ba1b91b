"""What about an experiment deserves a word before it trains: true things a learner may not expect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.architecture.plan import layers
from core.choices.activations import ACTIVATIONS_TABLE, initializer_for
from core.settings import DIGITS, NetworkSettings

DEEP = 5
"""Hidden layers from which on a weakening by each layer shows clearly."""


@dataclass(frozen=True)
class Caution:
    """``code`` names the case, ``values`` are the numbers that belong into its sentence."""

    code: str
    values: dict[str, Any]


def cautions(network: NetworkSettings) -> list[Caution]:
    """All that apply to this network: "vanishing", "weak-start", "linear", "bottleneck", "no-skip"."""
    return list(_cautions(network))


def _cautions(network: NetworkSettings) -> Iterator[Caution]:
    depth, activation = len(network.hidden), ACTIVATIONS_TABLE[network.activation]
    freed = network.batch_normalization or network.residual
    if activation.code == "sigmoid" and depth >= DEEP and not freed:
        yield Caution("vanishing", {"depth": depth, "product": 0.25**depth})
    if activation.code == "relu" and initializer_for(network) != "he" and depth >= DEEP and not freed:
        # With Glorot on equal widths, ReLU halves the mean square of the signal at every layer.
        yield Caution("weak-start", {"depth": depth, "times": 2 ** (depth / 2)})
    if activation.code == "linear" and depth > 1:
        yield Caution("linear", {"depth": depth})
    narrowest = min(network.hidden, default=DIGITS)
    if narrowest < DIGITS:
        yield Caution("bottleneck", {"layer": network.hidden.index(narrowest) + 1, "width": narrowest})
    if network.residual and not any(layer.kind == "add" for layer in layers(network)):
        yield Caution("no-skip", {})
