"""Depth duel: predict which network wins, run them side by side, and see why."""

import streamlit as st

from core.errors import LabError
from core.runs.origin import Origin
from core.runs.run import Run
from core.settings import Settings
from core.study.duel import DUELS, Prediction, sides
from dashboard.app_pages.duel import race
from dashboard.frame import page, resources, session
from dashboard.language import _, differences
from dashboard.runs import predictions

SEEDS = (1, 3, 5)


def duel_names() -> dict[str, str]:
    """The pairs, by what differs in them."""
    return {
        "depth": _("The report's pair: 3 layers against 20"),
        "depth-sigmoid": _("3 against 20 layers, with sigmoid"),
        "initializer": _("20 layers: Glorot against He"),
        "activation": _("20 layers: ReLU against ELU"),
        "batch-normalization": _("20 layers: add batch normalisation"),
        "skip": _("20 layers: add skip connections"),
        "optimizer": _("20 layers: Adam instead of SGD"),
        "clipping": _("20 layers at a high rate: clip the gradient"),
        "rescue": _("20 layers: three ways to free them"),
    }


def set_up() -> None:
    """Choose the pair, write the prediction down, start."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = st.selectbox(
            _("Who against whom"),
            list(DUELS),
            format_func=duel_names().get,
            key="duel-pair",
            persist_state="session",
            width=380,
        )
        epochs = st.number_input(_("Epochs"), 1, 20, 3, key="duel-epochs", persist_state="session", width=130)
        seeds = st.segmented_control(
            _("Seeds"),
            SEEDS,
            default=1,
            required=True,
            key="duel-seeds",
            persist_state="session",
            help=_("Each network is trained once for each seed: so you see how much is luck."),
        )
    rivals = tuple(settings.change(epochs=int(epochs)) for settings in DUELS[code])
    short = predictions.side_names(rivals)
    st.markdown(_what_differs(rivals))
    with st.container(border=True):
        st.markdown(_("**Your prediction.** Which is more accurate on the validation images in the end?"))
        winner = st.radio(
            _("Winner"),
            (*short, _("No difference to speak of")),
            index=None,
            horizontal=True,
            label_visibility="collapsed",
            key=f"duel-winner-{code}",
        )
        points = 0.0
        if winner in short:
            points = st.slider(
                _("By how many percentage points, ahead of the next best?"),
                0.5,
                90.0,
                5.0,
                0.5,
                key="duel-points",
            )
        started = st.button(
            _("Start the duel"),
            type="primary",
            icon=":material/swords:",
            disabled=winner is None,
            help=None if winner else _("Write your prediction down first."),
            key="duel-start",
        )
    if started and winner is not None:
        start(rivals, int(seeds), Prediction(short.index(winner) if winner in short else None, points))


def _what_differs(rivals: tuple[Settings, ...]) -> str:
    what = differences.settings_told(rivals)
    if len(rivals) > 2:
        return _("The others differ from the first only in one of: **{what}**.").format(what=what)
    return _("The networks differ only in: **{what}**.").format(what=what)


def start(rivals: tuple[Settings, ...], seeds: int, prediction: Prediction) -> None:
    """Put all networks into the queue, in turn, with the prediction beside them."""
    origin = Origin.new("duel")
    learner = session.learner()
    try:
        resources.store().documents.save(learner, str(origin), prediction.to_json())
        for seed in range(seeds):
            for settings in rivals:
                resources.engine().submit(learner, settings.change(seed=seed), origin=origin)
    except LabError as error:
        page.problem(error)
        return
    session.keep("duel", origin)
    st.rerun()


def my_duels() -> dict[Origin, list[Run]]:
    """Duels of this learner, newest first: origin → its runs."""
    found: dict[Origin, list[Run]] = {}
    for run in resources.store().runs.of(session.learner(), hidden=True):
        if run.origin and run.origin.kind == "duel":
            found.setdefault(run.origin, []).append(run)
    return {origin: runs for origin, runs in found.items() if len(sides(runs)) > 1}


def choose(duels: dict[Origin, list[Run]]) -> Origin:
    """The duel just started, or one of the earlier ones."""
    newest = session.kept("duel")
    first = newest if newest in duels else next(iter(duels))
    if len(duels) == 1:
        return first
    return st.selectbox(
        _("Your duels"),
        list(duels),
        index=list(duels).index(first),
        format_func=lambda duel: predictions.rivals_told(predictions.names_of(sides(duels[duel]))),
        key=f"duel-{first}",
    )


page.header(
    _("Depth duel"), _("Networks with one difference. Predict which wins, then let them run side by side.")
)
set_up()
mine = my_duels()
if mine:
    st.divider()
    race.show(choose(mine))
