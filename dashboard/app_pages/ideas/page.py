"""Ideas: the theory behind the lab, each with something to move."""

from dashboard.app_pages.ideas import downhill, keras_today, loss, outputs, unit
from dashboard.frame import page
from dashboard.frame.tabs import tabs
from dashboard.language import _

page.header(_("Ideas"), _("Five ideas carry everything else in this lab. Move the numbers and see."))
tabs(
    "ideas-tab",
    {
        _("What an answer is"): outputs.show,
        _("Loss"): loss.show,
        _("One unit by hand"): unit.show,
        _("Walking downhill"): downhill.show,
        _("Keras today"): keras_today.show,
    },
)
