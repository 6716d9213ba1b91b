"""Compare: this browser's runs side by side, fairly; sweeps; and the search for a learning rate."""

from dashboard.app_pages.compare import rate_search, side_by_side, sweep
from dashboard.frame import page
from dashboard.frame.tabs import tabs
from dashboard.language import _

page.header(
    _("Compare"), _("Change one thing at a time, put the runs side by side, and ask whether it was luck.")
)
tabs(
    "compare-tab",
    {
        _("Side by side"): side_by_side.show,
        _("Sweep"): sweep.show,
        _("Find a learning rate"): rate_search.show,
    },
)
page.onward("exam", _("On: take the test"))
