"""How things look: one palette and what charts share. Pure: no screen, no store."""
