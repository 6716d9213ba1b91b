"""The parts of the page Ideas, one a file: each explains one thing and lets a number move."""
