"""Ideas: the theory behind the lab, each with something to move."""

from dashboard.app_pages.ideas import checks, downhill, keras_today, loss, outputs, unit, words
from dashboard.frame import page
from dashboard.frame.tabs import tabs
from dashboard.language import _

page.header(_("Ideas"), _("What everything else in this lab stands on. Move the numbers and see."))
tabs(
    "ideas-tab",
    {
        _("What an answer is"): outputs.show,
        _("Loss"): loss.show,
        _("One unit by hand"): unit.show,
        _("Walking downhill"): downhill.show,
        _("Words of training"): words.show,
        _("Keras today"): keras_today.show,
        _("Check the report"): checks.show,
    },
)
page.onward("train", _("On: train a network"))
