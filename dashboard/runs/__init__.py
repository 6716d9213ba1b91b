"""What several pages show of runs: which one is open, what moves while it trains, its words, its curves."""
