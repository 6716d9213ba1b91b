"""Runs of sweeps, searches and repeats, folded."""

from dataclasses import replace

from study_lab import run_of

from core.runs.origin import Origin
from core.runs.run import Run
from core.settings import DEFAULT, Settings
from dashboard.runs.groups import alone, groups


def run(settings: Settings, origin: str | None, accuracy: float | None = None) -> Run:
    found = run_of(settings, run_id=f"{origin}-{accuracy}")
    return replace(found, origin=Origin.read(origin) if origin else None, val_accuracy=accuracy)


def test_each_group_has_one_entry_with_its_best_and_single_runs_stay_alone() -> None:
    sweep = [run(DEFAULT.change(activation=code), "sweep:a", 0.9) for code in ("relu", "tanh")]
    best = run(DEFAULT.change(activation="elu"), "sweep:a", 0.97)
    runs = [run(DEFAULT, None), sweep[0], run(DEFAULT.change(seed=3), "seeds:b"), best, sweep[1]]
    runs.append(run(DEFAULT, "duel:c"))
    first, second = groups(runs)
    assert first.runs == (sweep[0], best, sweep[1])
    assert first.best is best
    assert first.told == "Sweep: Activation · 3 runs"
    assert second.told == "Repeats: 300-100 ReLU · 1 run"
    assert second.best is second.runs[0]
    assert alone(runs) == [runs[0], runs[-1]]


def test_two_sweeps_of_the_same_setting_have_two_names_and_the_older_keeps_its_own() -> None:
    runs = [
        run(DEFAULT.change(seed=seed, learning_rate=rate), f"sweep:{name}")
        for name, seed in (("new", 1), ("old", 0))
        for rate in (0.1, 0.2)
    ]
    assert [group.name for group in groups(runs)] == ["Sweep: Learning rate (2)", "Sweep: Learning rate (1)"]
