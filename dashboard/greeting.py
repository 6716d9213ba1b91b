"""What whoever starts the lab is told: where learners find it, where it is here, how it is stopped.

Streamlit's own lines are off (``logger.hideWelcomeMessage``): two or three addresses without a word on whom
they are for, one of them asked of a server on the internet, and a warning where there is no internet.
"""

from __future__ import annotations

import streamlit as st
from streamlit import net_util

from core.translation import of_the_server, speaking
from dashboard.language import _

EVERYWHERE = (None, "", "0.0.0.0", "::")
"""Values of ``server.address`` by which the server listens on all of the machine's addresses."""
ALONE = "127.0.0.1"
MARGIN = "\n  "


def say() -> None:
    """Write it to standard output, in the server's language."""
    with speaking(of_the_server()):
        print("", *lines(net_util.get_internal_ip()), "", sep=MARGIN, flush=True)


def lines(own: str | None) -> list[str]:
    """The lines, without the margin.

    Args:
        own: this machine's address in its network; "127.0.0.1" or None where it is in none.
    """
    host = st.get_option("server.address")
    stop = _("Ctrl+C stops the lab. Runs that are not done go on at the next start.")
    if host not in EVERYWHERE:
        return [_("The lab is at {address}").format(address=_address(host)), stop]
    here = _("On this machine: {address}").format(address=_address("localhost"))
    if own in (None, ALONE):
        return [here, _("This machine is in no network, so nobody else can open the lab."), stop]
    learners = _("Learners in the same network open {address}").format(address=_address(str(own)))
    return [learners, here, stop]


def _address(host: str) -> str:
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    base = st.get_option("server.baseUrlPath").strip("/")
    name = f"[{host}]" if ":" in host else host
    return f"{scheme}://{name}:{st.get_option('server.port')}{f'/{base}' if base else ''}"
