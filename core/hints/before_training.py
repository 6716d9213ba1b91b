"""What about an experiment deserves a word before it trains: true things a learner may not expect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.architecture.first_weights import initializer_for
from core.architecture.plan import layers
from core.hints.causes import FAR, narrow_layers
from core.settings import NetworkSettings


@dataclass(frozen=True)
class Caution:
    """``code`` names the case, ``values`` are the numbers that belong into its sentence."""

    code: str
    values: dict[str, Any]


def cautions(network: NetworkSettings, signals: pd.DataFrame) -> list[Caution]:
    """All that apply to this network.

    "blocked", "fading", "growing" and "better-start" come from its first weights; "linear", "bottleneck" and
    "no-skip" from its plan.

    Args:
        signals: what first weights let through, from ``core.reading.signal.signal`` for this network.
    """
    return [*_first_weights(network, signals), *_plan(network)]


def _first_weights(network: NetworkSettings, signals: pd.DataFrame) -> Iterator[Caution]:
    if not network.hidden:
        return
    depth, chosen = len(network.hidden), initializer_for(network)
    changes = {str(code): _changes(rows) for code, rows in signals.groupby("initializer", sort=False)}
    own = changes[chosen]
    if min(own["difference"], own["gradient"]) == 0:
        yield Caution("blocked", {"depth": depth})
    elif _lost(own) >= FAR:
        times = {name: 1 / own[name] for name in ("difference", "gradient")}
        yield Caution("fading", {"depth": depth, **times})
        best = min(changes, key=lambda code: _strayed(changes[code]))
        if _strayed(changes[best]) < FAR:
            values = {name: changes[best][name] for name in ("difference", "gradient")}
            yield Caution("better-start", {"depth": depth, "initializer": best, **values})
    elif max(own["strength"], own["gradient"]) >= FAR:
        yield Caution("growing", {"depth": depth, "strength": own["strength"], "gradient": own["gradient"]})


def _changes(rows: pd.DataFrame) -> dict[str, float]:
    """How many times larger signals are after the last hidden layer, and the gradient at the first one."""
    first, last = rows.iloc[0], rows.iloc[-1]
    forwards = {name: _ratio(last[name], first[name]) for name in ("strength", "difference")}
    return {**forwards, "gradient": _ratio(first["gradient"], last["gradient"])}


def _ratio(end: float, start: float) -> float:
    return float(end / start) if start else 0.0


def _lost(changes: dict[str, float]) -> float:
    """How many times smaller the weaker of difference and gradient has become."""
    return 1 / min(changes["difference"], changes["gradient"])


def _strayed(changes: dict[str, float]) -> float:
    """How far from 1 the worst of the three has come, by a factor in either direction."""
    factors = np.array([changes["strength"], changes["difference"], changes["gradient"]])
    return float(np.max(np.maximum(factors, 1 / factors))) if factors.all() else float("inf")


def _plan(network: NetworkSettings) -> Iterator[Caution]:
    depth = len(network.hidden)
    if network.activation == "linear" and depth > 1:
        yield Caution("linear", {"depth": depth})
    narrow = narrow_layers(network)
    if narrow:
        layer = min(narrow, key=lambda number: network.hidden[number - 1])
        yield Caution("bottleneck", {"layer": layer, "width": network.hidden[layer - 1]})
    if network.residual and not any(layer.kind == "add" for layer in layers(network)):
        yield Caution("no-skip", {})
