"""What stands beside and behind a run's curve on Train."""

from __future__ import annotations

from typing import Any

from page_lab import LEARNER, Lab, components
from reading_lab import texts
from record_lab import checkpoint, point, take
from streamlit.testing.v1 import AppTest

from core.settings import DEFAULT


def published(app: AppTest) -> list[str]:
    """What explains the switch of the published curve, where it stands."""
    return [toggle.help for toggle in app.main.toggle if toggle.label == "Published curve"]


def test_the_published_curve_comes_when_it_tells_no_ending_and_says_what_it_is(lab: Lab) -> None:
    run = lab.store.runs.create(LEARNER, DEFAULT)
    claim = take(lab.store, run)
    lab.store.claims.record(claim, [point(0), point(172)])
    app = lab.open("train", run=run)
    assert published(app) == []
    lab.store.claims.record(claim, [point(1_719, end=True)], checkpoint(1_719))
    app.run()
    assert "the lab report this lab grew from" in "".join(published(app))
    app.main.button_group(key="progress-axis").select("Seconds").run()
    assert published(app) == []  # its seconds are another machine's


def test_an_experiment_that_the_report_did_not_do_has_no_published_curve(lab: Lab) -> None:
    run = lab.trained(DEFAULT.change(learning_rate=0.02))
    assert published(lab.open("train", run=run)) == []


def test_the_witnesses_stand_beside_the_curve(lab: Lab) -> None:
    assert "**24 validation digits**" in texts(lab.open("train", run=lab.trained()))


def test_a_rate_that_changes_has_a_chart_of_what_was_used_and_what_is_to_come(lab: Lab) -> None:
    def charts(run: str) -> list[dict[str, Any]]:
        return [
            each for each in components(lab.open("train", run=run), "live_chart") if "rate" in each["alt"]
        ]

    assert charts(lab.trained()) == []
    run = lab.store.runs.create(LEARNER, DEFAULT.change(schedule="cosine"))
    claim = take(lab.store, run)
    lab.store.claims.record(claim, [point(0), point(1_719, end=True)], checkpoint(1_719))
    (chart,) = charts(run)
    assert chart["told"] == "From 0.01 in the first step to 0 at the end of 10 epochs."
    assert [trace["name"] for trace in chart["figure"]["data"]] == ["used", "to come"]
    assert [trace["line"]["dash"] for trace in chart["figure"]["data"]] == ["solid", "dot"]
