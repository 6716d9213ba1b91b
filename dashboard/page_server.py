"""One page process of several, as ``dashboard.serve`` starts it: ``python -m dashboard.page_server 1 …``.

It is what ``streamlit run dashboard/app.py OPTIONS`` is, but trains on a cluster that all of them share. The
first line of its standard input is what that cluster said, or empty where an address in the environment names
one; the line is on no command line and in no environment, because a key is in it. When the input ends, so
does the process: whoever started it is gone, however that happened.
"""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

from streamlit.web import cli

from dashboard.frame import resources

APP = Path(__file__).resolve().parent / "app.py"


def main(number: int, options: list[str]) -> None:
    """Serve pages until standard input ends.

    Args:
        number: of this process among them, from 1.
    """
    resources.log_as(number)
    if greeting := sys.stdin.readline().strip():
        resources.train_on(greeting)
    threading.Thread(target=_end_with_input, daemon=True).start()
    cli.main(["run", str(APP), *options])


def _end_with_input() -> None:
    sys.stdin.read()
    signal.raise_signal(signal.SIGTERM)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
