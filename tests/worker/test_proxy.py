"""deploy/nginx.conf before two page servers: HTTPS, secure cookies, and each browser with one of them."""

from __future__ import annotations

import asyncio
import datetime
import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPSConnection
from pathlib import Path

import psutil
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from loops import run
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol
from worker_lab import wait_for

from core import ROOT
from dashboard.frame import identity

BROWSERS = [f"browser-{number:024d}" for number in range(8)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certify(folder: Path) -> None:
    """A certificate of our own for localhost, as a school's server has one."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    today = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir()
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    kind = serialization.PrivateFormat.PKCS8
    (folder / "privkey.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, kind, plain))


class School:
    """Two page servers on one database, and the proxy before them."""

    def __init__(self, folder: Path, nginx: str) -> None:
        self.folder = folder
        self.pages = [free_port(), free_port()]
        self.port, plain = free_port(), free_port()
        certify(folder / "certificate")
        self.trust = ssl.create_default_context(cafile=str(folder / "certificate" / "fullchain.pem"))
        conf = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        for number, port in enumerate(self.pages, start=1):
            conf = conf.replace(f"pages-{number}:8501", f"127.0.0.1:{port}")
        conf = conf.replace("listen 8443", f"listen {self.port}").replace("listen 8080", f"listen {plain}")
        (folder / "nginx.conf").write_text(conf.replace("/tmp/", f"{folder}/"), encoding="utf-8")
        self.servers = [self._serve(port) for port in self.pages]
        options = ("-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;")
        self.proxy = psutil.Popen([nginx, *options], stderr=subprocess.DEVNULL)

    def _serve(self, port: int) -> psutil.Popen:
        variables = {
            "DIGITS_DATABASE_URL": f"sqlite:///{self.folder}/digits.sqlite",
            "DASK_SCHEDULER_ADDRESS": "tcp://127.0.0.1:9",
        }
        flags = ("--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1")
        return psutil.Popen(
            [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "app.py"), *flags],
            env=os.environ | variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Status and cookie of an answer."""
        connection = HTTPSConnection("localhost", self.port, context=self.trust, timeout=20)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Set-Cookie", "")
        finally:
            connection.close()

    def answers(self) -> bool:
        """Whether both servers serve, and the proxy does."""
        try:
            for port in self.pages:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return self.get("/_stcore/health")[0] == 200
        except OSError:
            return False

    async def home(self, browser: str) -> int:
        """Which server a browser's stream meets, once it has been answered."""
        async with connect(
            f"wss://localhost:{self.port}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit")],
            additional_headers={"Cookie": f"{identity.NAME}={browser}"},
            ssl=self.trust,
            max_size=None,
        ) as stream:
            await stream.send(BackMsg(rerun_script=ClientState()).SerializeToString())
            await stream.recv()
            proxied = {
                each.raddr.port
                for process in self._proxies()
                for each in process.net_connections("tcp")
                if each.raddr
            }
            [home] = proxied & set(self.pages)
            return self.pages.index(home)

    def _proxies(self) -> list[psutil.Process]:
        return [self.proxy, *self.proxy.children()]

    def close(self) -> None:
        for process in [*self._proxies(), *self.servers]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        for process in (self.proxy, *self.servers):
            process.wait()


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        reason = "needs nginx: install it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    opened = School(tmp_path, nginx)
    yield opened
    opened.close()


def test_browsers_stay_with_one_server_each_until_it_dies_and_cookies_are_secure(school: School) -> None:
    wait_for(school.answers, "all of them")
    status, cookie = school.get("/", Accept="text/html")
    assert status == 200
    assert cookie.startswith(f"{identity.NAME}=")
    assert "Secure" in cookie  # the servers believe that the proxy speaks HTTPS
    homes = {browser: run(asyncio.wait_for(school.home(browser), 30)) for browser in BROWSERS}
    assert set(homes.values()) == {0, 1}
    browser = BROWSERS[0]
    assert run(asyncio.wait_for(school.home(browser), 30)) == homes[browser]
    school.servers[homes[browser]].kill()
    school.servers[homes[browser]].wait()
    assert run(asyncio.wait_for(school.home(browser), 30)) == 1 - homes[browser]
