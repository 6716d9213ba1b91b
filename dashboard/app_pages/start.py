"""Start: what this is, and one button that trains the default network."""

from dashboard import page
from dashboard.language import _

page.header(_("Handwritten digits"), _("Train a network that reads them, and see how it does it."))
