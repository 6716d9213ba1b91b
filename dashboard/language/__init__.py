"""What the lab says: translation, names, numbers, and how a language joins its sentences."""

from dashboard.language.translation import _, ngettext, translated

__all__ = ["_", "ngettext", "translated"]
