"""Verdicts in words: who is ahead, what broke off, whether luck could do it, and what luck means there.

Every sentence puts one thing into words that ``core.study.verdict`` found, and judges nothing itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from core.study.chance import RARE
from core.study.comparison import SEEDS
from core.study.standing import Standing
from core.study.verdict import ENOUGH_PAIRS, Pair, Verdict
from dashboard.language import _, ngettext
from dashboard.language.joining import listed, sentences


def broken(found: Verdict, names: Sequence[str]) -> list[str]:
    """What diverged, was stopped or failed, and after which epoch all are compared because of it."""
    told = [
        sentence
        for name, standing in zip(names, found.standings, strict=True)
        for sentence in (*_diverged(name, standing), *_cut_short(name, standing, found))
    ]
    if 0 < found.epoch < found.wanted and any(standing.accuracies for standing in found.standings):
        told.append(
            _("All are compared after epoch {epoch} of {wanted}, the last that all sides reached.").format(
                epoch=found.epoch, wanted=found.wanted
            )
        )
    return told


def _diverged(name: str, standing: Standing) -> list[str]:
    told = []
    if standing.diverged:
        count = len(standing.results)
        sentence = (
            _("**{name} diverged** in epoch {epoch}: its loss or a weight is no longer a number.")
            if count == 1
            else _("**{name} diverged** with {broken} of {count} seeds, for the first time in epoch {epoch}.")
        )
        first = min(standing.diverged.values())
        told.append(sentence.format(name=name, broken=len(standing.diverged), count=count, epoch=first))
    if standing.later:
        told.append(
            ngettext(
                "A run of {name} diverged later on.",
                "{count} runs of {name} diverged later on.",
                len(standing.later),
            ).format(name=name, count=len(standing.later))
        )
    return told


def _cut_short(name: str, standing: Standing, found: Verdict) -> list[str]:
    told = []
    is_limit = 0 < standing.reached == found.epoch < found.wanted
    if is_limit and standing.ended == "stopped":
        told.append(_("**{name} was stopped** after epoch {epoch}.").format(name=name, epoch=found.epoch))
    if is_limit and standing.ended == "failed":
        told.append(_("**{name} failed** after epoch {epoch}.").format(name=name, epoch=found.epoch))
    if standing.stopped:
        sentence = ngettext(
            "{count} run of {name} was stopped before that and has no figure.",
            "{count} runs of {name} were stopped before that and have no figure.",
            standing.stopped,
        )
        told.append(sentence.format(count=standing.stopped, name=name))
    if standing.failed:
        sentence = ngettext(
            "{count} run of {name} failed before that and has no figure.",
            "{count} runs of {name} failed before that and have no figure.",
            standing.failed,
        )
        told.append(sentence.format(count=standing.failed, name=name))
    if standing.coming:
        sentence = ngettext(
            "{count} run of {name} has fewer epochs and no figure there.",
            "{count} runs of {name} have fewer epochs and no figure there.",
            standing.coming,
        )
        told.append(sentence.format(count=standing.coming, name=name))
    return told


def outcome(found: Verdict, names: Sequence[str]) -> str:
    """Who won a duel, if anybody did."""
    if not found.is_alike:
        return different_images()
    if found.top is None:
        without = [name for name, side in zip(names, found.standings, strict=True) if not side.results]
        return _("**Nothing can be concluded**: there is no figure of {names}.").format(names=listed(without))
    if found.top.means is None:
        return _outcome_of_divergence(found.top, names)
    return _outcome_of_accuracies(found.top, names)


def different_images() -> str:
    """Why nothing is compared."""
    return _("They are validated on different images, so their figures cannot be held against each other.")


def _outcome_of_divergence(pair: Pair, names: Sequence[str]) -> str:
    told = {
        "clear": _("**{first} wins** over {second}: diverging counts as worse than any accuracy."),
        "few": _("**{first} comes out ahead** of {second}: diverging counts as worse than any accuracy."),
        "unsure": _("**No winner**: which of the two diverges with which seed could be luck."),
        "equal": _("**Nobody wins**: both came out alike."),
    }[pair.kind]
    first, second = _places(pair)
    return told.format(first=names[first], second=names[second])


def _outcome_of_accuracies(pair: Pair, names: Sequence[str]) -> str:
    if pair.kind == "equal":
        told = _(
            "**No difference at all**: {first} and {second} reached {high:.2%} of the validation images."
        )
    elif pair.kind == "slight":
        told = _(
            "**{first} is ahead, but hardly**: {high:.2%} of the validation images, and {second} {low:.2%}."
        )
    elif pair.is_small:
        told = _(
            "**No difference to speak of**: {first} reached {high:.2%} of the validation images, and "
            "{second} {low:.2%}."
        )
    elif pair.kind == "unsure":
        told = _(
            "**No winner**: {first} reached {high:.2%} of the validation images and {second} {low:.2%}, but "
            "luck could do that."
        )
    elif pair.kind == "few":
        told = _(
            "**{first} comes out ahead** with {high:.2%} of the validation images, {points:.2f} percentage "
            "points more than {second} ({low:.2%})."
        )
    else:
        told = _(
            "**{first} wins** with {high:.2%} of the validation images, {points:.2f} percentage points more "
            "than {second} ({low:.2%})."
        )
    return told.format(**_figures(pair, names))


def difference(pair: Pair, names: Sequence[str]) -> str:
    """How the second of two sides compares with the first."""
    if pair.means is None:
        return _outcome_of_divergence(pair, names)
    if pair.kind == "equal":
        told = _("**{first}** and **{second}** are equal: {high:.2%}.")
    elif pair.ahead == pair.second:
        told = _("**{first}** is {points:.2f} points higher than **{second}** ({high:.2%}, {low:.2%}).")
    else:
        told = _("**{second}** is {points:.2f} points lower than **{first}** ({low:.2%}, {high:.2%}).")
    return told.format(**_figures(pair, names))


def _places(pair: Pair) -> tuple[int, int]:
    """The better one, then the other."""
    if pair.ahead is None or pair.behind is None:
        return pair.first, pair.second
    return pair.ahead, pair.behind


def _figures(pair: Pair, names: Sequence[str]) -> dict[str, object]:
    first, second = _places(pair)
    means = sorted(pair.means or (0.0, 0.0))
    return {
        "first": names[first],
        "second": names[second],
        "high": means[1],
        "low": means[0],
        "points": 100 * abs(pair.difference or 0.0),
    }


def luck(pair: Pair, found: Verdict, names: Sequence[str]) -> str:
    """Whether luck could do it, with the numbers that say so."""
    if pair.kind == "equal":
        return ""
    if pair.kind == "few":
        return _too_few(pair, found)
    if pair.corrected < RARE and pair.kind == "unsure":
        return _("The mean and most of the seeds point to different sides: **nothing can be concluded.**")
    first, second = _places(pair)
    seen = (
        _("{first} did better with {wins} of the {count} seeds that both have.")
        if pair.test == "pairs"
        else _("The {count} runs of {first} and the {others} of {second} were put in order.")
    ).format(
        first=names[first],
        second=names[second],
        wins=pair.wins,
        count=pair.counts[first != pair.first],
        others=pair.counts[first == pair.first],
    )
    judged = (
        _("Chance alone would do as much in {share} of cases: **luck could explain it.**")
        if pair.kind == "unsure"
        else _("Chance alone would do as much in {share} of cases: **this is more than luck.**")
    ).format(share=share(pair.corrected))
    return sentences(seen, judged)


def _too_few(pair: Pair, found: Verdict) -> str:
    if pair.counts == (1, 1):
        told = _(
            "One seed each: another one starts with other weights and shows the images in another order, so "
            "**part of this may be luck.** {needed} seeds each can tell."
        )
    else:
        told = _(
            "So few runs are **too few to tell**: even if one side were always better, chance alone would do "
            "that in {share} of cases. {needed} seeds each can tell."
        )
    least = share(min(1.0, len(found.pairs) * pair.luck.least))
    return told.format(share=least, needed=found.seeds_needed)


def share(chance: float) -> str:
    """A chance in percent, as far as it can be told."""
    return _("less than 0.1%") if chance < 0.001 else f"{chance:.1%}"


def corrected(found: Verdict) -> list[str]:
    """That several comparisons were made at once, where they were."""
    count = len(found.pairs)
    if count < 2 or all(pair.kind in ("few", "equal") for pair in found.pairs):
        return []
    return [
        _(
            "{count} comparisons at once: one of them looks rare more easily than one alone, so the chances "
            "were raised accordingly (Holm)."
        ).format(count=count)
    ]


def over_images(pair: Pair) -> str:
    """Whether other validation images could turn a difference round that was seen; "" if none was."""
    if pair.image_error is None or pair.kind not in ("clear", "slight", "few"):
        return ""
    told = (
        _(
            "Other validation images might turn it round: over other sets of as many images, the standard "
            "error of this difference is up to {error:.2f} points."
        )
        if pair.could_be_images
        else _(
            "Nor is it the choice of validation images: over other sets of as many images, the standard "
            "error of this difference is at most {error:.2f} points."
        )
    )
    return told.format(error=100 * pair.image_error)


def covers(images: int) -> str:
    """What luck means in these verdicts, and what it does not."""
    return _(
        "Luck here is what the seed decides: the first weights, and the order of the images. It is not which "
        "{images:,} images validate: all were asked the same ones."
    ).format(images=images)


def rule() -> str:
    """How it is judged, in plain words."""
    return _(
        "All are compared after the same epoch. If the setting made no difference, each seed could as well "
        "have come out the other way round. A difference is called more than luck if, of all the ways in "
        "which the seeds could have come out, fewer than {rare:.0%} are at least as one-sided as this one: "
        "with {seeds} seeds that are all better, 2 in {ways}. Differences count by their rank (the exact "
        "signed-rank test of Wilcoxon). Sides with fewer than {enough} seeds in common are put into one "
        "order instead (the exact test of Mann and Whitney). Several comparisons at once are corrected "
        "(Holm). "
        "Where luck could explain a difference, the settings need not be equal: more seeds may tell."
    ).format(rare=RARE, seeds=SEEDS, ways=2**SEEDS, enough=ENOUGH_PAIRS)
