"""The list of runs: what stands in its rows, and that groups are folded."""

from dataclasses import replace

from study_lab import run_of

from core.runs.origin import Origin
from core.settings import DEFAULT
from dashboard.app_pages.train import run_list
from dashboard.look import style
from dashboard.runs.groups import folded
from dashboard.runs.identities import Identity
from dashboard.runs.run_cells import cells

SWEEP = Origin.read("sweep:1234")


def test_a_thousand_epochs_are_told_in_plain_figures() -> None:
    runs = [run_of(DEFAULT.change(epochs=1000)), run_of(DEFAULT.change(epochs=3), done=2)]
    assert [cells(run)[1] for run in runs] == ["1,000 / 1,000", "2 / 3"]


def test_single_runs_have_their_line_and_a_sweep_is_one_row_with_its_best() -> None:
    alone = run_of(DEFAULT, run_id="alone")
    sweep = [
        replace(
            run_of(DEFAULT.change(activation=code), run_id=code, status=status),
            origin=SWEEP,
            val_accuracy=accuracy,
        )
        for code, status, accuracy in (
            ("relu", "finished", 0.91),
            ("tanh", "finished", 0.95),
            ("elu", "running", None),
        )
    ]
    known = {"alone": Identity(style.RUN_COLORS[1], "300-100 ReLU, 3 epochs")}
    first, second = run_list.rows(folded([sweep[0], alone, *sweep[1:]]), known)
    assert first["id"] == "sweep:1234"
    assert first["name"] == "Sweep: Activation · 3 runs"
    assert first["cells"] == ["2 of 3 done", "", "best 95.00%", ""]
    assert second["name"] == "300-100 ReLU, 3 epochs"
    assert style.RUN_COLORS[1].color in second["mark"]
    assert not first["mark"]
