"""What can be chosen is found on every page that offers it, with its name and its sentence of help."""

import re
from typing import Any

import pytest
from page_lab import Lab

from core.choices.activations import ACTIVATIONS
from core.choices.initializers import FITTING, INITIALIZERS
from core.choices.losses import LOSSES
from core.choices.optimizers import OPTIMIZERS
from core.choices.parameters import PARAMETERS, bounds
from core.settings import DEFAULT
from dashboard.language import helps, names

NEWEST = list(ACTIVATIONS)[-1]
"""The row that was added last: all others have been looked at."""


@pytest.mark.parametrize("code", [NEWEST])
def test_an_activation_is_found_on_every_page_that_shows_activations(lab: Lab, code: str) -> None:
    row = ACTIVATIONS[code]
    app = lab.open("activations", act=code)
    assert not app.exception
    assert row.name in app.sidebar.selectbox(key="setting-activation-0").options
    assert f"**{row.name}**" in [text.value for text in app.markdown]  # its card
    app.button_group(key="activations-set").set_value("own").run()
    assert row.name in app.button_group(key="activations-own").options
    app.session_state["activations-tab"] = "First weights"
    assert f"Usual for {row.name} is **{INITIALIZERS[row.initializer].name}**" in " ".join(
        text.value for text in app.run().markdown
    )


@pytest.mark.parametrize("code", [NEWEST])
def test_an_activation_is_found_in_the_networks_summary_and_source(lab: Lab, code: str) -> None:
    row = ACTIVATIONS[code]
    app = lab.open("network", act=code)
    assert not app.exception
    assert f"dense, {row.name}" in app.table[0].value["kind"].tolist()
    app.session_state["network-tab"] = "As Keras code"
    assert f'activation="{row.keras_name}"' in app.run().code[0].value


@pytest.mark.parametrize("code", [NEWEST])
def test_an_activation_can_be_swept(lab: Lab, code: str) -> None:
    app = lab.open("compare")
    app.session_state["compare-tab"] = "Sweep"
    app.run()
    assert ACTIVATIONS[code].name in app.multiselect(key="sweep-columns-activation").options


def test_an_unknown_code_has_no_name() -> None:
    for name in (names.activation, names.initializer, names.optimizer, names.loss):
        with pytest.raises(KeyError):
            name("nonsense")


def test_one_name_a_choice() -> None:
    for table in (ACTIVATIONS, INITIALIZERS, OPTIMIZERS, LOSSES):
        assert len({row.name for row in table.values()}) == len(table)


def test_every_control_of_the_sidebar_has_its_sentence(lab: Lab) -> None:
    app = lab.open("train", hidden="20-30-40", split="random", schedule="step")
    kinds = ("selectbox", "number_input", "toggle", "slider", "text_input", "button_group")
    controls: list[Any] = [control for kind in kinds for control in app.sidebar.get(kind)]
    assert len(controls) == len(PARAMETERS) + 3  # hidden layers have four
    for control in controls:
        assert control.proto.help.rstrip().endswith("."), control.label


def test_numbers_of_the_help_are_those_on_the_screen(lab: Lab) -> None:
    app = lab.open("train")
    assert "1,719 steps an epoch" in app.sidebar.selectbox(key="setting-batch_size-0").proto.help
    assert "17,190 steps" in app.sidebar.number_input(key="setting-epochs-0").proto.help
    app.sidebar.selectbox(key="setting-batch_size-0").select("64").run()
    assert "860 steps an epoch" in app.sidebar.selectbox(key="setting-batch_size-0").proto.help
    app.sidebar.selectbox(key="setting-optimizer-0").select("adam").run()
    assert "for Adam, Keras takes 0.001" in app.sidebar.selectbox(key="setting-learning_rate-0").proto.help


def test_a_usual_penalty_is_offered_once(lab: Lab) -> None:
    control = lab.open("train", l2="1e-05").sidebar.selectbox(key="setting-l2-0")
    assert control.value == "0.00001"
    assert control.options == ["0", "0.00001", "0.0001", "0.001", "0.01"]


def test_the_usual_rate_stands_beside_another_one(lab: Lab) -> None:
    app = lab.open("train")
    assert not [item for item in app.sidebar.caption if "Usual for" in item.value]
    app.sidebar.selectbox(key="setting-optimizer-0").select("adam").run()
    assert [item.value for item in app.sidebar.caption if "Usual for" in item.value] == [
        "Usual for Adam is 0.001."
    ]


def test_what_is_folded_is_named_and_what_cannot_act_is_told(lab: Lab) -> None:
    def notes(**link: str) -> list[str]:
        return [item.value for item in lab.open("train", **link).sidebar.caption]

    assert notes(act="tanh") == []
    assert notes(drop="0.2", act="tanh") == ["300-100 tanh, dropout 0.2"]
    told = notes(hidden="none", drop="0.2", patience="9")
    assert told[0] == "softmax, dropout 0.2, patience 9"
    assert [text.removeprefix(":material/info: ") for text in told[1:]] == [
        "Dropout does nothing here: there is no hidden layer.",
        "A patience of 9 cannot end a run of 10 epochs early: it would need 11.",
    ]
    _name, sketch = notes(schedule="cosine", warm="0.5")
    assert sketch == "The rate in 10 epochs: 0 in the first step, at most 0.01, 0 in the last."


def test_each_choice_has_its_own_sentence() -> None:
    for name, table in (("optimizer", OPTIMIZERS), ("loss", LOSSES), ("initializer", INITIALIZERS)):
        told = helps.setting(name, DEFAULT)
        assert all(f"- **{row.name}**: {row.help}" in told for row in table.values())
    assert names.initializer(FITTING) in helps.setting("initializer", DEFAULT)
    for row in PARAMETERS:
        assert not re.search(r"[{}]", helps.setting(row.name, DEFAULT))


def test_bounds_of_the_controls_are_those_of_the_check(lab: Lab) -> None:
    app = lab.open("train", split="random")
    for name in ("epochs", "seed", "gradient_clipping", "validation", "train", "split_seed"):
        control = app.sidebar.number_input(key=f"setting-{name}-0")
        assert (control.min, control.max) == bounds(name), name


@pytest.mark.parametrize("rate", ["0.0123456789", "1e-07", "0.30000000000000004"])
def test_no_digit_of_a_rate_is_lost(lab: Lab, rate: str) -> None:
    app = lab.open("train", rate=rate, clip=rate)
    assert app.query_params["rate"] == app.query_params["clip"] == rate
