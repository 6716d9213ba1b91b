"""Whether luck could explain a difference, in the learner's own numbers; and the rule it is judged by."""

from __future__ import annotations

from core.study.comparison import Spread, Verdict
from dashboard.language import _


def sentence(verdict: Verdict, labels: tuple[str, str], spreads: tuple[Spread, Spread]) -> str:
    """The verdict in the learner's own numbers."""
    counts = len(spreads[0].values), len(spreads[1].values)
    values = {
        "other": labels[1],
        "first": labels[0],
        "points": 100 * abs(verdict.difference),
        "there": spreads[1].mean,
        "here": spreads[0].mean,
    }
    if verdict.difference > 0:
        told = _("**{other}** is {points:.2f} points higher than **{first}** ({there:.2%}, {here:.2%}).")
    else:
        told = _("**{other}** is {points:.2f} points lower than **{first}** ({there:.2%}, {here:.2%}).")
    if verdict.kind == "overlap":
        judged = _("The bands overlap: **luck could explain the difference.**")
    elif verdict.kind == "apart":
        judged = _(
            "The bands do not touch; chance alone parts {first} and {other} runs like this once in "
            "{times:.0f} times: **the difference is larger than luck.**"
        ).format(first=counts[0], other=counts[1], times=1 / verdict.chance)
    elif min(counts) == 1:
        judged = _("One run has no band: **nothing can be said about luck yet.**")
    else:
        judged = _(
            "The bands do not touch, but chance alone parts {first} and {other} runs like this once in "
            "{times:.0f} times: **too few runs to tell.**"
        ).format(first=counts[0], other=counts[1], times=1 / verdict.chance)
    return f"{told.format(**values)} {judged}"


def rule() -> str:
    """How it is judged, in plain words."""
    return _(
        "A **band** reaches from the worst to the best run of a setting; only the seed differs within it. A "
        "difference is called larger than luck when the two bands do not touch **and** chance alone would "
        "part so many runs so cleanly in fewer than 1 of 20 cases. If the setting made no difference, every "
        "order of all runs would be equally likely, and only two orders keep the bands apart: with 5 and 5 "
        "runs 2 of 252. Bands that touch do not prove that the settings are equal: more seeds may tell."
    )
