from study_lab import run_of

from core.settings import DEFAULT
from dashboard.app_pages.train import run_list


def test_a_thousand_epochs_are_told_in_plain_figures() -> None:
    runs = [run_of(DEFAULT.change(epochs=1000)), run_of(DEFAULT.change(epochs=3), done=2)]
    assert list(run_list.table(runs)["epochs"]) == ["1,000 / 1,000", "2 / 3"]
