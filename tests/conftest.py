"""What all tests share: how Hypothesis looks, and a real PostgreSQL server.

The server is the one that is named, else one of our own from Debian's binaries.
"""

import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import psycopg
import pytest

DEBIAN = Path("/usr/lib/postgresql")

# As in a worker, whichever test is the first to let TensorFlow compute: the same sums are rounded alike.
os.environ["TF_NUM_INTRAOP_THREADS"] = os.environ["TF_NUM_INTEROP_THREADS"] = "1"

# Always the same examples, however busy the machine: what fails once fails everywhere. Those that once failed
# are kept beside their tests as ``@example``.
hypothesis.settings.register_profile("lab", derandomize=True, database=None, deadline=None)
hypothesis.settings.load_profile("lab")


@pytest.fixture(scope="module", autouse=True)
def _set_aside() -> None:
    """Set aside what earlier files imported and left, TensorFlow above all.

    Streamlit collects garbage after every rerun; a page would be slow for what is not its own.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address of an empty database. Skips where there is no server to be had; fails instead in CI."""
    named = os.environ.get("DIGITS_TEST_DATABASE_URL")
    if named:
        yield named
        return
    programs = _find_programs()
    if programs is None or sys.platform == "win32":
        reason = "needs PostgreSQL: install it, or name a server in DIGITS_TEST_DATABASE_URL"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="digits-postgres-", ignore_cleanup_errors=True) as folder:
        yield from _serve(programs, Path(folder))


def _find_programs() -> Path | None:
    found = shutil.which("initdb")
    candidates = [Path(found).parent] if found else sorted(DEBIAN.glob("*/bin"), reverse=True)
    return next((path for path in candidates if (path / "initdb").exists()), None)


def _serve(programs: Path, folder: Path) -> Iterator[str]:
    user = "postgres" if os.geteuid() == 0 else None  # PostgreSQL refuses to be run as root
    if user:
        shutil.chown(folder, user)
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(command, user=user, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    run(str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    port = _free_port()
    options = f"-c listen_addresses=127.0.0.1 -p {port} -c fsync=off -k {folder}"
    run(str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        run(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def empty_postgres_url(postgres_url: str) -> str:
    """The same server with no table in it."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return postgres_url
