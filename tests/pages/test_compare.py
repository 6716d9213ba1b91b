"""Compare: the table, the guard, luck, sweeps and the search for a rate, on runs as a worker leaves them."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from page_lab import LEARNER, Lab
from record_lab import share_no_more
from streamlit.testing.v1 import AppTest

from core.choices.activations import ACTIVATIONS
from core.limits import MOST_UNFINISHED_RUNS
from core.runs.origin import Origin
from core.runs.progress import Checkpoint, Point, steps_per_epoch
from core.runs.rates import at_usual_rate
from core.settings import DEFAULT, PRESETS, Settings
from core.study.comparison import differing
from core.study.rate_search import RATES, rate_search
from core.study.repeats import repeats_of
from core.study.sweep import Axis, Sweep
from dashboard.app_pages.compare import bundles, run_edits, run_search, run_table
from dashboard.frame import session
from dashboard.look import style
from dashboard.runs import chosen_runs, swatches
from dashboard.runs.published_lines import published_line

TANH = DEFAULT.change(activation="tanh")
STRANGER = "another-learner-altogether"


def trained(
    lab: Lab,
    settings: Settings,
    accuracies: Sequence[float] = (0.9,),
    *,
    outcome: str = "finished",
    loss: float = 0.3,
    **names: Any,
) -> str:
    """A run, trained for itself, that ended with these validation accuracies, epoch by epoch."""
    share_no_more(lab.store)
    run = lab.store.runs.create(LEARNER, settings.change(epochs=len(accuracies)), **names)
    claim = lab.store.claims.take(run, "worker of the tests")
    assert claim is not None
    steps = steps_per_epoch(settings.data.train, settings.training.batch_size)
    points = [Point(0, 0.0, 0.1, val_loss=2.4, val_accuracy=0.1)]
    points += [
        Point(steps * epoch, epoch, 2.0 * epoch, loss, 0.9, loss, 0.9, loss, accuracy)
        for epoch, accuracy in enumerate(accuracies, start=1)
    ]
    checkpoint = Checkpoint(steps * len(accuracies), 2.0 * len(accuracies), np.zeros((2, 3)), {}, [])
    lab.store.claims.record(claim, points, checkpoint, None)
    lab.store.claims.end(claim, outcome)
    return run


def choose(lab: Lab, *runs: str) -> None:
    document = json.dumps({run: place for place, run in enumerate(runs)})
    lab.store.documents.save(LEARNER, chosen_runs.KIND, document)


def open_tab(lab: Lab, title: str) -> AppTest:
    app = lab.open("compare")
    app.session_state["compare-tab"] = title
    return app.run()


def texts(app: AppTest) -> str:
    """Everything the page says in sentences."""
    spoken = (app.main.markdown, app.success, app.warning, app.info, app.caption, app.error)
    return "\n".join(element.value for elements in spoken for element in elements)


def key_table(app: AppTest) -> str:
    """The table that says what each line is."""
    return "".join(element.proto.body for element in app.get("html") if "key-table" in element.proto.body)


def chosen_ids(lab: Lab) -> list[str]:
    return list(json.loads(lab.store.documents.get(LEARNER, chosen_runs.KIND) or "{}"))


# The runs on the chart


def test_without_a_run_the_page_says_what_to_do_and_shows_what_was_published(lab: Lab) -> None:
    app = lab.open("compare")
    assert not app.exception
    assert "No run yet" in texts(app)
    html = key_table(app)
    assert "Published: 300-100" in html
    assert "97.58%" in html


def test_at_first_the_two_newest_runs_are_side_by_side_but_not_those_of_sweeps(lab: Lab) -> None:
    trained(lab, DEFAULT.change(activation="elu"))
    trained(lab, DEFAULT)
    trained(lab, TANH)
    trained(lab, DEFAULT.change(activation="gelu"), origin=Origin.read("sweep:12345678"))
    lab.store.runs.create(LEARNER, DEFAULT.change(activation="swish"))  # nothing to see yet
    app = lab.open("compare")
    assert not app.exception
    assert "differ only in Activation (ReLU, tanh)" in app.success[0].value


def test_a_choice_survives_a_reload(lab: Lab) -> None:
    runs = [trained(lab, DEFAULT.change(activation=code)) for code in ("relu", "tanh", "elu", "gelu")]
    choose(lab, runs[0], runs[3])
    for _visit in range(2):
        assert "Activation (ReLU, GELU)" in lab.open("compare").success[0].value


def test_a_run_keeps_its_line_whoever_is_chosen_beside_it(lab: Lab, learner: None) -> None:
    """W2: the same two runs were blue and orange in the duel and swapped on Compare."""
    ids = [trained(lab, settings) for settings in (DEFAULT, TANH, DEFAULT.change(hidden=(20,)))]
    runs = lab.store.runs.of(LEARNER)
    lines = []
    for picked in (ids, ids[::-1], ids[1:]):
        choose(lab, *picked)
        bundled = bundles.bundled(chosen_runs.chosen(runs), runs, bands=True)
        lines.append({bundle.first.id: bundle.line for bundle in bundled})
    assert lines[0] == lines[1]
    assert lines[2].items() <= lines[0].items()
    assert len({line.color for line in lines[0].values()}) == 3
    assert lines[0][ids[1]] == style.choice_line(ACTIVATIONS, "tanh")


def test_a_ninth_run_is_refused_politely_and_nothing_changes(
    lab: Lab, learner: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chosen_runs, "MOST_RUNS", 8)
    ids = [trained(lab, DEFAULT.change(seed=seed)) for seed in range(9)]
    choose(lab, *ids[:8])
    runs = lab.store.runs.of(LEARNER)
    with pytest.raises(chosen_runs.TooManyChosen, match="8 runs"):
        chosen_runs.choose(runs, {ids[8]: True})
    assert chosen_ids(lab) == ids[:8]
    assert not lab.open("compare").exception


def test_lines_are_called_by_what_differs_or_by_the_learners_own_name(lab: Lab, learner: None) -> None:
    trained(lab, TANH)
    trained(lab, DEFAULT, name="mine")
    trained(lab, DEFAULT.change(learning_rate=0.1))
    runs = lab.store.runs.of(LEARNER)[::-1]
    lines = bundles.bundled(runs, runs, bands=False)
    assert [line.name for line in lines] == ["300-100 tanh", "mine", "300-100 ReLU, SGD 0.1"]
    assert [line.name for line in bundles.bundled(runs[:1] + runs[2:], runs, bands=False)] == [
        "300-100 tanh",
        "300-100 ReLU, SGD 0.1",
    ]
    sweep = [trained(lab, DEFAULT.change(train=1000, activation=code)) for code in ("relu", "tanh")]
    runs = [lab.store.runs.get(run, learner=LEARNER) for run in sweep]
    assert [line.name for line in bundles.bundled(runs, runs, bands=False)] == ["ReLU", "tanh"]


def test_losses_of_different_kinds_are_said_to_have_charts_of_their_own(lab: Lab) -> None:
    choose(lab, trained(lab, DEFAULT), trained(lab, DEFAULT.change(loss="squared-error")))
    assert "not measured in the same unit" in texts(lab.open("compare"))


def test_smoothing_is_offered_for_training_figures_only_and_is_off(lab: Lab) -> None:
    trained(lab, DEFAULT)
    app = lab.open("compare")
    assert not [slider.label for slider in app.main.select_slider]
    app.main.button_group(key="compare-part").set_value("training").run()
    assert not app.exception
    assert app.main.select_slider(key="compare-smoothing").value == 1


# The table


@pytest.fixture
def learner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "learner", lambda: LEARNER)


def test_the_table_tells_names_figures_and_the_settings_that_differ(lab: Lab) -> None:
    run = trained(lab, DEFAULT, (0.8, 0.95, 0.9))
    trained(lab, TANH)
    lab.store.looks.add(run, {"accuracy": 0.9312}, learner=LEARNER)
    table = run_table.table(lab.store.runs.of(LEARNER), [], lab.store.looks.of_learner(LEARNER))
    row = table.loc[run]
    assert (row["name"], row["test"]) == ("300-100 ReLU", 93.12)
    assert row["val_accuracy"] == 90.0  # S15: of the last epoch, whose weights are examined; not the best
    assert (row["epochs"], row["seconds"], row["state"]) == (3, 6.0, "finished")
    assert row["setting activation"] == "ReLU"
    assert np.isnan(table["test"].iloc[0])
    assert "origin" not in table.columns
    assert [name for name in table.columns if name.startswith(run_table.SETTING)] == ["setting activation"]


def test_hidden_layers_that_differ_leave_the_box_that_hides_a_run(lab: Lab) -> None:
    for hidden in ((300, 100), (20, 20)):
        trained(lab, DEFAULT.change(hidden=hidden))
    table = run_table.table(lab.store.runs.of(LEARNER), [], {})
    assert not table["hidden"].any()
    assert list(table["setting hidden"]) == ["20-20", "300-100"]
    labels = run_table._columns(table)
    assert labels["hidden"]["label"] == "Hide"
    assert labels["setting hidden"] == "Hidden layers"


def test_edits_are_kept_and_checked_by_the_store(lab: Lab, learner: None) -> None:
    run = trained(lab, DEFAULT)
    runs = lab.store.runs.of(LEARNER)
    edits = {run: {"name": "My best", "note": "try <b>more</b>", "starred": np.True_}}
    run_edits.apply(edits, runs, lab.store)
    found = lab.store.runs.get(run, learner=LEARNER)
    assert (found.name, found.note, found.starred, found.hidden) == (
        "My best",
        "try <b>more</b>",
        True,
        False,
    )
    run_edits.apply({run: {"name": None, "note": None}}, runs, lab.store)
    kept = lab.store.runs.get(run, learner=LEARNER)
    assert (kept.name, kept.note) == (None, "")


def test_a_hidden_run_leaves_list_and_chart_but_is_not_lost(lab: Lab, learner: None) -> None:
    run, other = trained(lab, DEFAULT), trained(lab, TANH)
    choose(lab, run, other)
    run_edits.apply({run: {"hidden": True}}, lab.store.runs.of(LEARNER), lab.store)
    assert chosen_ids(lab) == [other]
    app = lab.open("compare")
    assert not app.exception
    assert list(app.main.dataframe[0].value.index) == [other]
    app.toggle(key="compare-hidden").set_value(True).run()
    assert set(app.main.dataframe[0].value.index) == {run, other}


def test_nobody_elses_run_can_be_edited(lab: Lab, learner: None) -> None:
    mine, theirs = trained(lab, DEFAULT), lab.store.runs.create(STRANGER, DEFAULT)
    choose(lab, mine)
    run_edits.apply({theirs: {"name": "stolen", "chosen": True}}, lab.store.runs.of(LEARNER), lab.store)
    assert lab.store.runs.get(theirs).name is None
    assert chosen_ids(lab) == [mine]
    assert theirs not in lab.open("compare").main.dataframe[0].value.index


def test_only_what_was_just_edited_is_news() -> None:
    """An editor repeats its edits at every rerun; a change made elsewhere must not be undone by one."""

    def table(starred: bool, name: str = "run") -> pd.DataFrame:
        row = {"chosen": False, "name": name, "note": "", "starred": starred, "hidden": False}
        return pd.DataFrame([row], index=["r"])

    assert run_edits.fresh_edits(table(False), table(True), None) == {"r": {"starred": True}}
    assert run_edits.fresh_edits(table(True), table(True), table(True)) == {}
    unstarred_elsewhere = run_edits.fresh_edits(table(False), table(True), table(True))
    assert unstarred_elsewhere == {}
    renamed_then = run_edits.fresh_edits(table(False), table(True, "new"), table(True))
    assert renamed_then == {"r": {"name": "new"}}


def test_of_however_many_lists_of_runs_a_session_keeps_one_table(lab: Lab) -> None:
    relu, tanh = trained(lab, DEFAULT), trained(lab, TANH)
    choose(lab)
    app = lab.open("compare")
    shown = set()
    for words in ("", "tanh", "relu"):
        app.text_input(key="compare-search").set_value(words).run()
        shown.add(frozenset(app.main.dataframe[0].value.index))
    assert shown == {frozenset({relu, tanh}), frozenset({tanh}), frozenset({relu})}
    kept = [
        each
        for value in app.session_state["kept"].values()
        for each in (value if isinstance(value, tuple) else (value,))
    ]
    assert sum(isinstance(each, pd.DataFrame) for each in kept) == 1


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", True),
        ("tanh", True),
        ("TANH adam", True),
        ("20 × 100", True),
        ("favourite", True),
        ("elu", False),
        ("tanh sgd", False),
    ],
)
def test_search_finds_names_notes_and_settings(lab: Lab, words: str, found: bool) -> None:
    run = trained(lab, PRESETS["twenty-layer"].change(activation="tanh", optimizer="adam"), name="x")
    lab.store.runs.change(run, learner=LEARNER, note="my favourite")
    assert run_search.fits(lab.store.runs.get(run, learner=LEARNER), words) is found


def test_runs_of_sweeps_and_repeats_are_listed_on_request(lab: Lab) -> None:
    own = trained(lab, DEFAULT)
    repeat = trained(lab, DEFAULT.change(seed=1), origin=Origin.read("seeds:12345678"))
    app = lab.open("compare")
    assert list(app.main.dataframe[0].value.index) == [own]
    app.toggle(key="compare-many").set_value(True).run()
    assert list(app.main.dataframe[0].value.index) == [repeat, own]


def test_who_has_nothing_but_a_sweep_sees_its_runs(lab: Lab) -> None:
    run = trained(lab, DEFAULT, origin=Origin.read("sweep:12345678"))
    app = lab.open("compare")
    assert list(app.main.dataframe[0].value.index) == [run]
    app.toggle(key="compare-many").set_value(False).run()
    assert "switch on what is left out" in texts(app)


# The guard


def test_a_difference_in_several_settings_is_put_down_to_none_and_the_missing_runs_are_run(lab: Lab) -> None:
    first = trained(lab, DEFAULT, (0.9, 0.92))
    other = trained(
        lab, DEFAULT.change(activation="tanh", optimizer="adam", learning_rate=0.001), (0.9, 0.93)
    )
    choose(lab, first, other)
    app = lab.open("compare")
    assert "differ in 3 settings" in app.warning[0].value
    assert "cannot be put down to any one of them" in app.warning[0].value
    button = app.button(key="compare-missing")
    assert button.label == "Run what is missing (2)"
    assert "the optimiser together with its usual rate" in texts(app)
    button.click().run()
    assert not app.exception
    started = [run for run in lab.store.runs.of(LEARNER) if run.status == "waiting"]
    assert {tuple(differing([DEFAULT, run.settings])) for run in started} == {
        ("activation",),
        ("optimizer", "learning_rate"),
    }
    assert {run.epochs for run in started} == {2}
    assert all(run.origin and run.origin.kind == "fair" for run in started)
    assert chosen_ids(lab) == [first, other, *[run.id for run in started[::-1]]]
    assert "compare each of them with the first" in texts(app)
    assert not [button for button in app.button if button.key == "compare-missing"]


def test_runs_that_exist_are_put_on_the_chart_instead_of_run_again(lab: Lab) -> None:
    first, other = trained(lab, DEFAULT), trained(lab, TANH.change(optimizer="adam"))
    known = {trained(lab, TANH), trained(lab, at_usual_rate(DEFAULT.change(optimizer="adam")))}
    choose(lab, first, other)
    app = lab.open("compare")
    assert app.button(key="compare-missing").label == "Put them on the chart"
    app.button(key="compare-missing").click().run()
    assert len(lab.store.runs.of(LEARNER)) == 4
    assert set(chosen_ids(lab)) == {first, other} | known


def test_without_room_in_the_queue_nothing_is_started(lab: Lab) -> None:
    choose(lab, trained(lab, DEFAULT), trained(lab, TANH.change(optimizer="adam")))
    for seed in range(MOST_UNFINISHED_RUNS - 1):
        lab.store.runs.create(LEARNER, DEFAULT.change(seed=100 + seed))
    app = lab.open("compare")
    assert app.button(key="compare-missing").disabled
    assert app.button(key="compare-repeat").disabled
    assert "you may have 1 more" in texts(app)


def test_one_change_each_is_fair_against_the_first(lab: Lab) -> None:
    choose(lab, trained(lab, DEFAULT), trained(lab, TANH), trained(lab, DEFAULT.change(seed=3)))
    app = lab.open("compare")
    app.toggle(key="compare-bands").set_value(False).run()
    assert "Fair against the first run" in app.success[0].value
    assert not app.warning


def test_two_optimisers_at_one_rate_are_not_called_fair(lab: Lab) -> None:
    """S11: SGD at Adam's 0.001 reads 11 %, and it was "a fair comparison"."""
    first, other = trained(lab, DEFAULT), trained(lab, DEFAULT.change(optimizer="adam"))
    choose(lab, first, other)
    app = lab.open("compare")
    assert not app.success
    assert "**One rate for several optimisers** is not fair" in app.warning[0].value
    assert "The usual rates are SGD 0.01, Adam 0.001." in app.warning[0].value
    app.button(key="compare-usual-rates").click().run()
    assert not app.exception
    (started,) = [run for run in lab.store.runs.of(LEARNER) if run.status == "waiting"]
    assert started.settings == DEFAULT.change(optimizer="adam", learning_rate=0.001, epochs=1)
    assert chosen_ids(lab) == [first, started.id]


def test_two_optimisers_each_at_its_usual_rate_are_fair(lab: Lab) -> None:
    adam = DEFAULT.change(optimizer="adam", learning_rate=0.001)
    choose(lab, trained(lab, DEFAULT), trained(lab, adam))
    app = lab.open("compare")
    assert "each optimiser at a rate of its own" in app.success[0].value
    assert not app.warning


def test_each_at_its_own_best_rate_is_two_clicks_away_and_fair(lab: Lab) -> None:
    adam = DEFAULT.change(optimizer="adam")
    choose(lab, trained(lab, DEFAULT), trained(lab, adam))
    app = lab.open("compare")
    assert "20 short runs" in app.button(key="compare-best-rates").label
    searched(lab, dict.fromkeys(RATES, 2.2) | {0.1: 0.3})
    searched(lab, dict.fromkeys(RATES, 2.2) | {0.003: 0.3}, adam)
    app = lab.open("compare")
    (button,) = [one for one in app.button if one.label == "Each at its own best rate"]
    button.click().run()
    assert not app.exception
    started = [run.settings for run in lab.store.runs.of(LEARNER) if run.status == "waiting"]
    assert {(one.training.optimizer, one.training.learning_rate) for one in started} == {
        ("sgd", 0.1),
        ("adam", 0.003),
    }
    choose(
        lab, trained(lab, DEFAULT.change(learning_rate=0.1)), trained(lab, adam.change(learning_rate=0.003))
    )
    assert "each optimiser at a rate of its own" in lab.open("compare").success[0].value


def test_runs_that_differ_in_their_seed_only_are_luck(lab: Lab) -> None:
    choose(lab, trained(lab, DEFAULT), trained(lab, DEFAULT.change(seed=7)))
    app = lab.open("compare")
    app.toggle(key="compare-bands").set_value(False).run()
    assert "Only the seed differs" in app.success[0].value


def test_runs_on_other_validation_images_are_not_judged(lab: Lab) -> None:
    for seed in range(2):
        pair = [trained(lab, DEFAULT.change(seed=seed, validation=size)) for size in (5_000, 1_000)]
    choose(lab, *pair)
    said = texts(lab.open("compare"))
    assert "validated on different images" in said
    assert "**this is more than luck.**" not in said


# Luck


def seeds(lab: Lab, settings: Settings, accuracies: Sequence[float]) -> str:
    runs = [trained(lab, settings.change(seed=seed), (value,)) for seed, value in enumerate(accuracies)]
    return runs[0]


def test_repeats_run_what_is_missing_of_eight_seeds_and_change_nothing_else(lab: Lab) -> None:
    first, other = trained(lab, DEFAULT, (0.9, 0.92)), trained(lab, TANH, (0.9, 0.91))
    trained(lab, TANH.change(seed=2), (0.9, 0.91))
    choose(lab, first, other)
    app = lab.open("compare")
    assert "13 new runs" in texts(app)
    app.button(key="compare-repeat").click().run()
    assert not app.exception
    started = [run.settings for run in lab.store.runs.of(LEARNER) if run.status == "waiting"]
    expected = {DEFAULT.change(seed=seed, epochs=2) for seed in range(1, 8)}
    assert set(started) == expected | {TANH.change(seed=seed, epochs=2) for seed in (1, 3, 4, 5, 6, 7)}
    assert not [button for button in app.button if button.key == "compare-repeat"]


def test_a_mean_of_several_seeds_is_not_named_by_one_of_them(lab: Lab) -> None:
    trained(lab, DEFAULT)
    choose(lab, trained(lab, DEFAULT.change(seed=3)), trained(lab, TANH))
    table = key_table(lab.open("compare"))
    assert "300-100 ReLU · mean of 2 seeds" in table
    assert "seed 3" not in table


EIGHT = (0.970, 0.974, 0.972, 0.966, 0.969, 0.975, 0.971, 0.967)


def test_better_with_every_seed_is_more_than_luck_though_the_bands_overlap(lab: Lab) -> None:
    """S5: 0.012 against 0.010 was better in 12 of 12 seeds, and "luck could explain it"."""
    relu, tanh = seeds(lab, DEFAULT, EIGHT), seeds(lab, TANH, [value - 0.002 for value in EIGHT])
    choose(lab, relu, tanh)
    said = texts(lab.open("compare"))
    assert "**tanh** is 0.20 points lower than **ReLU** (96.85%, 97.05%)" in said
    assert "ReLU did better with 8 of the 8 seeds that both have." in said
    assert "in 0.8% of cases: **this is more than luck.**" in said
    assert "It is not which 5,000 images validate" in said
    assert "Other validation images might turn it round" in said


def test_what_differs_now_this_way_and_now_that_may_be_luck(lab: Lab) -> None:
    choose(lab, seeds(lab, DEFAULT, EIGHT), seeds(lab, TANH, EIGHT[::-1]))
    said = texts(lab.open("compare"))
    assert "are equal: 97.05%" in said
    choose(lab, seeds(lab, DEFAULT.change(batch_size=64), EIGHT), seeds(lab, DEFAULT, EIGHT[::-1]))
    assert "**this is more than luck.**" not in texts(lab.open("compare"))


def test_too_few_runs_are_not_judged(lab: Lab) -> None:
    choose(lab, seeds(lab, DEFAULT, (0.97, 0.98)), seeds(lab, TANH, (0.90, 0.91)))
    assert "**too few to tell**" in texts(lab.open("compare"))


def test_a_setting_whose_runs_diverge_does_not_win_by_its_survivors(lab: Lab) -> None:
    relu, tanh = seeds(lab, DEFAULT, [0.92] * 5), seeds(lab, TANH, (0.965, 0.966))
    for seed in (2, 3, 4):
        run = lab.store.runs.create(LEARNER, TANH.change(seed=seed, epochs=1))
        claim = lab.store.claims.take(run, "worker of the tests")
        assert claim is not None
        lab.store.claims.end(claim, "diverged")
    choose(lab, relu, tanh)
    said = texts(lab.open("compare"))
    assert "**tanh diverged** with 3 of 5 seeds" in said
    assert "points higher" not in said
    assert "**this is more than luck.**" not in said


def test_the_same_seed_again_is_no_other_luck(lab: Lab) -> None:
    again = [trained(lab, DEFAULT, accuracies) for accuracies in [(0.97,), (0.97,), (0.97, 0.975)]]
    choose(lab, *again)
    app = lab.open("compare")
    assert "seeds" not in key_table(app) + texts(app)
    assert "Another seed starts with other weights" in texts(app)
    run = lab.store.runs.get(again[0])
    assert [each.id for each in repeats_of(run, lab.store.runs.of(LEARNER))] == [again[2]]
    other = trained(lab, DEFAULT.change(seed=1), (0.96,))
    repeats = repeats_of(run, lab.store.runs.of(LEARNER))
    assert [each.id for each in repeats] == [again[2], other]


def test_hidden_repeats_still_count_and_diverged_ones_are_named(lab: Lab) -> None:
    relu = seeds(lab, DEFAULT, (0.97, 0.98))
    lab.store.runs.change(trained(lab, DEFAULT.change(seed=5), (0.50,)), learner=LEARNER, hidden=True)
    trained(lab, DEFAULT.change(seed=6), (0.1,), outcome="diverged")
    choose(lab, relu, seeds(lab, TANH, (0.90, 0.91)))
    said = texts(lab.open("compare"))
    assert "(81.67%" not in said  # without the run that diverged later
    assert "**tanh** is 26.75 points higher than **ReLU** (90.50%, 63.75%)" in said  # with the hidden one
    assert "A run of ReLU diverged later on." in said


def test_longer_runs_are_compared_after_as_many_epochs_as_the_shorter_ones(lab: Lab) -> None:
    choose(lab, trained(lab, DEFAULT, (0.80, 0.81, 0.99)), trained(lab, TANH, (0.85, 0.86)))
    html = key_table(lab.open("compare"))
    assert "Accuracy, epoch 2" in html
    assert "81.00%" in html
    assert "99.00%" not in html


def test_names_cannot_smuggle_markup_into_the_table_of_lines(lab: Lab) -> None:
    trained(lab, DEFAULT, name="<img src=x onerror=alert(1)>")
    html = key_table(lab.open("compare"))
    assert "<img" not in html
    assert "&lt;img" in html


def test_published_figures_tell_that_their_seed_is_not_known(lab: Lab) -> None:
    trained(lab, DEFAULT, (0.9,))
    app = lab.open("compare")
    app.main.button_group(key="compare-published-True").set_value(["twenty-layer"]).run()
    html = key_table(app)
    assert "<span class='chip'>20 × 100</span><span class='chip'>its seed is not known</span>" in html
    assert "21.46%" in html


@pytest.mark.parametrize("line", [*style.RUN_COLORS, published_line("twenty-layer")])
def test_every_line_has_a_swatch_with_its_dashes(line: style.Line) -> None:
    css = swatches.css(line)
    assert css.startswith("repeating-linear-gradient(90deg, " + line.color)
    assert ("transparent" in css) is (line.dash != "solid")


# Sweeps


def test_a_sweep_puts_its_whole_grid_into_the_queue_and_is_found_again(lab: Lab) -> None:
    app = open_tab(lab, "Sweep")
    assert not app.exception
    assert "9 runs." in texts(app)
    app.button(key="sweep-start").click().run()
    assert not app.exception
    runs = lab.store.runs.of(LEARNER)
    assert (
        len({(run.settings.network.hidden, run.settings.network.activation) for run in runs})
        == len(runs)
        == 9
    )
    assert {(run.epochs, run.settings.data.train) for run in runs} == {(3, 10_000)}
    assert all(run.origin and run.origin.kind == "sweep" for run in runs)
    again = open_tab(lab, "Sweep")  # a reload
    assert again.selectbox(key="sweep-rows").value == "hidden"
    assert "9 of them there already" in texts(again)
    assert again.button(key="sweep-start").label == "Show the sweep"
    assert [box for box in again.main.selectbox if box.label == "Cell"]


def test_what_was_trained_before_is_not_trained_again(lab: Lab) -> None:
    base = DEFAULT.change(train=10_000)
    trained(lab, base.change(hidden=(100,), activation="tanh"), (0.9, 0.91, 0.92, 0.93))
    app = open_tab(lab, "Sweep")
    app.button(key="sweep-start").click().run()
    assert sum(run.status == "waiting" for run in lab.store.runs.of(LEARNER)) == 8
    assert "The best so far: **100 · tanh** with 92.00%" in texts(app)  # after three of its four epochs


def test_a_grid_larger_than_the_queue_is_refused_before_it_starts(lab: Lab) -> None:
    app = open_tab(lab, "Sweep")
    app.multiselect(key="sweep-rows-hidden").set_value(
        ["none", "100", "300-100", "5x100", "10x100", "20x100"]
    )
    app.multiselect(key="sweep-columns-activation").set_value(
        ["sigmoid", "tanh", "relu", "leaky-relu", "elu", "maxout"]
    ).run()
    assert app.button(key="sweep-start").disabled
    assert "At most 32 runs may wait at once" in texts(app)
    assert not lab.store.runs.of(LEARNER)


def test_one_setting_alone_can_be_swept(lab: Lab) -> None:
    app = open_tab(lab, "Sweep")
    app.selectbox(key="sweep-columns").select("").run()
    app.button(key="sweep-start").click().run()
    assert not app.exception
    assert {run.settings.network.hidden for run in lab.store.runs.of(LEARNER)} == {
        (100,),
        (100,) * 5,
        (100,) * 20,
    }


def test_without_a_value_there_is_nothing_to_start(lab: Lab) -> None:
    app = open_tab(lab, "Sweep")
    app.multiselect(key="sweep-rows-hidden").set_value([]).run()
    assert not app.exception
    assert app.button(key="sweep-start").disabled


def sweep_of(lab: Lab, rows: Axis, columns: Axis | None = None, **changes: Any) -> Sweep:
    sweep = Sweep(DEFAULT.change(train=10_000, epochs=1, **changes), rows, columns)
    lab.store.documents.save(LEARNER, "sweeps", json.dumps([sweep.to_json()]))
    return sweep


def test_cells_fill_as_results_come_and_open_their_runs(lab: Lab) -> None:
    sweep = sweep_of(lab, Axis("activation", ("relu", "tanh", "elu", "gelu")))
    cells, _refused = sweep.cells()
    trained(lab, cells[0, 0], (0.90,))
    best = trained(lab, cells[1, 0], (0.95,))
    trained(lab, cells[2, 0], (0.1,), outcome="diverged")
    app = open_tab(lab, "Sweep")
    assert not app.exception
    assert "The best of those trained: **tanh** with 95.00% of the validation images" in texts(app)
    (cell,) = [box for box in app.main.selectbox if box.label == "Cell"]
    assert cell.value == (1, 0)
    assert app.button(key="sweep-rest").label == "Train what is missing (1)"
    app.button(key="sweep-open").click().run()
    assert app.query_params["run"] == best
    assert app.title[0].value == "Train"


def test_all_of_a_sweep_is_overlaid_by_one_click_and_said_what_mattered(lab: Lab) -> None:
    """W10: overlaying a sweep's six cells took 13 clicks."""
    sweep = sweep_of(
        lab, Axis("activation", ("sigmoid", "tanh", "relu")), Axis("learning_rate", (0.001, 0.01, 0.1))
    )
    cells, _refused = sweep.cells()
    origin = Origin.of("sweep", sweep.base)
    ids = [
        trained(lab, cell, (0.5 + 0.2 * column + 0.001 * row * column,), origin=origin)
        for (row, column), cell in cells.items()
    ]
    app = open_tab(lab, "Sweep")
    said = texts(app)
    assert "The best: **ReLU · 0.1**" in said
    assert "**Learning rate mattered most**: it explains 100% of what differs between 9 runs" in said
    app.button(key="sweep-overlay").click().run()
    assert not app.exception
    assert chosen_ids(lab) == ids
    assert app.session_state["compare-tab"] == "Side by side"
    chips = "<td><span class='chip'>ReLU</span><span class='chip'>learning rate 0.001</span></td>"
    assert chips in key_table(app)
    trained(lab, DEFAULT)
    choose(lab)
    app = lab.open("compare")
    (button,) = [button for button in app.button if button.label.startswith("Sweep: Activation × Learning")]
    assert button.label.endswith("9 runs")
    button.click().run()
    assert chosen_ids(lab) == ids
    lines = {
        line.first.id: line.line for line in bundles.bundled(*[lab.store.runs.of(LEARNER)] * 2, bands=False)
    }
    colors = [style.choice_line(ACTIVATIONS, code).color for code in ("sigmoid", "tanh", "relu")]
    assert [lines[run].color for run in ids] == [color for color in colors for _rate in range(3)]
    assert len({lines[run] for run in ids}) == 9


def test_another_cell_can_be_chosen_by_keyboard(lab: Lab) -> None:
    sweep = sweep_of(lab, Axis("activation", ("relu", "tanh")))
    cells, _refused = sweep.cells()
    first = trained(lab, cells[0, 0], (0.90,))
    trained(lab, cells[1, 0], (0.95,))
    app = open_tab(lab, "Sweep")
    (cell,) = [box for box in app.main.selectbox if box.label == "Cell"]
    for place in ((0, 0), (1, 0), (0, 0)):  # one after the other
        app.main.selectbox(key=str(cell.key)).set_value(place).run()
        assert [box.value for box in app.main.selectbox if box.label == "Cell"] == [place]
    app.button(key="sweep-add").click().run()
    assert not app.exception
    assert first in chosen_ids(lab)


def test_combinations_that_are_impossible_are_explained(lab: Lab) -> None:
    sweep_of(lab, Axis("train", (40_000, 55_000)), Axis("validation", (5_000, 10_000)))
    app = open_tab(lab, "Sweep")
    assert not app.exception
    (cell,) = [box for box in app.main.selectbox if box.label == "Cell"]
    assert len(cell.options) == 3


@pytest.mark.parametrize("document", ["[]", '["{}"]', '["nonsense", 7]'])
def test_a_sweep_that_cannot_be_read_is_left_out(lab: Lab, document: str) -> None:
    lab.store.documents.save(LEARNER, "sweeps", document)
    app = open_tab(lab, "Sweep")
    assert not app.exception
    assert not [box for box in app.main.selectbox if box.label == "Cell"]


# The search for a rate


def test_a_search_tries_every_rate_from_the_same_start(lab: Lab) -> None:
    app = open_tab(lab, "Find a learning rate")
    app.button(key="rate-start").click().run()
    assert not app.exception
    runs = lab.store.runs.of(LEARNER)
    assert sorted(run.settings.training.learning_rate for run in runs) == list(RATES)
    assert {run.settings.change(learning_rate=0.01) for run in runs} == {
        DEFAULT.change(train=5_120, epochs=1)
    }
    assert not [button for button in app.button if button.key == "rate-start"]


def searched(lab: Lab, losses: dict[float, float], settings: Settings = DEFAULT) -> None:
    cells, _refused = rate_search(settings).cells()
    for cell in cells.values():
        rate = cell.training.learning_rate
        outcome = "finished" if rate in losses else "diverged"
        trained(
            lab,
            cell,
            (0.5,),
            loss=losses.get(rate, 9.0),
            outcome=outcome,
            origin=Origin.read("rate:12345678"),
        )


def test_the_suggested_rate_goes_into_the_sidebar(lab: Lab) -> None:
    searched(lab, dict.fromkeys(RATES, 2.2) | {0.03: 0.50, 0.1: 0.31, 0.3: 0.30, 3.0: 9.0})
    app = open_tab(lab, "Find a learning rate")
    assert not app.exception
    assert "Suggestion: **0.1**" in texts(app)
    app.button(key="rate-take").click().run()
    assert app.query_params["rate"] == "0.1"
    assert app.button(key="rate-take").disabled
    assert "Suggestion: **0.1**" in texts(app)  # another rate in the sidebar is still the same search


def test_another_rate_can_be_taken_than_the_suggested_one(lab: Lab) -> None:
    searched(lab, dict.fromkeys(RATES[:-1], 2.2) | {0.1: 0.31})
    app = open_tab(lab, "Find a learning rate")
    (rate,) = [box for box in app.main.selectbox if box.label == "Rate"]
    rate.set_value(0.03).run()
    app.button(key="rate-take").click().run()
    assert app.query_params["rate"] == "0.03"


def test_no_rate_is_suggested_where_none_learns(lab: Lab) -> None:
    searched(lab, dict.fromkeys(RATES, 2.3))
    app = open_tab(lab, "Find a learning rate")
    assert "No rate gets this network off the guess line in 160 steps." in app.warning[0].value
    assert "or it needs longer: deep networks lie on a plateau" in app.warning[0].value
    assert "Suggestion" not in texts(app)
    app.button(key="rate-longer").click().run()
    assert not app.exception
    assert "about 640 steps" in texts(app)
    assert not app.warning
    app.button(key="rate-start").click().run()
    waiting = [run.settings for run in lab.store.runs.of(LEARNER) if run.status == "waiting"]
    assert {settings.data.train for settings in waiting} == {20_480}


def test_a_suggestion_at_the_edge_says_so(lab: Lab) -> None:
    searched(lab, dict.fromkeys(RATES, 2.2) | {3.0: 0.2})
    assert "**the largest rate that was tried**" in texts(open_tab(lab, "Find a learning rate"))
