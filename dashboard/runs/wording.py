"""A run's state as a person says it."""

from __future__ import annotations

from dashboard.language import _


def status_name(status: str) -> str:
    """A run's state as a person says it."""
    return {
        "waiting": _("waiting"),
        "running": _("training"),
        "stopping": _("stopping"),
        "stopped": _("stopped"),
        "finished": _("finished"),
        "diverged": _("diverged"),
        "failed": _("failed"),
    }[status]
