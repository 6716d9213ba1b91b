"""Why a side of a duel was left behind, in words, from the gradients and activations of both."""

from __future__ import annotations

import math
from collections.abc import Sequence

from core.hints.why import Reason, reasons
from core.study.duel import Side
from core.study.verdict import Verdict
from dashboard.frame import resources
from dashboard.language import _
from dashboard.language.joining import bulleted, paragraphs

MOST = 2
"""Reasons that are told; the first explains most."""


def told(rivals: Sequence[Side], found: Verdict, short: Sequence[str]) -> str:
    """Why the last was left behind by the best, as Markdown; "" where nobody was."""
    if found.winner is None:
        return ""
    best, last = found.order[0], found.order[-1]
    records = [resources.store().curves.layers(rivals[place].runs[0].id) for place in (last, best)]
    known = reasons(*records)[:MOST]
    if not known:
        return _(
            "**Why?** Nothing in the gradients and outputs that were recorded sets {behind} far apart "
            "from {ahead}."
        ).format(behind=short[last], ahead=short[best])
    return paragraphs(
        _("**Why?** What was recorded inside {behind} and {ahead}:").format(
            behind=short[last], ahead=short[best]
        ),
        bulleted(sentence(reason, short[last], short[best]) for reason in known),
    )


def sentence(reason: Reason, behind: str, ahead: str) -> str:
    """One reason with the numbers of both sides."""
    told = {
        "dead": _(
            "In layer {layer} of {behind_name}, {behind:.0%} of the units answer 0 to every image that was "
            "measured: no gradient passes them. In {ahead_name} it is at most {ahead:.0%} of a layer."
        ),
        "vanishing": _(
            "Before the first step the gradient that reaches layer {layer} of {behind_name} is "
            "{behind:,.0f} times smaller than its output layer's; in {ahead_name} the weakest is "
            "{ahead:,.0f} times smaller."
        ),
        "cut off": _("Before the first step no gradient at all reaches layer {layer} of {behind_name}."),
        "faint": _(
            "Before the first step a weight in the hidden layers of {behind_name} gets a gradient of "
            "{behind:.1e}, in {ahead_name} of {ahead:.1e} (geometric means): {ratio:,.0f} times as much."
        ),
        "saturated": _(
            "In layer {layer} of {behind_name}, {behind:.0%} of the outputs are where the activation is "
            "flat, so hardly any gradient passes. In {ahead_name} it is at most {ahead:.0%} of a layer."
        ),
        "slow": _(
            "The last recorded step changed the weights of the slowest layer of {behind_name}, layer "
            "{layer}, by {behind:.1e} of their size, and those of the slowest layer of {ahead_name} by "
            "{ahead:.1e}."
        ),
        "still": _(
            "The last recorded step changed nothing in layer {layer} of {behind_name}: it does not learn."
        ),
    }[_case(reason)]
    return told.format(
        layer=reason.layer,
        behind=_short(reason.behind),
        ahead=_short(reason.ahead),
        ratio=_short(reason.ratio),
        behind_name=behind,
        ahead_name=ahead,
    )


def _case(reason: Reason) -> str:
    """The reason's code; where there is nothing at all, a case of its own."""
    if math.isinf(reason.behind):
        return "cut off"
    return "still" if reason.code == "slow" and reason.behind == 0 else reason.code


def _short(number: float) -> float:
    """The number with two digits that count."""
    return float(f"{number:.2g}")
