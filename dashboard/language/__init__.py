"""What the lab says: translation, names, numbers, and how a language joins its sentences."""

from core.translation import _, ngettext, translated

__all__ = ["_", "ngettext", "translated"]
