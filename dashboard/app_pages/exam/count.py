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
    said = _("You have opened it {count} times.").format(count=count)
    if count < 4:
        return sentences(said, _("From now on, what you change because of it makes the figure flatter you."))
    if count < 10:
        return sentences(said, _("By now it works like a second validation set."))
    return sentences(
        said, _("Its figure is no better than validation any more: a fair exam would need new digits.")
    )
