"""Depth duel: predict which network wins, run them side by side, and see why."""

import secrets

import streamlit as st

from core.errors import LabError
from core.runs.run import Run
from core.settings import Settings
from core.study import comparison
from core.study.duel import DUELS, GROUP, Prediction, sides
from core.study.fairness import OPTIMIZER_AND_RATE
from dashboard.app_pages.duel import race
from dashboard.app_pages.duel.rates import at_chosen_rates
from dashboard.frame import page, resources, session
from dashboard.language import _
from dashboard.runs import predictions, starting

# One for a first look; four are the fewest with which ranks can tell luck from a difference; eight are enough
# for the six comparisons of four networks, too.
SEEDS = (1, 4, 8)


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
    duel = at_chosen_rates(DUELS[code]) if code == "optimizer" else DUELS[code]
    if duel is None:
        return
    rivals = tuple(settings.change(epochs=int(epochs)) for settings in duel)
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
            key=f"duel-winner-{code if duel == DUELS[code] else comparison.group(code, *duel)}",
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
        runs, room = int(seeds) * len(rivals), starting.room()
        started = st.button(
            _("Start the duel"),
            type="primary",
            icon=":material/swords:",
            disabled=winner is None or runs > room,
            help=_why_not_yet(winner, runs, room),
            key="duel-start",
        )
    if started and winner is not None:
        start(rivals, int(seeds), Prediction(short.index(winner) if winner in short else None, points))


def _why_not_yet(winner: str | None, runs: int, room: int) -> str | None:
    """Why the duel cannot start; None when it can."""
    if winner is None:
        return _("Write your prediction down first.")
    if runs > room:
        return _("This duel is {count} runs, and you may have {room} more waiting.").format(
            count=runs, room=max(0, room)
        )
    return None


def _what_differs(rivals: tuple[Settings, ...]) -> str:
    what = race.difference(rivals)
    if set(comparison.differing(rivals)) == OPTIMIZER_AND_RATE:
        return _("The networks differ only in their **optimiser**, each at a learning rate of its own.")
    if len(rivals) > 2:
        return _("The others differ from the first only in one of: **{what}**.").format(what=what)
    return _("The networks differ only in: **{what}**.").format(what=what)


def start(rivals: tuple[Settings, ...], seeds: int, prediction: Prediction) -> None:
    """Put all networks into the queue, in turn, with the prediction beside them."""
    group = GROUP + secrets.token_urlsafe(6)
    learner = session.learner()
    try:
        resources.store().documents.save(learner, group, prediction.to_json())
        for seed in range(seeds):
            for settings in rivals:
                resources.engine().submit(learner, settings.change(seed=seed), group=group)
    except LabError as error:
        page.problem(error)
        return
    session.keep("duel", group)
    st.rerun()


def my_duels() -> dict[str, list[Run]]:
    """Duels of this learner, newest first: group → its runs."""
    found: dict[str, list[Run]] = {}
    for run in resources.store().runs.of(session.learner(), hidden=True):
        if run.group and run.group.startswith(GROUP):
            found.setdefault(run.group, []).append(run)
    return {group: runs for group, runs in found.items() if len(sides(runs)) > 1}


def choose(duels: dict[str, list[Run]]) -> str:
    """The duel just started, or one of the earlier ones."""
    newest = session.kept("duel")
    first = newest if newest in duels else next(iter(duels))
    if len(duels) == 1:
        return first
    return st.selectbox(
        _("Your duels"),
        list(duels),
        index=list(duels).index(first),
        format_func=lambda group: " — ".join(predictions.names_of(sides(duels[group]))),
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
