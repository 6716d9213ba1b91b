"""The part of a page that moves: what it draws, which runs it follows, when the whole page runs again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from core.cluster.engine import EngineState
from core.errors import LabError
from core.runs.run import Run
from dashboard.frame import resources
from dashboard.runs import live, progress_words

READY = EngineState(2, None)


class Page:
    """A page whose record says one thing after the other."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *later: Run) -> None:
        self.later = list(later)
        self.drawn: list[Run] = []
        self.followed: list[Mapping[str, Any]] = []
        self.reruns = 0
        monkeypatch.setattr(live, "fragment", self._fragment)
        monkeypatch.setattr(live, "run_watch", self._watch)
        monkeypatch.setattr("streamlit.rerun", self._rerun)
        monkeypatch.setattr(resources, "engine", _Engine)

    def _fragment(self, part: Callable[[], None]) -> Callable[[], None]:
        self.part = part
        return part

    def _watch(self, runs: Mapping[str, Any], *, key: str, at: str) -> None:
        assert (key, at) == ("watch-part", "epoch")
        self.followed.append(runs)

    def _rerun(self) -> None:
        self.reruns += 1

    def show(self, seen: Run) -> None:
        live.while_alive(
            self.drawn.append,
            seen,
            lambda: self.later.pop(0),
            state=lambda run: run.status,
            runs=lambda run: [run],
            key="part",
            at="epoch",
        )


@dataclass
class _Engine:
    def state(self) -> EngineState:
        return READY


def test_the_first_drawing_takes_what_the_page_has_read_and_later_ones_look_again(
    monkeypatch: pytest.MonkeyPatch, a_run: Run
) -> None:
    later = [replace(a_run, step=20), replace(a_run, step=30)]
    page = Page(monkeypatch, *later)
    page.show(a_run)
    assert page.drawn == [a_run]
    page.part()
    page.part()
    assert page.drawn == [a_run, *later]
    assert page.reruns == 0


def test_the_whole_page_runs_again_once_the_state_has_changed_and_it_is_drawn_first(
    monkeypatch: pytest.MonkeyPatch, a_run: Run
) -> None:
    page = Page(monkeypatch, replace(a_run, status="finished"))
    page.show(a_run)
    page.part()
    assert page.drawn[-1].status == "finished"
    assert page.reruns == 1


def test_an_error_is_the_servers_to_say_and_reruns_nothing(
    monkeypatch: pytest.MonkeyPatch, a_run: Run
) -> None:
    page = Page(monkeypatch)
    page.show(a_run)
    with pytest.raises(IndexError):  # the record has nothing more to say
        page.part()
    assert page.reruns == 0


def test_what_moves_is_followed_from_what_was_drawn_and_what_rests_is_not(
    monkeypatch: pytest.MonkeyPatch, a_run: Run
) -> None:
    page = Page(monkeypatch, replace(a_run, status="finished"))
    page.show(a_run)
    stage = progress_words.stage(a_run, READY)
    assert page.followed == [{a_run.id: {"stage": stage, "epoch": 1, "step": 10}}]
    page.part()
    assert len(page.followed) == 1


@pytest.mark.parametrize(
    ("changes", "is_new"),
    [
        ({"step": 17}, False),
        ({"step": 29, "epochs_done": 2, "seconds": 3.0, "val_accuracy": 0.9}, False),
        ({"status": "stopping"}, True),
        ({"step": 0, "epochs_done": 0}, True),
        ({"epochs": 9}, True),
        ({"message": LabError("It waits.")}, True),
    ],
)
def test_a_stage_is_what_a_page_must_be_drawn_anew_for(
    a_run: Run, changes: dict[str, Any], is_new: bool
) -> None:
    assert (progress_words.stage(replace(a_run, **changes), READY) != progress_words.stage(a_run, READY)) is (
        is_new
    )


def test_trouble_of_the_cluster_is_a_stage_of_runs_that_wait(a_run: Run) -> None:
    trouble = EngineState(0, LabError("The workers do not answer."))
    waiting = replace(a_run, status="waiting")
    assert progress_words.stage(waiting, READY) != progress_words.stage(waiting, trouble)
    assert progress_words.stage(a_run, READY) == progress_words.stage(a_run, trouble)


def test_a_waiting_run_tells_its_place_and_a_running_one_how_long_it_takes(a_run: Run) -> None:
    waiting = replace(a_run, status="waiting", position=3)
    assert progress_words.line(waiting, READY, None) == "Waiting in line: number 3."
    assert progress_words.line(waiting, READY, 12.3) == (
        "Waiting in line: number 3. About 12 s until it is done."
    )
    cold = EngineState(0, None)
    assert progress_words.line(waiting, cold, 12.3) == "Waiting: the workers are starting."
    running = replace(a_run, seconds=2.0, val_accuracy=0.9735)
    assert progress_words.line(running, READY, 100.0) == (
        "Epoch 2 of 4 · 2 s an epoch · about 2 min left · validation 97.35%"
    )
    assert progress_words.share(running) == 0.25
