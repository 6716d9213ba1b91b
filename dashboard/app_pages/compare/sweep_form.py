"""Setting up a sweep: one or two settings, their values, and how much each run may take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from core.choices.parameters import bounds, codes, parameter
from core.errors import LabError
from core.limits import MOST_UNFINISHED_RUNS
from core.runs.run import Run
from core.settings import TRAINING_IMAGES, Settings
from core.study.rate_search import RATES
from core.study.sweep import MOST_VALUES, Sweep, has_usual_rates, missing, read_axis
from dashboard.app_pages.compare.kept_sweeps import start
from dashboard.frame import page, session
from dashboard.language import _, helps, names, ngettext
from dashboard.language.joining import sentences
from dashboard.runs import starting

QUICK_IMAGES = 10_000
QUICK_EPOCHS = 3
NOTHING = ""

OFFERED: Mapping[str, Sequence[str]] = {
    "hidden": ("none", "100", "300-100", "5x100", "10x100", "20x100"),
    "activation": codes("activation"),
    "learning_rate": tuple(f"{rate:g}" for rate in RATES),
    "optimizer": codes("optimizer"),
    "initializer": codes("initializer"),
    "normalization": codes("normalization"),
    "batch_normalization": ("0", "1"),
    "residual": ("0", "1"),
    "batch_size": ("8", "32", "128", "512"),
    "gradient_clipping": ("0", "0.1", "1", "10"),
    "loss": codes("loss"),
    "train": ("1000", "5000", "20000", "55000"),
    "seed": ("0", "1", "2", "3", "4"),
}
"""Settings that can be swept, with values to choose from as they stand in a link."""
AT_FIRST: Mapping[str, Sequence[str]] = {
    "hidden": ("100", "5x100", "20x100"),
    "activation": ("sigmoid", "tanh", "relu"),
    "learning_rate": ("0.001", "0.01", "0.1"),
    "optimizer": ("sgd", "momentum", "adam"),
}
FREE = ("hidden", "learning_rate", "batch_size", "gradient_clipping", "train", "seed")
"""Settings of which any other value may be typed."""


def sweep_form(runs: Sequence[Run]) -> None:
    """What to sweep over which values, and the button that starts it."""
    rows, columns = st.columns(2, gap="large")
    with rows:
        first = _axis("rows", _("Change"), list(OFFERED), "hidden")
    with columns:
        others = [NOTHING, *(name for name in OFFERED if name != first[0])]
        second = _axis("columns", _("and"), others, "activation")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        base = _budget({first[0], second[0]})
        axes = [read_axis(name, values) for name, values in (first, second) if name and values]
        own = _usual_rates({first[0], second[0]})
        is_whole = len(axes) == (2 if second[0] else 1)
        sweep = Sweep(base, axes[0], axes[1] if second[0] else None, own) if is_whole else None
        _start_button(sweep, runs)
    if sweep is not None:
        st.caption(sentences(_("Everything else as in the sidebar."), _plan(sweep, runs)))
        for refused in sweep.cells()[1][:1]:
            st.caption(_("Not all of these go together: {reason}").format(reason=page.sentence(refused)))


def _axis(key: str, label: str, options: list[str], default: str) -> tuple[str, list[str]]:
    """The setting and its values, as they stand in a link."""
    name = st.selectbox(
        label,
        options,
        index=options.index(default) if default in options else 0,
        format_func=lambda code: names.setting(code) if code else _("nothing else"),
        key=f"sweep-{key}",
        persist_state="session",
    )
    if not name:
        return NOTHING, []
    values = st.multiselect(
        _("Values"),
        OFFERED[name],
        default=AT_FIRST.get(name, OFFERED[name]),
        format_func=lambda text: _told(name, text),
        accept_new_options=name in FREE,
        max_selections=MOST_VALUES,
        help=helps.setting(name, session.settings()),
        placeholder=_("Choose or type values") if name in FREE else _("Choose values"),
        key=f"sweep-{key}-{name}",
        persist_state="session",
    )
    return name, values


def _told(name: str, text: str) -> str:
    """A value as a person reads it; one that was typed and makes no sense stays as it is."""
    try:
        return names.value(name, parameter(name).read(text))
    except LabError:
        return text


def _budget(swept: set[str]) -> Settings:
    """The sidebar's experiment, with fewer images and epochs: a sweep is many runs."""
    base = session.settings()
    epochs = st.number_input(
        _("Epochs each"),
        *bounds("epochs"),
        min(QUICK_EPOCHS, base.training.epochs),
        help=helps.setting("epochs", base),
        key="sweep-epochs",
        persist_state="session",
        width=130,
    )
    if "train" in swept:
        return base.change(epochs=int(epochs))
    images = st.number_input(
        _("Training images"),
        bounds("train")[0],
        TRAINING_IMAGES - base.data.validation,
        min(QUICK_IMAGES, base.data.train),
        step=1000,
        help=helps.setting("train", base),
        key="sweep-images",
        persist_state="session",
        width=160,
    )
    return base.change(epochs=int(epochs), train=int(images))


def _usual_rates(swept: set[str]) -> bool:
    """Whether each optimiser is tried at its usual rate; asked where optimisers are tried, and no rates."""
    return has_usual_rates(swept) and st.checkbox(
        _("Each optimiser at its usual rate"),
        True,
        key="sweep-usual-rates",
        persist_state="session",
        help=_(
            "A rate means something else to each optimiser: at one rate for all, the map would show whom "
            "it suits, and not which optimiser is better."
        ),
    )


def _plan(sweep: Sweep, runs: Sequence[Run]) -> str:
    """What pressing the button comes to."""
    cells, new = len(sweep.cells()[0]), len(missing(sweep, runs))
    told = ngettext("{count} run.", "{count} runs.", cells)
    if new < cells:
        told = ngettext(
            "{count} run, {there} of them there already.",
            "{count} runs, {there} of them there already.",
            cells,
        ).format(there=cells - new)
    room = starting.room(runs)
    if new > room:
        limit = _("At most {limit} runs may wait at once, and you have room for {room}: choose fewer values.")
        return sentences(told, limit.format(limit=MOST_UNFINISHED_RUNS, room=room))
    return told


def _start_button(sweep: Sweep | None, runs: Sequence[Run]) -> None:
    new = missing(sweep, runs) if sweep is not None else []
    pressed = st.button(
        _("Start the sweep") if new or sweep is None else _("Show the sweep"),
        type="primary",
        icon=":material/grid_view:",
        key="sweep-start",
        disabled=sweep is None or not sweep.cells()[0] or len(new) > starting.room(runs),
    )
    if pressed and sweep is not None:
        start(sweep, new)
