"""The seal on the test set: what is shown before this learner has looked, and to whoever was sent a link."""

from page_lab import LEARNER, Lab, components
from reading_lab import texts, trained
from streamlit.testing.v1 import AppTest

from dashboard.app_pages.digits.picture_browser import EXAMPLES

VISITOR = "visitor-of-the-page-tests"


def pictures(app: AppTest) -> int:
    """How many digits the page shows."""
    (sent,) = components(app, "digit_tiles")
    return len(sent["tiles"])


def opened_test_part(lab: Lab) -> AppTest:
    app = lab.open("digits")
    return app.button_group(key="digits-part").set_value("test").run()


def test_a_few_examples_are_all_that_is_seen_of_the_test_part(lab: Lab) -> None:
    app = opened_test_part(lab)
    assert pictures(app) == EXAMPLES == 10
    assert "Here are 10 of 10,000 as examples" in texts(app)
    assert not [box for box in app.main.selectbox if box.key == "digits-order"]  # no way to more of them


def test_a_look_with_a_run_of_one_s_own_opens_the_test_part(lab: Lab) -> None:
    lab.store.looks.add(trained(lab), {"accuracy": 0.9}, learner=LEARNER)
    app = opened_test_part(lab)
    assert pictures(app) == 60
    assert "Sealed" not in texts(app)


def test_another_s_look_opens_nothing_for_me(lab: Lab) -> None:
    run = trained(lab, learner=VISITOR)
    lab.store.looks.add(run, {"accuracy": 0.9}, learner=VISITOR)
    assert pictures(opened_test_part(lab)) == EXAMPLES


def test_which_digits_the_test_part_holds_is_sealed_too(lab: Lab) -> None:
    def split_tab() -> str:
        app = lab.open("digits")
        app.session_state["digits-tab"] = "The split"
        app.run()
        assert not app.exception
        return texts(app)

    assert "is sealed with it" in split_tab()
    lab.store.looks.add(trained(lab), {"accuracy": 0.9}, learner=LEARNER)
    assert "is sealed with it" not in split_tab()


def test_a_link_to_another_s_run_shows_it_sealed_and_opens_nothing(lab: Lab) -> None:
    """The owner has opened it: the visitor sees no figure, has no button, and is counted nothing."""
    run = trained(lab, learner=VISITOR)
    lab.store.looks.add(run, {"accuracy": 0.9}, learner=VISITOR)
    app = lab.open("exam", run=run)
    assert not app.exception
    assert not app.main.error
    assert not app.main.metric
    assert [button.key for button in app.main.button] == ["next-page"]
    assert "trained by somebody else" in texts(app)
    assert lab.store.looks.count(LEARNER) == 0
    assert len(lab.store.looks.of_run(run, learner=VISITOR)) == 1
