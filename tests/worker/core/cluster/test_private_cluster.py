"""Another account of the same machine reaches the embedded cluster's ports, but not what is behind them."""

from __future__ import annotations

import socket
import ssl
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from distributed import Client
from distributed.security import Security
from worker_lab import Lab, listening

from core.cluster.embedded import read_greeting


def scheduler(lab: Lab) -> str:
    return str(lab.engine._client.scheduler.address)


def another_key() -> Any:
    return Security.temporary()  # type: ignore[no-untyped-call]


def test_the_address_asks_for_encryption(lab: Lab) -> None:
    assert scheduler(lab).startswith("tls://127.0.0.1:")
    assert all(address.startswith("tls://127.0.0.1:") for address in lab.engine._ready)


@pytest.mark.parametrize("key", ["none", "another"])
def test_whoever_has_not_the_key_cannot_speak_to_scheduler_or_workers(lab: Lab, key: str) -> None:
    """With it, ``Client.submit`` would run any function as the lab."""
    security = another_key() if key == "another" else None
    scheme = "tls" if key == "another" else "tcp"
    for address in (scheduler(lab), *lab.engine._ready):
        reached = address.replace("tls", scheme, 1)
        with pytest.raises(OSError, match=r"[Tt]imed out|[Cc]onnect|TLS certificate"):
            Client(  # type: ignore[no-untyped-call]
                reached, security=security, timeout=2, set_as_default=False
            )
    assert lab.engine.compute(sum, [1, 2]) == 3  # it goes on for those who have it


def first_word(address: str, keys: Path | None) -> bytes:
    """What the other side says first, over TLS, to somebody who does not check who that is; b"": nothing."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if keys is not None:
        context.load_cert_chain(keys)
    host, _colon, port = address.removeprefix("tls://").rpartition(":")
    with (
        suppress(OSError),
        socket.create_connection((host, int(port)), timeout=5) as plain,
        context.wrap_socket(plain) as encrypted,
    ):
        return encrypted.recv(1024)
    return b""


def test_the_cluster_itself_refuses_whoever_has_not_its_key(lab: Lab, tmp_path: Path) -> None:
    keys = {"ours": lab.engine._client.security, "another": another_key()}
    for name, security in keys.items():
        (tmp_path / name).write_text(security.tls_client_key + security.tls_client_cert, encoding="ascii")
    for address in (scheduler(lab), *lab.engine._ready):
        assert first_word(address, tmp_path / "ours") != b""
        assert first_word(address, tmp_path / "another") == b""
        assert first_word(address, None) == b""


def test_the_key_is_on_no_command_line_and_in_no_environment(lab: Lab) -> None:
    key = lab.engine._client.security.tls_client_key
    assert "PRIVATE KEY" in key
    inside = key.splitlines()[1]
    for process in lab.processes():
        assert all(inside not in word for word in process.cmdline())
        assert all(inside not in value for value in process.environ().values())


def test_no_page_of_the_cluster_tells_anything(lab: Lab) -> None:
    """Dask serves pages without a key: names of tasks, which are runs, logs of workers, stacks."""
    ports = {port for process in lab.processes() for port in listening(process)}
    assert len(ports) >= 3
    told = []
    for port in ports:
        for path in ("info/main/workers.html", "json/identity.json", "metrics", "health"):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}", timeout=5) as answer:
                    told.append((port, path, answer.read()))
            except (urllib.error.URLError, OSError):
                continue
    assert told == []


def test_what_a_cluster_says_when_it_is_ready_is_read() -> None:
    address, security = read_greeting('{"address": "tls://127.0.0.1:9", "certificate": "c", "key": "k"}')
    assert address == "tls://127.0.0.1:9"
    assert (security.require_encryption, security.tls_ca_file, security.tls_client_key) == (True, "c", "k")
