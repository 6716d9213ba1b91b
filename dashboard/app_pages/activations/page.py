"""Activations: the bend in every unit, what it lets through, and the first weights it wants."""

from dashboard.app_pages.activations import curves, first_weights, slopes
from dashboard.frame import page, session
from dashboard.frame.tabs import tabs
from dashboard.language import _

page.header(
    _("Activations"),
    _("Without a bend between them, any number of layers would be worth one. The activation is the bend."),
)
current = session.settings()
tabs(
    "activations-tab",
    {
        _("Curves"): lambda: curves.show(current.network.activation),
        _("Saturated and dead"): lambda: slopes.show(current),
        _("First weights"): lambda: first_weights.show(current),
    },
)
page.onward("network", _("On: see the network"))
