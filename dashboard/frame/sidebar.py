"""The experiment's controls: widgets in, checked ``core.settings`` out, on every page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from core.errors import N_
from core.settings import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    MAXIMUM_DEPTH,
    MAXIMUM_EPOCHS,
    MAXIMUM_WIDTH,
    NORMALIZATIONS,
    OPTIMIZERS,
    PRESETS,
    SPLITS,
    InvalidSetting,
    Settings,
    read_hidden,
    write_hidden,
)
from dashboard.frame import page, session
from dashboard.language import _, names

RATES = ("0.0001", "0.001", "0.01", "0.1", "1")
BATCHES = (8, 16, 32, 64, 128, 256, 512, 1024)
OWN = "own"
_SHAPES = {write_hidden(preset.network.hidden): preset.network.hidden for preset in PRESETS.values()}


def show() -> bool:
    """Draw the sidebar and keep what it says. Returns whether Train was pressed."""
    with st.sidebar:
        st.subheader(_("Experiment"), anchor=False)
        before = session.settings()
        problem = None
        try:
            values = _first_choices(before)
            train = st.container()
            values |= _folded_choices(before)
            session.edit(before.change(**values))
        except InvalidSetting as error:
            problem = error
            page.problem(error)
            train = st.container()
        return train.button(
            _("Train"),
            type="primary",
            icon=":material/play_arrow:",
            width="stretch",
            disabled=problem is not None,
            key="train",
        )


def _first_choices(before: Settings) -> dict[str, Any]:
    return {
        "hidden": _hidden(before),
        "activation": _choice("activation", ACTIVATIONS, before.network.activation, names.activation),
        "normalization": _choice(
            "normalization", NORMALIZATIONS, before.data.normalization, names.normalization
        ),
    }


def _folded_choices(before: Settings) -> dict[str, Any]:
    values: dict[str, Any] = {}
    with st.expander(_("Training"), icon=":material/tune:"):
        values |= _training_choices(before)
    with st.expander(_("Network details"), icon=":material/account_tree:"):
        values |= _network_choices(before)
    with st.expander(_("Data split"), icon=":material/splitscreen:"):
        values |= _data_choices(before)
    return values


def _hidden(before: Settings) -> tuple[int, ...]:
    """The network's shape: one of the report's two, or one's own depth and width."""
    current = write_hidden(before.network.hidden)
    shape = st.segmented_control(
        names.setting("hidden"),
        [*_SHAPES, OWN],
        default=current if current in _SHAPES else OWN,
        format_func=lambda code: _("My own") if code == OWN else names.hidden(_SHAPES[code]),
        key=_key("shape"),
        required=True,
    )
    if shape in _SHAPES:
        return _SHAPES[shape]
    widths = before.network.hidden
    depth = st.slider(_("Depth: how many hidden layers"), 0, MAXIMUM_DEPTH, len(widths), key=_key("depth"))
    width = st.number_input(
        _("Units in each"), 1, MAXIMUM_WIDTH, widths[0] if widths else 100, key=_key("width")
    )
    single = st.text_input(
        _("Or each width on its own"),
        write_hidden(widths) if len(set(widths)) > 1 else "",
        placeholder="300-200-100",
        key=_key("widths"),
    )
    return read_hidden(single) if single.strip() else (int(width),) * int(depth)


def _training_choices(before: Settings) -> dict[str, Any]:
    training = before.training
    return {
        "epochs": _number("epochs", 1, MAXIMUM_EPOCHS, training.epochs),
        "optimizer": _choice("optimizer", OPTIMIZERS, training.optimizer, names.optimizer),
        "learning_rate": _rate(training.learning_rate),
        "batch_size": _choice("batch_size", _with(BATCHES, training.batch_size), training.batch_size, str),
        "loss": _choice("loss", LOSSES, training.loss, names.loss),
        "seed": _number(
            "seed", 0, 2**31 - 1, training.seed, _("The same seed gives the same start and order.")
        ),
        "gradient_clipping": float(
            st.number_input(
                names.setting("gradient_clipping"),
                0.0,
                1e6,
                training.gradient_clipping,
                step=0.5,
                help=_("The longest step's gradient, as a norm. 0 leaves it off."),
                key=_key("gradient_clipping"),
            )
        ),
    }


def _network_choices(before: Settings) -> dict[str, Any]:
    network = before.network
    return {
        "initializer": _choice("initializer", INITIALIZERS, network.initializer, names.initializer),
        "batch_normalization": st.toggle(
            names.setting("batch_normalization"),
            network.batch_normalization,
            help=_("Rescales every layer's sums to mean 0 and variance 1 over each batch."),
            key=_key("batch_normalization"),
        ),
        "residual": st.toggle(
            names.setting("residual"),
            network.residual,
            help=_("Adds to every second layer what went into the one before it, where widths are equal."),
            key=_key("residual"),
        ),
    }


def _data_choices(before: Settings) -> dict[str, Any]:
    data = before.data
    values: dict[str, Any] = {
        "split": _choice("split", SPLITS, data.split, names.split),
        "validation": _number("validation", 100, 30_000, data.validation),
        "train": _number("train", 100, 59_900, data.train),
    }
    if values["split"] != "first":
        values["split_seed"] = _number("split_seed", 0, 2**31 - 1, data.split_seed)
    values["handwriting"] = st.toggle(
        names.setting("handwriting"),
        data.handwriting,
        help=_("Drawings your class agreed to share join the training images."),
        key=_key("handwriting"),
    )
    return values


def _rate(current: float) -> float:
    """The learning rate: a usual one, or any other typed in."""
    written = f"{current:g}"
    chosen = st.selectbox(
        names.setting("learning_rate"),
        _with(RATES, written),
        index=_with(RATES, written).index(written),
        accept_new_options=True,
        key=_key("learning_rate"),
    )
    try:
        return float(chosen)
    except ValueError:
        raise InvalidSetting(
            N_("The learning rate is {value}. Expected a number such as 0.01."), value=chosen
        ) from None


def _choice(name: str, options: Sequence[Any], current: Any, shown: Callable[[Any], str]) -> Any:
    return st.selectbox(
        names.setting(name), options, index=list(options).index(current), format_func=shown, key=_key(name)
    )


def _number(name: str, lowest: int, highest: int, current: int, explanation: str | None = None) -> int:
    return int(
        st.number_input(names.setting(name), lowest, highest, current, help=explanation, key=_key(name))
    )


def _with(options: Sequence[Any], current: Any) -> list[Any]:
    return [*options] if current in options else [*options, current]


def _key(name: str) -> str:
    return f"setting-{name}-{session.edition()}"
