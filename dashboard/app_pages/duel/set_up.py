"""Setting up a duel: choose the pair, write the prediction down, start."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from core.errors import LabError
from core.runs.origin import Origin
from core.settings import Settings
from core.study import comparison
from core.study.duel import DUELS, Prediction
from core.study.fairness import OPTIMIZER_AND_RATE
from dashboard.app_pages.duel.rates import at_chosen_rates
from dashboard.frame import page, resources, session
from dashboard.frame.choosing import one_of
from dashboard.language import _, differences
from dashboard.runs import predictions, starting

# One for a first look; four are the fewest with which ranks can tell luck from a difference; eight are enough
# for the six comparisons of four networks, too.
SEEDS = (1, 4, 8)


def show() -> None:
    """The form. The duel starts only with a prediction written down."""
    runs = starting.my_runs()
    code, epochs, seeds = _choose()
    duel = at_chosen_rates(DUELS[code], runs) if code == "optimizer" else DUELS[code]
    if duel is None:
        return
    rivals = tuple(settings.change(epochs=epochs) for settings in duel)
    st.markdown(_what_differs(rivals))
    if code == "depth":
        st.caption(_("These two are the experiments of the lab report this lab grew from."))
    with st.container(border=True):
        pair = code if duel == DUELS[code] else f"{code}-{Origin.of('duel', *duel).id}"
        prediction = _predict(pair, predictions.side_names(rivals))
        why_not = _why_not_yet(prediction, seeds * len(rivals), starting.room(runs))
        started = st.button(
            _("Start the duel"),
            type="primary",
            icon=":material/swords:",
            disabled=why_not is not None,
            help=why_not,
            key="duel-start",
        )
    if started and prediction is not None:
        start(rivals, seeds, prediction)


def _why_not_yet(prediction: Prediction | None, runs: int, room: int) -> str | None:
    """Why the duel cannot start; None when it can."""
    if prediction is None:
        return _("Write your prediction down first.")
    if runs > room:
        return _("This duel is {count} runs, and you may have {room} more waiting.").format(
            count=runs, room=room
        )
    return None


def _choose() -> tuple[str, int, int]:
    """The pair's code, for how many epochs, and how many seeds each gets."""
    labels = duel_names()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = st.selectbox(
            _("Who against whom"),
            list(DUELS),
            format_func=labels.__getitem__,
            key="duel-pair",
            persist_state="session",
            width=380,
        )
        epochs = st.number_input(_("Epochs"), 1, 20, 3, key="duel-epochs", persist_state="session", width=130)
        seeds = one_of(
            _("Seeds"),
            SEEDS,
            default=1,
            key="duel-seeds",
            persist_state="session",
            help=_("Each network is trained once for each seed: so you see how much is luck."),
        )
    return code, int(epochs), int(seeds)


def _predict(pair: str, short: Sequence[str]) -> Prediction | None:
    """What the learner expects; None until something is chosen."""
    st.markdown(_("**Your prediction.** Which is more accurate on the validation images in the end?"))
    answers = (*short, _("No difference to speak of"))
    winner = st.radio(
        _("Winner"),
        range(len(answers)),
        index=None,
        format_func=answers.__getitem__,
        horizontal=True,
        label_visibility="collapsed",
        key=f"duel-winner-{pair}",
    )
    if winner is None:
        return None
    if winner == len(short):
        return Prediction(None, 0.0)
    points = st.slider(
        _("By how many percentage points, ahead of the next best?"), 0.5, 90.0, 5.0, 0.5, key="duel-points"
    )
    return Prediction(winner, points)


def duel_names() -> dict[str, str]:
    """The pairs, by what differs in them."""
    return {
        "depth": _("2 against 20 hidden layers, with ReLU"),
        "depth-sigmoid": _("2 against 20 hidden layers, with sigmoid"),
        "initializer": _("20 layers: Glorot against He"),
        "activation": _("20 layers: ReLU against ELU"),
        "batch-normalization": _("20 layers: add batch normalisation"),
        "skip": _("20 layers: add skip connections"),
        "optimizer": _("20 layers: Adam instead of SGD"),
        "clipping": _("20 layers at a high rate: clip the gradient"),
        "rescue": _("20 layers: three ways to free them"),
    }


def _what_differs(rivals: tuple[Settings, ...]) -> str:
    what = differences.settings_told(rivals)
    if set(comparison.differing(rivals)) == OPTIMIZER_AND_RATE:
        return _("The networks differ only in their **optimiser**, each at a learning rate of its own.")
    if len(rivals) > 2:
        return _("The others differ from the first only in one of: **{what}**.").format(what=what)
    return _("The networks differ only in: **{what}**.").format(what=what)


def start(rivals: tuple[Settings, ...], seeds: int, prediction: Prediction | None) -> None:
    """Put all networks into the queue, in turn, with the prediction beside them; one click, one duel.

    Args:
        prediction: None for a duel that follows from another one by a click.
    """
    origin = Origin.new("duel")
    learner = session.learner()
    twin = resources.store().runs.twin(learner, rivals[-1].change(seed=seeds - 1), "duel")
    if twin is not None and twin.unfinished:
        session.keep("duel", twin.origin)
        st.rerun()
    try:
        if prediction is not None:
            resources.store().documents.save(learner, str(origin), prediction.to_json())
        for seed in range(seeds):
            for settings in rivals:
                resources.engine().submit(learner, settings.change(seed=seed), origin=origin)
    except LabError as error:
        page.problem(error)
        return
    session.keep("duel", origin)
    st.rerun()
