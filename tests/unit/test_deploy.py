"""What ``deploy`` says fits the lab: commands that exist, variables that are read, names that agree."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from core.cluster import __main__ as cluster
from core.record import __main__ as record
from dashboard.frame import identity

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_the_nightly_backup_sweeps_up_what_a_killed_one_left_and_no_database() -> None:
    told = (DEPLOY / "digit-lab-backup.service").read_text(encoding="utf-8")
    swept = re.findall("-name '(.*?)'", told)
    for name in ("2026-11-30.sqlite", "2026-11-30.sqlite.part", "2026-11-30.sqlite.part-wal"):
        assert any(fnmatch(name, each) for each in swept), name
    assert not any(fnmatch("digits.sqlite-wal", each) for each in swept)


def test_compose_has_every_part_of_a_lab() -> None:
    assert set(SERVICES) == {"database", "scheduler", "worker", "pages-1", "pages-2", "proxy"}
    assert {name for name, service in SERVICES.items() if "ports" in service} == {"proxy"}
    for name, service in SERVICES.items():
        assert service["restart"] == "unless-stopped", name
        assert service["logging"]["options"] == {"max-size": "1m", "max-file": "5"}, name  # logs are renewed
        assert "lab" in service["networks"]


def test_the_labs_own_containers_may_do_nothing_but_run_it() -> None:
    for name in ("scheduler", "worker", "pages-1", "pages-2"):
        service = SERVICES[name]
        assert (ROOT / "deploy" / service["build"]["context"]).resolve() == ROOT
        assert (ROOT / service["build"]["dockerfile"]).is_file()
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
    assert DOCKERFILE.index("\nUSER lab\n") < DOCKERFILE.index("\nCMD ")


@pytest.mark.parametrize("name", ["scheduler", "worker"])
def test_commands_of_the_cluster_are_understood(name: str) -> None:
    python, _m, module, *arguments = SERVICES[name]["command"]
    assert (python, module) == ("python", "core.cluster")
    asked = cluster._parser().parse_args(arguments)
    assert asked.part == name
    if name == "worker":
        assert asked.scheduler == SERVICES["pages-1"]["environment"]["DASK_SCHEDULER_ADDRESS"]


def test_the_parts_name_each_other() -> None:
    variables = SERVICES["pages-1"]["environment"]
    assert SERVICES["pages-2"]["environment"] == variables
    for variable in variables:
        assert f"`{variable}`" in SETTINGS
    database = SERVICES["database"]["environment"]
    password = re.escape(database["POSTGRES_PASSWORD"])
    told = re.fullmatch(rf"postgresql://(\w+):{password}@(\w+):5432/(\w+)", variables["DIGITS_DATABASE_URL"])
    assert told is not None
    assert told.groups() == (database["POSTGRES_USER"], "database", database["POSTGRES_DB"])
    assert variables["DASK_SCHEDULER_ADDRESS"] == "tcp://scheduler:8786"
    proxy = SERVICES["proxy"]["networks"]["lab"]["ipv4_address"]
    assert variables["FORWARDED_ALLOW_IPS"] == proxy


def test_the_proxy_serves_the_page_servers_and_keeps_browsers_by_the_labs_cookie() -> None:
    assert re.findall(r"server (pages-\d):8501", NGINX) == ["pages-1", "pages-2"]
    assert f"map $cookie_{identity.NAME} $browser" in NGINX
    inside = {port.split(":")[1] for port in SERVICES["proxy"]["ports"]}
    assert set(re.findall(r"listen (\d+)", NGINX)) == inside


def test_the_image_takes_only_what_is_there() -> None:
    copied = re.findall(r"^COPY (.+) \S+$", DOCKERFILE, re.MULTILINE)
    for name in " ".join(copied).split():
        assert (ROOT / name).exists(), name
    kept = re.findall(
        r"^!(.+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert set(kept) == set(" ".join(copied).split())
    required = (ROOT / "requirements.in").read_text(encoding="utf-8")
    running, mark, _tests = required.partition("\n# the tests and benchmarks")
    assert mark
    assert "\nstreamlit " in running
    assert "pytest" not in running


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_units_start_commands_that_exist(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    for module in re.findall(r"python -m ([\w.]+)", text):
        place = ROOT / module.replace(".", "/")
        assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file(), module
    for command in re.findall(r"python -m core\.record (\w+)", text):
        assert command in record.COMMANDS


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    """With this project in the place of the one that is installed."""
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/srv/digit-lab", str(ROOT))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS)]
    told = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"SYSTEMD_LOG_LEVEL": "warning"},
    )
    about_ours = [line for line in told.stderr.splitlines() if "digit-lab" in line]
    assert about_ours == []
