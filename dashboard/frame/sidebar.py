"""The experiment's controls: widgets in, checked ``core.settings`` out, on every page."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import streamlit as st

from core.choices.losses import LOSSES
from core.choices.optimizers import OPTIMIZERS
from core.choices.parameters import HIDDEN, PARAMETERS, bounds, codes, parameter
from core.settings import PRESETS, InvalidSetting, Settings, write_hidden
from dashboard.frame import experiment_notes, page, rate_sketch, session
from dashboard.frame.choosing import one_of
from dashboard.frame.folds import folded
from dashboard.frame.once import once
from dashboard.language import _, helps, names

RATES = ("0.0001", "0.001", "0.01", "0.1", "1")
BATCHES = ("8", "16", "32", "64", "128", "256", "512", "1024")
PENALTIES = ("0", "0.00001", "0.0001", "0.001", "0.01")
OWN = "own"
FOLDS = ("fold-training", "fold-rate", "fold-remedies", "fold-network", "fold-data")
"""Keys of the folded parts."""
_SHAPES = {write_hidden(preset.network.hidden): preset.network.hidden for preset in PRESETS.values()}


def show(*, leads: bool = True) -> bool:
    """Draw the sidebar and keep what it says. Returns whether Train was pressed.

    Args:
        leads: whether Train is the next thing to press on this page.
    """
    with st.sidebar:
        st.header(_("Experiment"), anchor=False)
        before = session.settings()
        values = _first_choices(before)
        train, notes = st.container(), st.container()
        values |= _folded_choices(before)
        with notes:
            is_whole = _take_over(before, values)
        return train.button(
            _("Train"),
            type="primary" if leads else "secondary",
            icon=":material/play_arrow:",
            width="stretch",
            disabled=not is_whole,
            key="train",
        )


def _take_over(before: Settings, values: dict[str, Any]) -> bool:
    """Keep what the controls say and tell of it; what was refused beside its control stays as it was.

    Returns:
        Whether all of it was kept: not where a value was refused, or where values do not go together.
    """
    fit = {name: value for name, value in values.items() if not isinstance(value, InvalidSetting)}
    try:
        settings = before.change(**fit)
    except InvalidSetting as error:
        page.problem(error)
        return False
    session.edit(settings)
    experiment_notes.show(settings)
    return len(fit) == len(values)


def _first_choices(before: Settings) -> dict[str, Any]:
    return {
        "hidden": _hidden(before),
        "activation": _choice(before, "activation"),
        "normalization": _choice(before, "normalization"),
    }


def _folded_choices(before: Settings) -> dict[str, Any]:
    """What the open parts say; the settings of a closed one are as they were."""
    values: dict[str, Any] = {}
    parts = (
        (_("Training"), ":material/tune:", _training_choices),
        (_("Learning rate over time"), ":material/trending_down:", _schedule),
        (_("Against overfitting"), ":material/healing:", _remedies),
        (_("Network details"), ":material/account_tree:", _network_choices),
        (_("Data split"), ":material/splitscreen:", _data_choices),
    )
    for (label, icon, choices), key in zip(parts, FOLDS, strict=True):
        values |= folded(label, partial(choices, before), icon=icon, key=key) or {}
    return values


def _hidden(before: Settings) -> tuple[int, ...] | InvalidSetting:
    """The network's shape: one of the report's two, or one's own depth and width."""
    current = write_hidden(before.network.hidden)
    shape = one_of(
        names.setting("hidden"),
        [*_SHAPES, OWN],
        default=current if current in _SHAPES else OWN,
        format_func=lambda code: _("My own") if code == OWN else names.hidden(_SHAPES[code]),
        help=_help(before, "hidden"),
        key=_key("shape"),
    )
    if shape in _SHAPES:
        return _SHAPES[shape]
    return _own_widths(before.network.hidden)


def _own_widths(widths: tuple[int, ...]) -> tuple[int, ...] | InvalidSetting:
    """So many layers of one width, or a width for each."""
    depth = st.slider(
        _("Depth: how many hidden layers"),
        0,
        HIDDEN.layers,
        len(widths),
        help=_("Hidden layers only: the output layer with its ten units comes after them."),
        key=_key("depth"),
    )
    width = st.number_input(
        _("Units in each"),
        HIDDEN.width.least,
        HIDDEN.width.most,
        widths[0] if widths else 100,
        help=_("Each unit has a weight for every output of the layer before it, and a bias."),
        key=_key("width"),
    )
    single = st.text_input(
        _("Or each width on its own"),
        write_hidden(widths) if len(set(widths)) > 1 else "",
        placeholder="300-200-100",
        help=_(
            "From the pixels on, with a hyphen between; what stands here counts instead of the two above."
        ),
        key=_key("widths"),
    )
    if not single.strip():
        return (int(width),) * int(depth)
    own: tuple[int, ...] | InvalidSetting = _read("hidden", single)
    return own


def _training_choices(before: Settings) -> dict[str, Any]:
    values = {
        "epochs": _whole(before, "epochs"),
        "optimizer": _choice(before, "optimizer"),
        "learning_rate": _typed(before, "learning_rate", RATES),
    }
    _remind_of_usual_rate(values["optimizer"], values["learning_rate"])
    return values | {
        "batch_size": _typed(before, "batch_size", BATCHES),
        "loss": _choice(before, "loss"),
        "seed": _whole(before, "seed"),
        "gradient_clipping": _number(before, "gradient_clipping", 0.5),
    }


def _schedule(before: Settings) -> dict[str, Any]:
    """How the rate changes while a run goes on."""
    values: dict[str, Any] = {"schedule": _choice(before, "schedule")}
    if values["schedule"] == "step":
        values |= {"drop_every": _whole(before, "drop_every"), "drop_to": _number(before, "drop_to", 0.1)}
    row = parameter("rate_changes")
    typed = st.text_input(
        names.setting(row.name),
        row.write(row.get(before)) if row.get(before) else "",
        placeholder="5:0.01,8:0.001",
        help=_help(before, row.name),
        key=_key(row.name),
    )
    values[row.name] = _read(row.name, typed)
    values["warm_up"] = _number(before, "warm_up", 0.5)
    with suppress(InvalidSetting):  # said beside the control, or below Train
        rate_sketch.show(_as_shown(before).change(**values))
    return values


def _remedies(before: Settings) -> dict[str, Any]:
    """What keeps a network from learning its images by heart; a loss that knows no smoothing offers none."""
    values = {"dropout": _number(before, "dropout", 0.1), "l2": _typed(before, "l2", PENALTIES)}
    loss = session.widget(_key("loss")) or before.training.loss  # as the part above says, if it is open
    if LOSSES[loss].can_be_smoothed:
        values["label_smoothing"] = _number(before, "label_smoothing", 0.05)
    return values | {
        "shift": _number(before, "shift", 1.0),
        "turn": _number(before, "turn", 5.0),
        "thickness": _number(before, "thickness", 0.25),
        "patience": _whole(before, "patience"),
        "keep_best": _switch(before, "keep_best"),
    }


def _remind_of_usual_rate(optimizer: str, rate: float) -> None:
    """A rate means something else to each optimiser: whoever changes one sees what is usual for it."""
    usual = OPTIMIZERS[optimizer].usual_rate
    if rate != usual:
        st.caption(
            _("Usual for {optimizer} is {rate}.").format(
                optimizer=names.optimizer(optimizer), rate=names.value("learning_rate", usual)
            )
        )


def _network_choices(before: Settings) -> dict[str, Any]:
    return {
        "initializer": _choice(before, "initializer"),
        "batch_normalization": _switch(before, "batch_normalization"),
        "residual": _switch(before, "residual"),
    }


def _data_choices(before: Settings) -> dict[str, Any]:
    values: dict[str, Any] = {
        "split": _choice(before, "split"),
        "validation": _whole(before, "validation"),
        "train": _whole(before, "train"),
    }
    if values["split"] != "first":
        values["split_seed"] = _whole(before, "split_seed")
    values["handwriting"] = _switch(before, "handwriting")
    return values


def _choice(before: Settings, name: str) -> Any:
    """One of the codes that the setting may be."""
    options = codes(name)
    return st.selectbox(
        names.setting(name),
        options,
        index=options.index(parameter(name).get(before)),
        format_func=lambda code: names.value(name, code),
        help=_help(before, name),
        key=_key(name),
    )


def _typed(before: Settings, name: str, usual: Sequence[str]) -> Any:
    """A usual value, or any other typed in; both as they stand in a link."""
    row = parameter(name)
    value = row.get(before)  # written 1e-05 where the usual one says 0.00001
    written = next((each for each in usual if row.read(each) == value), row.write(value))
    options = [*usual] if written in usual else [*usual, written]
    chosen = st.selectbox(
        names.setting(name),
        options,
        index=options.index(written),
        accept_new_options=True,
        help=_help(before, name),
        key=_key(name),
    )
    return _read(name, str(chosen).strip())


def _read(name: str, text: str) -> Any:
    """The value that was typed; one that the setting cannot have is said here, and is the error instead."""
    row = parameter(name)
    try:
        value = row.read(text)
        row.kind.check(name, value)
    except InvalidSetting as error:
        page.problem(error)
        return error
    return value


def _whole(before: Settings, name: str) -> int:
    return int(
        st.number_input(
            names.setting(name),
            *bounds(name),
            parameter(name).get(before),
            help=_help(before, name),
            key=_key(name),
        )
    )


def _number(before: Settings, name: str, step: float) -> float:
    """Any number within the bounds; its buttons go by ``step``."""
    return float(
        st.number_input(
            names.setting(name),
            *bounds(name),
            parameter(name).get(before),
            step=step,
            format="%g",  # the usual two decimals would show 0.001 as 0.00
            help=_help(before, name),
            key=_key(name),
        )
    )


def _switch(before: Settings, name: str) -> bool:
    return st.toggle(
        names.setting(name),
        parameter(name).get(before),
        help=_help(before, name),
        key=_key(name),
    )


def _help(before: Settings, name: str) -> str:
    """What a setting is, with the numbers that the widgets show at this moment."""
    return helps.setting(name, _as_shown(before))


@once
def _as_shown(before: Settings) -> Settings:
    """The experiment with what the widgets show at this moment, as far as that can be."""
    said = {row: session.widget(_key(row.name)) for row in PARAMETERS}
    with suppress(InvalidSetting):
        return before.change(
            **{
                row.name: row.read(value) if isinstance(value, str) else value
                for row, value in said.items()
                if value is not None
            }
        )
    return before


def _key(name: str) -> str:
    return f"setting-{name}-{session.edition()}"
