"""Digits: look at the data before anything is trained on it."""

from dashboard.app_pages.digits import averages, pixel_values, the_split
from dashboard.app_pages.digits.picture_browser import picture_browser
from dashboard.frame import page, resources, session
from dashboard.frame.tabs import tabs
from dashboard.language import _

page.header(
    _("Digits"),
    _("70,000 handwritten digits, 28 × 28 pixels each. Know your data before you train on it."),
)
settings = session.settings().data
shown = resources.gallery(settings)
tabs(
    "digits-tab",
    {
        _("Pictures"): lambda: picture_browser(shown),
        _("The split"): lambda: the_split.show(shown, settings),
        _("Average digits"): lambda: averages.show(shown),
        _("Pixel values"): lambda: pixel_values.show(shown),
    },
)
page.onward("normalization", _("On: bring the pixels to scale"))
