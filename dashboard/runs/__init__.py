"""What several pages show of runs: how one is opened, its words, its curves."""
