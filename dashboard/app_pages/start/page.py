"""Start: a wall of digits, a pad that answers, one button, and the way through the lab."""

from dashboard.app_pages.start import stage, way

stage.show()
way.show()
