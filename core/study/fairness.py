"""Whether a comparison is fair: one cause at a time, and no optimiser at a rate made for another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from core.choices.optimizers import OPTIMIZERS
from core.runs.identity import PARTS, effective
from core.settings import InvalidSetting, Settings, parameter
from core.study.comparison import differing

OPTIMIZER_AND_RATE = {"optimizer", "learning_rate"}


def usual_rate(code: str) -> float:
    """The learning rate at which an optimiser is usually begun."""
    return OPTIMIZERS[code].usual_rate


def at_usual_rate(settings: Settings) -> Settings:
    """The same experiment at the usual rate of its optimiser."""
    return settings.change(learning_rate=usual_rate(settings.training.optimizer))


def is_at_usual_rate(settings: Settings) -> bool:
    """Whether an experiment is made at the usual rate of its optimiser."""
    return settings.training.learning_rate == usual_rate(settings.training.optimizer)


def is_fair(
    experiments: Sequence[Settings], *, is_own_rate: Callable[[Settings], bool] = is_at_usual_rate
) -> bool:
    """Whether each experiment differs from the first in one thing at most.

    One thing is one setting, or the optimiser together with the rate, if each has its own rate: a rate means
    something else to every optimiser, so that one rate for both would be no more equal.

    Args:
        is_own_rate: whether an experiment's rate is one that suits its optimiser: its usual one, or the best
            that was found for it.
    """
    return all(_one_thing(experiments[0], other, is_own_rate) for other in experiments[1:])


def _one_thing(first: Settings, other: Settings, is_own_rate: Callable[[Settings], bool]) -> bool:
    found = set(differing([first, other]))
    if found == OPTIMIZER_AND_RATE:
        return is_own_rate(first) and is_own_rate(other)
    return len(found) <= 1


def is_rate_lent(experiments: Sequence[Settings]) -> bool:
    """Whether another optimiser is compared with the first at the same rate, usual for one of them only.

    The setting that differs is one, and yet the rate may decide more than the optimiser does: twenty layers
    under SGD at Adam's 0.001 read 11 % where Adam reads 94 %, and 88 % at SGD's own 0.01.
    """
    first = experiments[0].training
    return any(
        other.training.optimizer != first.optimizer
        and other.training.learning_rate == first.learning_rate
        and usual_rate(other.training.optimizer) != usual_rate(first.optimizer)
        for other in experiments[1:]
    )


def separating(first: Settings, others: Iterable[Settings]) -> list[Settings]:
    """The experiments that put a difference down to its causes.

    For every other experiment that differs from the first in more than one setting: the first with each
    of these settings changed alone. An optimiser comes with the rate that is usual for it, where that is not
    the first one's usual rate; a rate that differs only for this reason is no cause of its own. What is
    impossible alone (such as more training images without fewer validation images) is left out.
    """
    found: dict[Settings, None] = {}
    for other in others:
        if len(differing([first, other])) > 1:
            for change in _single_changes(first, other):
                try:
                    found[effective(first).change(**change)] = None
                except InvalidSetting:
                    continue
    return list(found)


def _single_changes(first: Settings, other: Settings) -> Iterator[dict[str, Any]]:
    """What the other has changed, a cause at a time."""
    mine, theirs = first.training.optimizer, other.training.optimizer
    own_rate = {} if usual_rate(mine) == usual_rate(theirs) else {"learning_rate": usual_rate(theirs)}
    for name, (_mine, value) in differing([first, other]).items():
        if name == "optimizer":
            yield {name: value, **own_rate}
        elif name in PARTS.values():
            parts = [part for part, of in PARTS.items() if of == name]
            yield {name: value, **{part: parameter(part).get(effective(other)) for part in parts}}
        elif {name: value} != own_rate:
            yield {name: value}
