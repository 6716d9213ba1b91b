"""What stands beside and behind a run's curve on Train."""

from __future__ import annotations

from page_lab import LEARNER, Lab
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
