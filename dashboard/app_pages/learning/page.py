"""How it learns: one step by hand, its question and its objective, the way downhill, and what comes of it.

What comes of it is three tabs: what each layer knows, what depth leaves of a gradient, and overfitting.
"""

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
page.onward("train", _("On: train a network"))
