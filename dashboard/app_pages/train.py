"""Train: the run on the screen, live."""

from dashboard import page
from dashboard.language import _

page.header(_("Train"), _("Watch the network learn."))
