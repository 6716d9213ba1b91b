"""The part of a page that moves while something is trained."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import streamlit as st

from core.runs.run import Run
from dashboard.browser.run_watch import At, Drawn, run_watch
from dashboard.frame import resources
from dashboard.frame.fragments import fragment
from dashboard.runs import progress_words

Seen = TypeVar("Seen")


def while_alive(
    draw: Callable[[Seen], object],
    seen: Seen,
    look: Callable[[], Seen],
    *,
    state: Callable[[Seen], object],
    runs: Callable[[Seen], Iterable[Run]],
    key: str,
    at: At = "stage",
) -> None:
    """Draw a part of the page, and draw it anew when a run that it shows has gone on, without the rest.

    Nothing is asked again and again: the browser follows the runs (``run_watch``) and says when there is
    something to draw. What moves in between, points and words, it fills in by itself.

    An error on the way is said where the part stands; the server does it, as everywhere.

    Args:
        draw: draws the part from what was seen.
        seen: what the page has read of the record already; the first drawing is made from it.
        look: reads the same anew, for every later drawing.
        state: what of it the rest of the page depends on. When that has changed, the whole page runs again.
        runs: those of it that the part shows; the unfinished ones are followed.
        key: name of the part on the page.
        at: how far a run must have gone on for another drawing.
    """
    is_first = True

    def part() -> None:
        nonlocal is_first
        now = seen if is_first else look()
        is_first = False
        if state(now) != state(seen):
            st.rerun()
        draw(now)
        follow(runs(now), key=key, at=at)

    fragment(part)()


def follow(runs: Iterable[Run], *, key: str, at: At = "stage") -> None:
    """Rerun this fragment when one of these runs goes on; those that have ended do not."""
    state = resources.engine().state()
    drawn = {
        run.id: Drawn(stage=progress_words.stage(run, state), epoch=run.epochs_done, step=run.step)
        for run in runs
        if run.unfinished
    }
    if drawn:
        run_watch(drawn, key=f"watch-{key}", at=at)
