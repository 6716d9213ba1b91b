"""What may be concluded from several runs: comparison, duel, sweep."""
