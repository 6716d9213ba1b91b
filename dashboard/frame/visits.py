"""Which pages a learner has been to, as far as the way through the lab asks."""

from __future__ import annotations

from core.errors import LabError
from dashboard.frame import resources, session

KIND = "visited"
"""Name of the list among a learner's documents: folders of pages, with blanks between."""
TOLD = ("digits", "inside")
"""Pages on which nothing is made that would tell of the visit."""


def remember(folder: str) -> None:
    """Keep that this learner was on a page, once; a record that cannot be reached says so elsewhere."""
    if folder not in TOLD or folder in session.kept(KIND, ()):
        return
    session.keep(KIND, (*session.kept(KIND, ()), folder))
    try:
        before = visited()
        if folder not in before:
            resources.store().documents.save(session.learner(), KIND, " ".join(sorted({*before, folder})))
    except LabError:
        session.keep(KIND, ())


def visited() -> set[str]:
    """The pages of ``TOLD`` that this learner has been to."""
    return set((resources.store().documents.get(session.learner(), KIND) or "").split())
