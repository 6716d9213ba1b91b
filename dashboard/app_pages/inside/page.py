"""Inside: what each layer does while the network learns."""

from core.record.store import Store
from core.runs.run import Run
from dashboard.app_pages.inside import curves, first_weights, on_the_curve, strip, without_run
from dashboard.frame import page, resources
from dashboard.frame.tabs import tabs
from dashboard.language import _
from dashboard.runs import opening


def show(run: Run, store: Store) -> None:
    """The strip of the run on the screen, and three ways to look closer."""
    strip.show(run)
    tabs(
        "inside-tab",
        {
            _("Curves"): lambda: curves.show(run, store),
            _("On the curve"): lambda: on_the_curve.show(run, store),
            _("First weights"): lambda: first_weights.show(run, store),
        },
    )


page.header(_("Inside"), _("Which layers learn, and how fast? Colour shows the gradient that reaches them."))
lab = resources.store()
opened = opening.open_run(lab)
if opened is None:
    without_run.show()
else:
    show(opened, lab)
page.onward("duel", _("On: let two networks race"))
