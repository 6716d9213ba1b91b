"""How it learns: one step by hand, and why there is an objective."""

from dashboard.app_pages.learning import (
    depth,
    downhill,
    knowing,
    objective,
    one_step,
    overfitting,
    two_questions,
)
from dashboard.frame import page
from dashboard.frame.tabs import tabs
from dashboard.language import _

page.header(_("How it learns"), _("What training does to a network, number by number."))
tabs(
    "learning-tab",
    {
        _("One step"): one_step.show,
        _("Which or how much"): two_questions.show,
        _("Why an objective"): objective.show,
        _("Downhill in two dimensions"): downhill.show,
        _("What layers know"): knowing.show,
        _("Depth"): depth.show,
        _("Overfitting"): overfitting.show,
    },
)
