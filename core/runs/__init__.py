"""A run as everybody sees it: what was asked for, where it stands, what it tells, whose turn it is."""
