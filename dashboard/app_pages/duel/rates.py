"""Two optimisers in a duel: each at its usual rate, both at one, or each at its own best."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.runs.run import Run
from core.settings import Settings
from core.study.rate_search import RATES
from dashboard.frame.choosing import one_of
from dashboard.language import _
from dashboard.runs.best_rates import at_best_rates

PLANS = ("usual", "one", "best")


def at_chosen_rates(rivals: Sequence[Settings], runs: Sequence[Run]) -> tuple[Settings, ...] | None:
    """The optimisers at the rates that the learner wants; None as long as these are not known.

    Args:
        rivals: each at its usual rate.
        runs: all runs of this learner.
    """
    told = {"usual": _("Each its usual one"), "one": _("One for both"), "best": _("Each its own best")}
    plan = one_of(
        _("Learning rates"),
        PLANS,
        default="usual",
        format_func=lambda plan: told[plan],
        key="duel-rates",
        persist_state="session",
    )
    st.caption(lesson()[plan])
    if plan == "best":
        return at_best_rates(rivals, runs, key="duel")
    if plan == "one":
        return tuple(one.change(learning_rate=rivals[-1].training.learning_rate) for one in rivals)
    return tuple(rivals)


def lesson() -> dict[str, str]:
    """What each plan makes of the comparison."""
    return {
        "usual": _(
            "SGD multiplies the gradient by the rate; Adam first divides the gradient by its own recent "
            "size. So one number means two things, and each begins at the rate that is usual for it."
        ),
        "one": _(
            "Only one setting differs, and yet this is not fair: Adam's usual rate is too small a step for "
            "SGD. What you see is mostly the rate."
        ),
        "best": _(
            "The fairest of the three, and the most work: short runs at {count} rates find the best one for "
            "each, and then these two meet."
        ).format(count=len(RATES)),
    }
