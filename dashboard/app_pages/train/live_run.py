"""One run as it goes: what it is, how far it is, and its curve."""

from __future__ import annotations

import streamlit as st

from core.choices.losses import LOSSES
from core.runs.published import published_code
from core.runs.run import Run
from core.settings import Settings
from dashboard.app_pages.train import branch, curve, rate, status, steering, together, verdict, witnesses
from dashboard.app_pages.train.curve import RunView
from dashboard.frame import resources
from dashboard.frame.choosing import one_of
from dashboard.language import _, translated
from dashboard.language.joining import bulleted
from dashboard.runs.identities import identity
from dashboard.runs.live import while_alive


def show(run: Run, *, best: float | None) -> None:
    """The part that moves, and how to read it.

    Args:
        best: validation accuracy of the learner's best other run, 0 to 1.
    """
    while_alive(
        lambda run: _draw(run, best),
        run,
        lambda: resources.store().runs.get(run.id),
        state=lambda run: (run.unfinished, run.has_weights),
        runs=lambda run: [run],
        key="train",
    )
    with st.expander(_("How to read the curves"), icon=":material/help:"):
        st.markdown(explanation(run.settings))


def _draw(run: Run, best: float | None) -> None:
    known = identity(run)
    steering.show(run, known)
    branch.parent(run)
    status.show(run)
    together.show(run)
    verdict.show(run, best)
    with st.container(key="watched", horizontal=True, gap="small"):
        with st.container(key="watched-curve"):
            curve.show(run, _choose_view(run), known.name)
        with st.container(key="watched-digits"):
            witnesses.show(run)
    rate.show(run)


def _choose_view(run: Run) -> RunView:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        axis = one_of(
            _("Along the bottom"),
            ["epoch", "seconds"],
            default="epoch",
            format_func=lambda code: _("Epochs") if code == "epoch" else _("Seconds"),
            label_visibility="collapsed",
            key="progress-axis",
            persist_state="session",
        )
        close = st.toggle(
            _("Close-up"),
            key="progress-close",
            persist_state="session",
            help=_("Fits the axes to what comes after the first epoch."),
        )
        published = axis == "epoch" and _wants_published(run)
    return RunView("seconds" if axis == "seconds" else "epoch", close, published)


def _wants_published(run: Run) -> bool:
    """Offered once the first epoch is done: before, it would tell the ending."""
    return (
        run.epochs_done > 0
        and published_code(run.settings) is not None
        and st.toggle(
            _("Published curve"),
            True,
            key="progress-published",
            persist_state="session",
            help=_("How this experiment went in the lab report this lab grew from, dotted."),
        )
    )


def explanation(settings: Settings) -> str:
    """How to read the curves of this experiment, a point a line."""
    averages = _(
        "With **batch normalisation** there is another gap in the first epochs: validation uses moving "
        "averages of each layer's mean and variance, which are still on their way, while training uses each "
        "batch's own."
    )
    return bulleted(
        (
            _("**Loss** is what training makes small. {meaning}").format(
                meaning=translated(LOSSES[settings.training.loss].help)
            ),
            _(
                "**Training** figures are a running average over the epoch, taken while the network still "
                "changes. So they can lag behind **validation**, which is measured at the epoch's end."
            ),
            _(
                "**Guessing** is the dashed line: giving every digit the same probability, or always "
                "answering the commonest digit. A curve that stays there has learnt nothing."
            ),
            _(
                "A gap means that the network reads the images it learns from better than new ones. Where "
                "training goes on getting better while validation gets no better, or worse, that is "
                "**overfitting**: what it still learns holds for its own images only."
            ),
            *([averages] if settings.network.batch_normalization and settings.network.hidden else []),
        )
    )
