"""How often a learner opened the test set, and what that makes of its figure."""

from __future__ import annotations

from dashboard.frame import resources, session
from dashboard.language import _
from dashboard.language.joining import sentences


def count_looks() -> int:
    """How often this learner opened the test set, with any run."""
    return resources.store().looks.count(session.learner())


def times_opened(count: int) -> str:
    """The count, and what it means by now."""
    if count == 0:
        return _("You have not opened it yet.")
    if count == 1:
        return _("You have opened it once.")
    return sentences(
        _("You have opened it {count} times.").format(count=count),
        _(
            "Whatever you chose because of it makes its figure flatter you, as with a second validation "
            "set: how much depends on how many choices those were, and a fair exam of them would need new "
            "digits."
        ),
    )


def count_examined() -> int:
    """How many different networks this learner has examined: runs, or one run with other weights."""
    looks = resources.store().looks.of_learner(session.learner())
    return len({(run_id, look.step) for run_id, seen in looks.items() for look in seen})
