"""Which network Draw and Test take at first: the best finished one, never a cell or a failed one."""

import pytest
from page_lab import Lab
from reading_lab import texts, trained

from core.runs.origin import Kind, Origin
from core.settings import DEFAULT


def first_choices(lab: Lab, **query: str) -> tuple[object, object]:
    """What Draw and Test have chosen when they are opened."""
    draw, test = lab.open("draw", **query), lab.open("exam", **query)
    assert not draw.exception
    assert not test.exception
    box = [box for box in test.main.selectbox if box.label == "Network to examine"]
    return draw.main.multiselect[0].value, box[0].value if box else None


def test_the_best_is_chosen_not_the_newest(lab: Lab) -> None:
    best = trained(lab, accuracy=0.98)
    newest = trained(lab, DEFAULT.change(seed=1), accuracy=0.97)
    assert first_choices(lab) == ([best], best)
    assert first_choices(lab, run=newest) == ([best], best)


def test_among_equals_the_run_on_the_screen_is_chosen(lab: Lab) -> None:
    older, newer = trained(lab), trained(lab, DEFAULT.change(seed=1))
    assert first_choices(lab) == ([newer], newer)
    assert first_choices(lab, run=older) == ([older], older)


@pytest.mark.parametrize("kind", ["sweep", "rate"])
def test_a_cell_of_a_sweep_is_never_chosen(lab: Lab, kind: Kind) -> None:
    own = trained(lab, accuracy=0.9)
    cell = trained(lab, DEFAULT.change(seed=1), accuracy=0.99, origin=Origin.of(kind, DEFAULT))
    assert first_choices(lab) == ([own], own)
    assert first_choices(lab, run=cell) == ([own], own)


@pytest.mark.parametrize("outcome", ["diverged", "failed"])
def test_a_run_that_went_wrong_is_never_chosen(lab: Lab, outcome: str) -> None:
    wrong = trained(lab, accuracy=0.99, outcome=outcome)
    assert first_choices(lab, run=wrong) == (["shipped"], None)


def test_cells_alone_leave_the_choice_to_the_learner(lab: Lab) -> None:
    """Nobody spends the envelope on one of them by accident."""
    cell = trained(lab, origin=Origin.of("sweep", DEFAULT))
    assert first_choices(lab) == (["shipped"], None)
    app = lab.open("exam")
    assert not [button for button in app.main.button if button.key == "open-envelope"]
    app.main.selectbox[0].select(cell).run()
    assert app.button(key="open-envelope")


@pytest.mark.parametrize("kind", ["sweep", "rate", "seeds"])
def test_finished_cells_are_not_told_to_be_unfinished(lab: Lab, kind: Kind) -> None:
    trained(lab, origin=Origin.of(kind, DEFAULT))
    said = texts(lab.open("draw"))
    assert "None of your own runs is finished yet" not in said
    assert "All your finished runs belong to a sweep, a search or repeats" in said


def test_a_link_to_another_s_network_has_it_answer(lab: Lab) -> None:
    trained(lab)
    lent = trained(lab, learner="somebody-else-in-the-class", accuracy=0.5)
    draw, test = first_choices(lab, run=lent)
    assert draw == [lent]
    assert test == lent


def test_accuracy_stands_beside_each_name_and_the_shipped_one_is_found_first(lab: Lab) -> None:
    trained(lab, accuracy=0.9758)
    offered = lab.open("draw").main.multiselect[0].options
    assert offered[0].endswith("% · Shipped with the lab")
    assert offered[1] == "97.58% · 300-100 ReLU"
    assert lab.open("exam").main.selectbox[0].options == ["97.58% · 300-100 ReLU"]


def test_an_unfinished_network_may_be_chosen_but_is_not_at_first(lab: Lab) -> None:
    running = lab.trained(end=False)
    app = lab.open("draw", run=running)
    assert app.main.multiselect[0].value == ["shipped"]
    assert "None of your own runs is finished yet" in texts(app)
