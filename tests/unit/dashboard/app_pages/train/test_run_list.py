"""The list of runs: what a page of it holds, and that names stay apart across its pages."""

from study_lab import run_of

from core.settings import DEFAULT
from dashboard.app_pages.train import run_list
from dashboard.runs.run_cells import cells


def test_a_thousand_epochs_are_told_in_plain_figures() -> None:
    runs = [run_of(DEFAULT.change(epochs=1000)), run_of(DEFAULT.change(epochs=3), done=2)]
    assert [cells(run)[1] for run in runs] == ["1,000 / 1,000", "2 / 3"]


def test_a_page_holds_so_many_and_twins_are_told_apart_from_those_on_other_pages() -> None:
    runs = [run_of(DEFAULT, run_id=f"run-{number}") for number in range(run_list.PAGE + 1)]
    first, second = run_list.rows(runs, 0), run_list.rows(runs, run_list.PAGE)
    assert [row["id"] for row in first + second] == [run.id for run in runs]
    assert len({row["name"] for row in first + second}) == len(runs)
