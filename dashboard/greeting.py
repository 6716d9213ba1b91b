"""What whoever starts the lab is told: where learners find it, where it is here, how it is stopped.

Streamlit's own lines are off (``logger.hideWelcomeMessage``): two or three addresses without a word on whom
they are for, one of them asked of a server on the internet, and a warning where there is no internet.
"""

from __future__ import annotations

import socket
from collections.abc import Sequence

from core.translation import of_the_server, speaking
from dashboard.language import _

EVERYWHERE = (None, "", "0.0.0.0", "::")
"""Hosts by which a server listens on all of the machine's addresses."""
ALONE = "127.0.0.1"
MARGIN = "\n  "


def say() -> None:
    """Write it to standard output, in the server's language, with what Streamlit's options say."""
    import streamlit as st  # ``dashboard.serve``, which keeps page processes, has no other use for its 35 MB

    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    host, port = st.get_option("server.address"), st.get_option("server.port")
    with speaking(of_the_server()):
        tell(lines(own_address(), host, port, st.get_option("server.baseUrlPath"), scheme))


def tell(told: Sequence[str]) -> None:
    """Write lines to standard output, apart from what else stands there."""
    print("", *told, "", sep=MARGIN, flush=True)


def own_address() -> str:
    """This machine's IPv4 address in its network; ``ALONE`` where it is in none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 1))  # an address of nobody (RFC 5737): asks which way out there is
        except OSError:
            return ALONE
        return str(probe.getsockname()[0])


def lines(own: str, host: str | None, port: int, base: str = "", scheme: str = "http") -> list[str]:
    """The lines, without the margin.

    Args:
        own: this machine's address in its network; ``ALONE`` where it is in none.
        host: the address that the server listens on; one of ``EVERYWHERE`` for all of them.
        base: the path below which the pages lie, with or without slashes around it.
        scheme: "http" or "https".
    """
    path = f":{port}/{base.strip('/')}".rstrip("/")
    stop = _("Ctrl+C stops the lab. Runs that are not done go on at the next start.")
    if host is not None and host not in EVERYWHERE:
        name = f"[{host}]" if ":" in host else host
        return [_("The lab is at {address}").format(address=f"{scheme}://{name}{path}"), stop]
    here = _("On this machine: {address}").format(address=f"{scheme}://localhost{path}")
    if own == ALONE:
        return [here, _("This machine is in no network, so nobody else can open the lab."), stop]
    learners = _("Learners in the same network open {address}").format(address=f"{scheme}://{own}{path}")
    return [learners, here, stop]
