"""The part of a page that moves: what it draws, when it looks again, when the whole page runs again."""

from collections.abc import Callable

import pytest

from dashboard.runs import live

Seen = tuple[str, int]


class Page:
    """A page whose record says one thing after the other."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *later: Seen) -> None:
        self.later = list(later)
        self.drawn: list[Seen] = []
        self.every: float | None = None
        self.reruns = 0
        monkeypatch.setattr(live, "fragment", self._fragment)
        monkeypatch.setattr("streamlit.rerun", self._rerun)

    def _fragment(self, part: Callable[[], None], *, run_every: float | None) -> Callable[[], None]:
        self.part, self.every = part, run_every
        return part

    def _rerun(self) -> None:
        self.reruns += 1

    def show(self, seen: Seen, *, every: float | None = 1.0) -> None:
        live.while_alive(
            self.drawn.append, seen, lambda: self.later.pop(0), state=lambda seen: seen[0], every=every
        )


def test_the_first_drawing_takes_what_the_page_has_read_and_later_ones_look_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = Page(monkeypatch, ("training", 2), ("training", 3))
    page.show(("training", 1))
    assert page.drawn == [("training", 1)]
    page.part()
    page.part()
    assert page.drawn == [("training", 1), ("training", 2), ("training", 3)]
    assert page.reruns == 0


def test_the_whole_page_runs_again_once_the_state_has_changed_and_it_is_drawn_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    page = Page(monkeypatch, ("finished", 2))
    page.show(("training", 1))
    page.part()
    assert page.drawn[-1] == ("finished", 2)
    assert page.reruns == 1


def test_an_error_is_the_servers_to_say_and_reruns_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(monkeypatch)
    page.show(("training", 1))
    with pytest.raises(IndexError):  # the record has nothing more to say
        page.part()
    assert page.reruns == 0


@pytest.mark.parametrize(("alive", "every"), [(True, 1.0), (False, None)])
def test_what_rests_is_not_looked_at(
    monkeypatch: pytest.MonkeyPatch, alive: bool, every: float | None
) -> None:
    page = Page(monkeypatch)
    page.show(("x", 1), every=live.often(alive))
    assert page.every == every
