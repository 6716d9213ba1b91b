"""Which setting mattered most, in words, with its uncertainty; or why it cannot be told."""

from __future__ import annotations

from core.study.chance import RARE
from core.study.importance import SURE, Doubt, Factor, Importance
from dashboard.language import _, names
from dashboard.language.joining import bulleted, listed, paragraphs, sentences
from dashboard.runs.verdict_words import share


def mattered(found: Importance | Doubt) -> str:
    """What was found, as Markdown: the answer first, then each setting's share."""
    if not isinstance(found, Importance):
        return doubt(found)
    return paragraphs(answer(found), bulleted(_line(factor) for factor in found.factors), _rest(found))


def answer(found: Importance) -> str:
    """Which setting mattered most, if it can be told."""
    first = found.factors[0]
    values = {"setting": name(first), "share": first.share, "runs": found.runs}
    if not first.is_more_than_luck:
        return _(
            "**Which setting mattered cannot be told** from these {runs} runs: what each of them explains, "
            "chance alone would explain often enough."
        ).format(**values)
    if len(found.factors) == 1:
        told = _("**{setting} mattered**: it explains {share:.0%} of what differs between {runs} runs.")
    elif found.is_clear:
        told = _(
            "**{setting} mattered most**: it explains {share:.0%} of what differs between {runs} runs, and "
            "it is first in {lead:.0%} of the resamplings."
        )
    else:
        told = _(
            "**Which setting mattered most cannot be told.** {setting} explains most here, {share:.0%}, but "
            "it is first in only {lead:.0%} of the resamplings."
        )
    return told.format(**values, lead=found.lead)


def _line(factor: Factor) -> str:
    """One setting: its share, how far that can be trusted, and whether luck could do it."""
    told = _(
        "{setting}: **{share:.0%}** of the differences; {low:.0%} to {high:.0%} in 19 of 20 resamplings."
    ).format(setting=name(factor), share=factor.share, low=factor.low, high=factor.high)
    judged = (
        _("Chance alone would do as much in {share} of cases: more than luck.")
        if factor.is_more_than_luck
        else _("Chance alone would do as much in {share} of cases: luck could explain it.")
    )
    return sentences(told, judged.format(share=share(factor.chance)))


def _rest(found: Importance) -> str:
    if found.rest < 0.005:
        return ""
    return _(
        "The other {rest:.0%} no setting explains by itself: that is luck, or settings that do together what "
        "neither does alone."
    ).format(rest=found.rest)


def name(factor: Factor) -> str:
    """What a setting is called, with those that change together with it."""
    first, *others = factor.names
    if not others:
        return names.setting(first)
    return _("{setting} (with {others})").format(
        setting=names.setting(first), others=listed(map(names.setting_within, others))
    )


def doubt(reason: Doubt) -> str:
    """Why it cannot be told."""
    return {
        "unlike": _(
            "They are validated on different images, so their figures cannot be held against each other."
        ),
        "same": _("These runs differ in no setting but the seed: what differs between them is luck."),
        "equal": _("All these runs came to the same accuracy: no setting mattered here."),
        "tangled": _(
            "**Which setting mattered most cannot be told**: some of them always change together in these "
            "runs. Try their values in all combinations."
        ),
        "few": _(
            "**Which setting mattered most cannot be told**: there are too few runs for so many values to "
            "tell an effect from luck. Repeat them with other seeds, or sweep two settings against each "
            "other."
        ),
    }[reason]


def method() -> str:
    """How it is reckoned, in plain words."""
    return _(
        "Each value of each setting is taken to add something of its own to the accuracy (a main effect, as "
        "in functional ANOVA: Hutter, Hoos and Leyton-Brown 2014). A setting's share is what this "
        "explanation loses without it, less what any setting would explain by chance (ε², Kelley 1935). What "
        "is left over is dealt out anew many times (bootstrap, Efron 1979): so the shares vary, and another "
        "setting may come first. “Most” is said if the same one is first in at least {sure:.0%} of these, "
        "and if chance alone (permutations, Freedman and Lane 1983, corrected for several settings) does as "
        "much in fewer than {rare:.0%} of cases. Seeds count as luck."
    ).format(sure=SURE, rare=RARE)
