"""What is said of a setting that cannot do anything beside the others."""

from __future__ import annotations

from core.errors import N_
from core.runs.without_effect import Idle
from core.translation import translated
from dashboard.language import names

_SENTENCES = {
    "never-falls": N_("The rate never falls: of {epochs} epochs none comes after epoch {every}."),
    "falls-to-itself": N_("A share of 1 leaves the rate as it is."),
    "only-warms-up": N_(
        "The rate never reaches its full height: the warm-up takes {warm_up} epochs, the run has {epochs}."
    ),
    "no-cosine": N_(
        "The cosine begins where the warm-up ends, after {warm_up} epochs; the run has {epochs}: it only "
        "warms up."
    ),
    "changes-too-late": N_("Of {epochs} epochs none comes after epoch {epoch}, where another rate is named."),
    "changed-by-hand": N_("From epoch {epoch} on the other rates count, and the schedule no more."),
    "nothing-to-drop": N_("Dropout does nothing here: there is no hidden layer."),
    "not-smoothed": N_("Label smoothing does nothing here: Keras has none for the mean squared error."),
    "too-patient": N_(
        "A patience of {patience} cannot end a run of {epochs} epochs early: it would need {needed}."
    ),
}


def sentence(idle: Idle) -> str:
    """Why a setting does nothing, with the numbers of the experiment."""
    values = dict(idle.values)
    if "warm_up" in values:
        values["warm_up"] = names.value("warm_up", values["warm_up"])
    if "patience" in values:
        values["needed"] = values["patience"] + 2
    return translated(_SENTENCES[idle.code]).format(**values)
