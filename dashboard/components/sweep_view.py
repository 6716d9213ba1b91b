"""Sweeps: one or two settings at several values, as a map that fills while the runs are trained."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress

import streamlit as st

from core.comparison import find_run, group
from core.errors import LabError
from core.run import Run
from core.settings import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    MAXIMUM_EPOCHS,
    NORMALIZATIONS,
    OPTIMIZERS,
    PARAMETERS,
    TRAINING_IMAGES,
    Settings,
)
from core.store import MOST_UNFINISHED_RUNS
from core.sweep import MOST_VALUES, RATES, Sweep, read_axis
from dashboard import names, page, resources, session
from dashboard.charts import compare as charts
from dashboard.components import chosen_runs, clicks, run_view
from dashboard.components.live_chart import live_chart
from dashboard.components.overlay_view import figure_after
from dashboard.language import _, ngettext

KIND = "sweeps"
"""Under which the store keeps what a learner's sweeps ask for, the newest first."""
MOST_KEPT = 12
QUICK_IMAGES = 10_000
QUICK_EPOCHS = 3
NOTHING = ""

OFFERED: Mapping[str, Sequence[str]] = {
    "hidden": ("none", "100", "300-100", "5x100", "10x100", "20x100"),
    "activation": ACTIVATIONS,
    "learning_rate": tuple(f"{rate:g}" for rate in RATES),
    "optimizer": OPTIMIZERS,
    "initializer": INITIALIZERS,
    "normalization": NORMALIZATIONS,
    "batch_normalization": ("0", "1"),
    "residual": ("0", "1"),
    "batch_size": ("8", "32", "128", "512"),
    "gradient_clipping": ("0", "0.1", "1", "10"),
    "loss": LOSSES,
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

_PARAMETERS = {parameter.name: parameter for parameter in PARAMETERS}


def show() -> None:
    """Set up a sweep; below, the one that was started last or another one."""
    try:
        _set_up()
        sweeps = kept()
        if sweeps:
            st.divider()
            _result(_choose(sweeps))
    except LabError as error:
        page.problem(error)


def kept() -> list[Sweep]:
    """The learner's sweeps, newest first; one that cannot be read any more is left out."""
    text = resources.store().recall(session.learner(), KIND)
    found = []
    for written in json.loads(text) if text else []:
        with suppress(LabError):
            found.append(Sweep.from_json(written))
    return found


def _set_up() -> None:
    rows, columns = st.columns(2, gap="large")
    with rows:
        first = _axis("rows", _("Change"), list(OFFERED), "hidden")
    with columns:
        others = [NOTHING, *(name for name in OFFERED if name != first[0])]
        second = _axis("columns", _("and"), others, "activation")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        base = _budget({first[0], second[0]})
        axes = [read_axis(name, values) for name, values in (first, second) if name and values]
        sweep = Sweep(base, *axes) if len(axes) == 1 + bool(second[0]) else None
        _start_button(sweep)
    if sweep is not None:
        st.caption(_("Everything else as in the sidebar. {plan}").format(plan=_plan(sweep)))
        for refused in sweep.cells()[1][:1]:
            st.caption(_("Not all of these go together: {reason}").format(reason=page.sentence(refused)))


def _axis(key: str, label: str, options: list[str], default: str) -> tuple[str, list[str]]:
    """The setting and its values, as they stand in a link."""
    name = st.selectbox(
        label, options, index=options.index(default) if default in options else 0,
        format_func=lambda code: names.setting(code) if code else _("nothing else"),
        key=f"sweep-{key}", persist_state="session",
    )  # fmt: skip
    if not name:
        return NOTHING, []
    values = st.multiselect(
        _("Values"), OFFERED[name], default=AT_FIRST.get(name, OFFERED[name]),
        format_func=lambda text: _told(name, text), accept_new_options=name in FREE,
        max_selections=MOST_VALUES,
        placeholder=_("Choose or type values") if name in FREE else _("Choose values"),
        key=f"sweep-{key}-{name}", persist_state="session",
    )  # fmt: skip
    return name, values


def _told(name: str, text: str) -> str:
    """A value as a person reads it; one that was typed and makes no sense stays as it is."""
    try:
        return names.value(name, _PARAMETERS[name].read(text))
    except LabError:
        return text


def _budget(swept: set[str]) -> Settings:
    """The sidebar's experiment, with fewer images and epochs: a sweep is many runs."""
    base = session.settings()
    epochs = st.number_input(
        _("Epochs each"), 1, MAXIMUM_EPOCHS, min(QUICK_EPOCHS, base.training.epochs), key="sweep-epochs",
        persist_state="session", width=130,
    )  # fmt: skip
    if "train" in swept:
        return base.change(epochs=int(epochs))
    images = st.number_input(
        _("Training images"), 100, TRAINING_IMAGES - base.data.validation, min(QUICK_IMAGES, base.data.train),
        step=1000, key="sweep-images", persist_state="session", width=160,
    )  # fmt: skip
    return base.change(epochs=int(epochs), train=int(images))


def missing(sweep: Sweep, runs: Sequence[Run]) -> list[Settings]:
    """The experiments of a sweep that no run answers yet, each once."""
    cells, _refused = sweep.cells()
    return list(dict.fromkeys(cell for cell in cells.values() if find_run(cell, runs) is None))


def _my_runs() -> list[Run]:
    return resources.store().runs(session.learner(), hidden=True)


def _plan(sweep: Sweep) -> str:
    """What pressing the button comes to."""
    cells, new = len(sweep.cells()[0]), len(missing(sweep, _my_runs()))
    told = ngettext("{count} run", "{count} runs", cells)
    if new < cells:
        told += ", " + _("{count} of them there already").format(count=cells - new)
    room = chosen_runs.room()
    if new > room:
        limit = _("At most {limit} runs may wait at once, and you have room for {room}: choose fewer values.")
        return f"{told}. {limit.format(limit=MOST_UNFINISHED_RUNS, room=max(0, room))}"
    return told + "."


def _start_button(sweep: Sweep | None) -> None:
    new = missing(sweep, _my_runs()) if sweep is not None else []
    pressed = st.button(
        _("Start the sweep") if new or sweep is None else _("Show the sweep"),
        type="primary", icon=":material/grid_view:", key="sweep-start",
        disabled=sweep is None or not sweep.cells()[0] or len(new) > chosen_runs.room(),
    )  # fmt: skip
    if pressed and sweep is not None:
        start(sweep, new)


def start(sweep: Sweep, new: Sequence[Settings]) -> None:
    """Keep what the sweep asks for and train what is missing."""
    written = [one.to_json() for one in kept() if one != sweep]
    content = json.dumps([sweep.to_json(), *written][:MOST_KEPT])
    resources.store().remember(session.learner(), KIND, content)
    started = chosen_runs.submit(new, group("sweep", sweep.base))
    if len(started) == len(new):
        st.rerun()


def _choose(sweeps: Sequence[Sweep]) -> Sweep:
    if len(sweeps) == 1:
        return sweeps[0]
    place = st.selectbox(
        _("Your sweeps"), range(len(sweeps)), format_func=lambda place: title(sweeps[place]),
        key=f"sweep-chosen-{group('sweep', sweeps[0].base)}-{len(sweeps)}",
    )  # fmt: skip
    return sweeps[place]


def title(sweep: Sweep) -> str:
    """What a sweep is about, in a line."""
    axes = [axis for axis in (sweep.rows, sweep.columns) if axis is not None]
    swept = " × ".join(names.setting(axis.name) for axis in axes)
    return _("{swept} · runs: {cells} · epochs: {epochs} · images: {images:,}").format(
        swept=swept, cells=len(sweep.cells()[0]), epochs=sweep.base.training.epochs,
        images=sweep.base.data.train,
    )  # fmt: skip


def _result(sweep: Sweep) -> None:
    cells, _refused = sweep.cells()
    runs = _my_runs()
    alive = any((run := find_run(cell, runs)) is not None and run.unfinished for cell in cells.values())
    st.fragment(_live, run_every=1.0 if alive else None)(sweep, alive)


def _live(sweep: Sweep, was_alive: bool) -> None:
    """The map, the cell that was chosen, and what is still missing."""
    try:
        cells, _refused = sweep.cells()
        mine = _my_runs()
        runs = {place: find_run(cell, mine) for place, cell in cells.items()}
        shown = {place: cell_of(run, sweep.base.training.epochs) for place, run in runs.items()}
        key = f"sweep-{group('sweep', *cells.values())}"
        top, bottom = st.container(), st.container(horizontal=True, vertical_alignment="bottom")
        with bottom:
            place = _choose_cell(sweep, shown, key)
            _opener(sweep, runs, place)
        with top:
            _map(sweep, shown, key, place)
            _summary(sweep, shown)
    except LabError as error:
        page.problem(error)
        return
    if was_alive != any(run is not None and run.unfinished for run in runs.values()):
        st.rerun()


def cell_of(run: Run | None, epochs: int) -> charts.Cell:
    """What a run makes of its cell."""
    if run is None:
        return charts.Cell(None, "–")
    if run.status == "diverged":
        return charts.Cell(None, _("diverged"))
    accuracy = figure_after(run, min(epochs, run.epochs_done)) if run.epochs_done else None
    if accuracy is None:
        return charts.Cell(None, run_view.status_name(run.status))
    text = f"{accuracy:.1%}" + (" …" if run.epochs_done < epochs else "")
    return charts.Cell(accuracy, text)


def _best(shown: Mapping[tuple[int, int], charts.Cell]) -> tuple[int, int] | None:
    measured = {place: cell.accuracy for place, cell in shown.items() if cell.accuracy is not None}
    return max(measured, key=lambda place: measured[place]) if measured else None


def _choose_cell(sweep: Sweep, shown: Mapping[tuple[int, int], charts.Cell], key: str) -> tuple[int, int]:
    """The cell to look at: clicked or chosen here, and until then the best one so far."""
    fixed = clicks.chosen(key, None)
    at = fixed if fixed in shown else _best(shown) or next(iter(shown))
    place = st.selectbox(
        _("Cell"), list(shown), index=list(shown).index(at), width=280,
        key=f"{clicks.widget_key(key)}-{at}",  # another default is another widget
        format_func=lambda cell: _cell_name(sweep, cell),
    )  # fmt: skip
    if place != at:
        clicks.choose(key, place)
    return place


def _labels(sweep: Sweep) -> tuple[list[str], list[str]]:
    rows = [names.value(sweep.rows.name, value) for value in sweep.rows.values]
    if sweep.columns is None:
        return rows, [_("validation accuracy")]
    return rows, [names.value(sweep.columns.name, value) for value in sweep.columns.values]


def _map(
    sweep: Sweep, shown: Mapping[tuple[int, int], charts.Cell], key: str, place: tuple[int, int]
) -> None:
    rows, columns = _labels(sweep)
    click = live_chart(
        charts.grid(
            (names.setting(sweep.rows.name), rows),
            (names.setting(sweep.columns.name) if sweep.columns else "", columns),
            shown,
            chosen=place,
        ),
        key=key,
        height=90 + 52 * len(rows),
        alt=_("Validation accuracy for each pair of values"),
        clickable=True,
    )
    if click is not None:
        clicks.take_click(key, click, (rows.index(str(click["y"])), columns.index(str(click["x"]))))


def _summary(sweep: Sweep, shown: Mapping[tuple[int, int], charts.Cell]) -> None:
    best = _best(shown)
    if best is None:
        return
    told = _("Best so far: **{cell}** with {accuracy:.2%} of the validation images.").format(
        cell=_cell_name(sweep, best), accuracy=shown[best].accuracy
    )
    st.markdown(
        told + " " + _("Each cell is one run with one seed: repeat close ones before you believe the order.")
    )


def _cell_name(sweep: Sweep, place: tuple[int, int]) -> str:
    rows, columns = _labels(sweep)
    return rows[place[0]] if sweep.columns is None else f"{rows[place[0]]} · {columns[place[1]]}"


def _opener(sweep: Sweep, runs: Mapping[tuple[int, int], Run | None], place: tuple[int, int]) -> None:
    """Open the run of a cell, put it on the chart; train what is missing."""
    run = runs[place]
    if st.button(_("Open the run"), icon=":material/open_in_new:", disabled=run is None, key="sweep-open"):
        session.open_run(run.id if run else None)
        st.switch_page(run_view.TRAIN_PAGE)
    if st.button(
        _("Put it side by side"), icon=":material/add_chart:", disabled=run is None, key="sweep-add"
    ):
        chosen_runs.add(_my_runs(), [run.id] if run else [])
        st.toast(_("It is on the chart under “Side by side”."))
    new = missing(sweep, [run for run in runs.values() if run is not None])
    if new and st.button(
        _("Train what is missing ({count})").format(count=len(new)), icon=":material/play_arrow:",
        key="sweep-rest", disabled=len(new) > chosen_runs.room(),
    ):  # fmt: skip
        start(sweep, new)
