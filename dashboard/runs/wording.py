"""A run's state and its times as a person says them."""

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


def duration(seconds: float) -> str:
    """12.3 → "12 s"; 100 → "2 min"."""
    if seconds < 90:
        return _("{count} s").format(count=max(1, round(seconds)))
    return _("{count} min").format(count=round(seconds / 60))
