"""The table of hints on one run: what is seen, what explains it, and the one setting to change.

A rule speaks where its symptom is there and its cause explains it. Rules are ordered by how much depends on
them; of those with one symptom the first that finds its cause speaks, and those beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from core.hints import causes, elsewhere, remedies, symptoms
from core.hints.seen import Seen
from core.hints.symptoms import Values
from core.runs.rates import at_usual_rate
from core.settings import Settings

Kind = Literal["trouble", "advice", "more", "remark", "good"]
Finding = Callable[[Any], Values | None]
Change = Callable[[Settings, Values], Settings]


def _by(change: Callable[[Settings], Settings]) -> Change:
    return lambda settings, _values: change(settings)


@dataclass(frozen=True)
class Rule:
    """One hint.

    Attributes:
        code: names it for ever: runs that tried it are kept with it.
        kind: "trouble": nothing is learnt until something changes. "advice": it could be better. "more": it
            only wants to go on. "remark": what looks wrong and is not, or does no harm. "good".
        symptom: what is seen. cause: what explains it. Both give numbers for the sentence.
        about: what both are read from, a run or one of ``core.hints.elsewhere``.
        remedy: (settings, numbers) → the experiment that differs in one setting; None where there is nothing
            to change.
        look: folder of the page where it can be seen or learnt about; "" for none.
        is_beside: whether it speaks though a rule before it explains the same symptom.
    """

    code: str
    kind: Kind
    symptom: Finding
    cause: Finding
    remedy: Change | None = None
    look: str = ""
    is_beside: bool = False
    about: type = Seen


RULES: tuple[Rule, ...] = (
    Rule("diverged-rate", "trouble", symptoms.diverged, causes.rate_too_high, _by(at_usual_rate)),
    Rule("diverged-raw", "trouble", symptoms.diverged, causes.raw_pixels, _by(remedies.normalized)),
    Rule("diverged-twice", "trouble", symptoms.diverged, causes.too_fast_twice, _by(remedies.calmed)),
    Rule("diverged-start", "trouble", symptoms.diverged, causes.unfit_start, _by(remedies.fittingly_started)),
    Rule("diverged-steps", "trouble", symptoms.diverged, causes.any_cause, _by(remedies.clipped)),
    Rule("diverged-unknown", "trouble", symptoms.diverged, causes.any_cause, look="inside"),
    Rule("stuck-alike", "trouble", symptoms.stuck, causes.shrunk, _by(remedies.without_l2), "inside"),
    Rule("stuck-batch", "trouble", symptoms.stuck, causes.tiny_batch_alone, _by(remedies.usually_batched)),
    Rule("stuck-dead", "trouble", symptoms.stuck, causes.dead_layer, _by(remedies.calmed), "inside"),
    Rule(
        "stuck-saturated", "trouble", symptoms.stuck, causes.saturated_layer, _by(remedies.calmed), "inside"
    ),
    Rule("stuck-rate-high", "trouble", symptoms.stuck, causes.rate_too_high, _by(at_usual_rate)),
    Rule("stuck-raw", "trouble", symptoms.stuck, causes.raw_pixels, _by(remedies.normalized)),
    Rule("stuck-twice", "trouble", symptoms.stuck, causes.too_fast_twice, _by(remedies.calmed)),
    Rule("stuck-several", "trouble", symptoms.stuck, causes.several, look="inside"),
    Rule("stuck-rate-low", "trouble", symptoms.stuck, causes.rate_too_low, _by(at_usual_rate)),
    Rule("stuck-few-steps", "trouble", symptoms.stuck, causes.few_steps, _by(remedies.usually_batched)),
    Rule(
        "stuck-vanishing",
        "trouble",
        symptoms.stuck,
        causes.vanishing,
        _by(remedies.batch_normalized),
        "inside",
    ),
    Rule(
        "stuck-weak-start",
        "trouble",
        symptoms.stuck,
        causes.weak_start,
        _by(remedies.strengthened),
        "activations",
    ),
    Rule("stuck-begun", "trouble", symptoms.stuck, causes.hardly_begun, _by(remedies.long_enough)),
    Rule(
        "stuck-scale",
        "trouble",
        symptoms.stuck,
        causes.badly_scaled,
        _by(remedies.normalized),
        "normalization",
    ),
    Rule("stuck-unknown", "trouble", symptoms.stuck, causes.any_cause, look="inside"),
    Rule("jumping-rate", "advice", symptoms.jumping, causes.rate_too_high, _by(remedies.at_lower_rate)),
    Rule("jumping-batch", "advice", symptoms.jumping, causes.small_batch, _by(remedies.usually_batched)),
    Rule("jumping-steps", "advice", symptoms.jumping, causes.long_steps, _by(remedies.at_lower_rate)),
    Rule(
        "overfitting-stop",
        "advice",
        symptoms.overfitting,
        causes.any_cause,
        lambda settings, values: remedies.until_best(settings, values["best_epoch"]),
        "learning",
    ),
    Rule(
        "overfitting-images",
        "advice",
        symptoms.overfitting,
        causes.more_images,
        _by(remedies.with_more_images),
        is_beside=True,
    ),
    Rule(
        "overfitting-l2", "advice", symptoms.overfitting, causes.no_l2, _by(remedies.with_l2), is_beside=True
    ),
    Rule(
        "overfitting-shift",
        "advice",
        symptoms.overfitting,
        causes.same_images,
        _by(remedies.with_shifts),
        is_beside=True,
    ),
    Rule("slow-rate-high", "advice", symptoms.slow, causes.rate_too_high, _by(at_usual_rate)),
    Rule("slow-raw", "advice", symptoms.slow, causes.raw_pixels, _by(remedies.normalized)),
    Rule("slow-twice", "advice", symptoms.slow, causes.too_fast_twice, _by(remedies.calmed)),
    Rule("slow-rate-low", "advice", symptoms.slow, causes.only_rate_too_low, _by(at_usual_rate)),
    Rule("slow-batch", "advice", symptoms.slow, causes.tiny_batch_alone, _by(remedies.usually_batched)),
    Rule("slow-few-steps", "advice", symptoms.slow, causes.few_steps, _by(remedies.usually_batched)),
    Rule(
        "slow-depth", "advice", symptoms.slow, causes.no_batch_normalization, _by(remedies.batch_normalized)
    ),
    Rule(
        "slow-scale", "advice", symptoms.slow, causes.badly_scaled, _by(remedies.normalized), "normalization"
    ),
    Rule("bottleneck", "advice", symptoms.poor, causes.bottleneck, _by(remedies.widened)),
    Rule("no-bend", "advice", symptoms.underfitting, causes.no_bend, _by(remedies.bent), "activations"),
    Rule("poor-rate-high", "advice", symptoms.poor, causes.settled_too_fast, _by(remedies.at_lower_rate)),
    Rule("too-small", "advice", symptoms.underfitting, causes.too_small, _by(remedies.widened)),
    Rule("few-images", "advice", symptoms.gap, causes.few_images, _by(remedies.with_more_images)),
    Rule("slow-begun", "advice", symptoms.slow, causes.begun_in_vain, _by(remedies.long_enough)),
    Rule("slow-unknown", "advice", symptoms.slow, causes.no_progress, look="inside"),
    Rule("large-batch", "more", symptoms.improving, causes.few_steps, _by(remedies.usually_batched)),
    Rule("begun", "more", symptoms.improving, causes.one_epoch, _by(remedies.longer)),
    Rule("improving", "more", symptoms.improving, causes.not_too_fast, _by(remedies.longer)),
    Rule("well", "good", symptoms.done_well, causes.any_cause),
    Rule("levelled-off", "good", symptoms.levelled_off, causes.any_cause),
    Rule("learning", "good", symptoms.learning, causes.still_training),
    Rule("averages", "remark", symptoms.gap, causes.moving_averages, look="inside"),
    Rule("handicap", "remark", symptoms.reversed_gap, causes.handicapped),
    Rule("running-average", "remark", symptoms.reversed_gap, causes.any_cause),
    Rule("unused-units", "remark", symptoms.learning, causes.unused_units, look="inside"),
    Rule("test-worse", "remark", elsewhere.test_is_worse, causes.any_cause, about=elsewhere.ExamSeen),
    Rule("test-luck", "remark", elsewhere.test_differs_by_luck, causes.any_cause, about=elsewhere.ExamSeen),
    Rule("tuned", "remark", elsewhere.tuned_on_the_test, causes.any_cause, about=elsewhere.ExamSeen),
    Rule("too-close", "remark", elsewhere.too_small_to_tell, causes.any_cause, about=elsewhere.PairSeen),
    Rule("drawing-stroke", "remark", elsewhere.odd_thickness, causes.any_cause, about=elsewhere.DrawingSeen),
    Rule("drawing-place", "remark", elsewhere.odd_place, causes.any_cause, about=elsewhere.DrawingSeen),
)


@dataclass(frozen=True)
class Hint:
    """A rule that speaks: its numbers, and the experiment that it would rather see, if any may be trained."""

    rule: Rule
    values: Values = field(default_factory=dict)
    remedy: Settings | None = None

    @property
    def code(self) -> str:
        """Of its rule."""
        return self.rule.code

    @property
    def is_alarm(self) -> bool:
        """Whether something should change."""
        return self.rule.kind in ("trouble", "advice")


def hints(seen: Seen | elsewhere.ExamSeen | elsewhere.PairSeen | elsewhere.DrawingSeen) -> list[Hint]:
    """What can be said, the most useful first; [] before anything can be.

    Of what should change only the first symptom is told, with all that may be done about it: the others may
    be its consequences. What goes well is told where nothing should change.
    """
    found: list[Hint] = []
    explained: set[Any] = set()
    alarm = None
    for rule in RULES:
        if rule.about is not type(seen) or (rule.symptom in explained and not rule.is_beside):
            continue
        if alarm is not None and rule.kind != "remark" and rule.symptom is not alarm:
            continue
        hint = _spoken(rule, seen)
        if hint is not None:
            alarm = rule.symptom if hint.is_alarm else alarm
            explained.add(rule.symptom)
            found.append(hint)
    return found


def _spoken(rule: Rule, seen: Any) -> Hint | None:
    seen_values = rule.symptom(seen)
    explained = None if seen_values is None else rule.cause(seen)
    if seen_values is None or explained is None:
        return None
    values = seen_values | explained
    remedy = None if rule.remedy is None else rule.remedy(seen.settings, values)
    if remedy is not None and remedy == seen.settings:
        return None
    is_offered = remedy is not None and remedy.is_allowed  # not always of a run of a lab with wider bounds
    return Hint(rule, values, remedy if is_offered else None)


def rule(code: str) -> Rule | None:
    """The rule of this code, or None."""
    return next((rule for rule in RULES if rule.code == code), None)
