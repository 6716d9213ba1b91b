"""How much one learner, and all of them together, may ask of the lab: every limit on what a client sends.

Whoever checks a limit refuses by name, with what was received and what may be sent. The two that Streamlit
itself checks, the size of a message and of an uploaded file, stand in ``dashboard/.streamlit/config.toml``.
"""

MINUTE = 60.0
"""Seconds in which what is limited by the minute is counted."""

# A drawing on the pad. A pen tells its place 60 to 120 times a second: a digit is a few hundred points,
# and scribbling the pad full is about 15,000 pixels long.
MOST_STROKES = 200
MOST_POINTS = 5_000
"""Commands of all strokes together."""
LONGEST_PATH = 100_000.0
"""Pixels of the pad."""

# What one learner may keep
LONGEST_NAME = 120
LONGEST_NOTE = 4_000
LONGEST_SEARCH = 200
LONGEST_DOCUMENT = 250_000
"""Characters of a small text: the longest is a drawing of ``MOST_POINTS`` on the pad."""
MOST_DOCUMENTS = 1_000

# Drawings given to the class: every page that shows them reads them all
LONGEST_STROKES = 60_000
"""Characters of a given drawing's strokes: half a minute of a pen that never rests."""
MOST_DRAWINGS = 500
"""Of one learner."""
MOST_DRAWINGS_IN_ALL = 10_000
"""As many as MNIST's test images, so that no exam on them takes longer."""

# Runs that wait or train
MOST_UNFINISHED_RUNS = 32
"""Of one learner: a whole sweep, or four networks with eight seeds each, but not a class's afternoon."""
MOST_UNFINISHED_IN_ALL = 640
"""Of all learners: twenty of them with as many as they may have."""
MOST_FIRST_RUNS = 960
"""Of all learners, for one who has none unfinished: a greedy crowd leaves room for a first run of others."""

# Uploaded files; they sit in the server's memory
MOST_FILES = 4
"""Of one session; the oldest makes room for the next."""
UPLOADED_MEGABYTES = 48
"""Of all sessions; the one that holds most makes room."""

# Browsers
MOST_NEW_LEARNERS = 100
"""Of one address in a minute; a school may sit behind one."""

# Following runs: each tab has one WebSocket for all it shows
MOST_STREAMS = 24
"""Of one learner: as many tabs that are looked at."""
MOST_STREAMS_IN_ALL = 2_000
"""When they are taken, the learner who has most gives one up for whoever has fewer."""
MOST_WATCHED = 400
"""Runs that one of them follows."""
LONGEST_WATCH = 40_000
"""Characters of the message that names them."""
MOST_WATCHES = 240
"""Such messages in a minute: a page sends one or two when it is opened."""
