"""Command lines speak the language of the process's locale: help, faults, and what was done."""

from __future__ import annotations

import argparse
import inspect
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from record_lab import SETTINGS

from core import command_line, translation
from core.cluster.__main__ import main as cluster
from core.record.__main__ import main as record
from core.record.store import Store
from dashboard.serve import free_port
from dashboard.serve import main as serve

HAN = re.compile(r"[\u3400-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z']+(?: [A-Za-z']+){2,}")
"""Three words of English, as in tests/browser/test_language.py."""


@pytest.fixture(autouse=True)
def _chinese_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    file = tmp_path_factory.mktemp("lab") / "digits.sqlite"
    monkeypatch.setenv("DIGITS_DATABASE_URL", f"sqlite:///{file}")
    store = Store()
    yield store
    store.close()


def told(capsys: pytest.CaptureFixture[str]) -> str:
    """All that was printed; there is Chinese in it, and no English sentence."""
    out, err = capsys.readouterr()
    assert HAN.search(out + err)
    assert ENGLISH.findall(out + err) == []
    return out + err


OUT_OF_RANGE: list[tuple[Callable[[list[str]], object], list[str]]] = [
    *((record, ["clean", f"--older-than={days}"]) for days in ("-1", "nan", "inf", "-inf", "1e400")),
    (cluster, ["embedded", "--workers=-3"]),
    *((cluster, ["worker", "tcp://a:1", f"--workers={count}"]) for count in ("0", "-1", "1001", "9" * 5000)),
    *((cluster, ["scheduler", f"--port={port}"]) for port in ("-1", "65536", "1.5")),
    *((serve, [f"--port={port}"]) for port in ("0", "65536")),
    (serve, ["--pages=1001"]),
]


@pytest.mark.parametrize(("main", "arguments"), OUT_OF_RANGE)
def test_a_number_out_of_range_is_refused_with_its_range(
    main: Callable[[list[str]], object], arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    said = told(capsys)
    assert re.search("[0-9.]+ 到 [0-9.]+", said)
    assert len(said) < 1_000


@pytest.mark.parametrize(
    ("main", "arguments"),
    [
        *(
            (record, [*part, "--help"])
            for part in ([], ["backup"], ["restore"], ["size"], ["clean"], ["remove"])
        ),
        *((cluster, [*part, "--help"]) for part in ([], ["embedded"], ["scheduler"], ["worker"])),
        (serve, ["--help"]),
        (record, []),
        (record, ["size", "more"]),
        (record, ["clean", "--older-than"]),
        (record, ["clean", "--older-than", "old"]),
        (record, ["clean", "--older-than", "1", "--yes=1"]),
        (record, ["remove", "teacher", "x"]),
        (cluster, ["worker", "--workers", "many"]),
        (serve, ["--p", "1"]),
        (serve, ["--pages", "0"]),
        *OUT_OF_RANGE,
    ],
)
def test_help_and_what_cannot_be_asked(
    main: Callable[[list[str]], object], arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments)
    assert "用法：" in told(capsys)
    assert translation.spoken() == "en"


def test_errors(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert record(["remove", "run", "x", "--yes"]) == 1
    assert told(capsys).strip() == "没有 run x。什么也没有删除。"
    assert cluster(["worker", "nonsense"]) == 1
    assert "nonsense" in told(capsys)


def test_what_is_asked_and_what_was_done(
    store: Store,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = str(tmp_path_factory.mktemp("kept") / "kept.sqlite")
    monkeypatch.setattr("builtins.input", lambda question: print(question) or "")
    run, _other = store.runs.create("anna", SETTINGS), store.runs.create("ben", SETTINGS)
    lines = [
        (["size"], r"runs +2 行"),
        (["backup", file], r"已保存到 .*：0\.\d MB。"),
        (["restore", file, "--replace"], r"各表的行数：[^:]*(.*\n)*  runs: 2\n"),
        (["clean", "--older-than", "180"], r"没有超过 180 天的内容。"),
        (
            ["remove", "run", run],
            r"学习者 anna 的内容，各表的行数：\n  runs: 1\n.*保留.*\n永久删除这些内容吗？",
        ),
        (["remove", "run", run, "--yes"], r"已永久删除：\n学习者 anna"),
    ]
    for arguments, says in lines:
        record(arguments)
        assert re.search(says, told(capsys))


def serve_nothing(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> list[str]:
    """Let ``dashboard.serve`` begin without a cluster; the options that its page processes were to have."""
    handed_on: list[str] = []

    async def keep(_backends: object, options: list[str], _trust: str) -> None:
        handed_on.extend(options)

    monkeypatch.setattr("dashboard.serve._keep_cluster", keep)
    monkeypatch.setattr("dashboard.serve.signal.signal", lambda *_: None)
    monkeypatch.setattr("dashboard.serve.logs.begin", lambda: None)
    monkeypatch.setattr("dashboard.greeting.own_address", lambda: "192.168.1.5")
    with ThreadPoolExecutor(1) as thread:  # Playwright keeps a loop in this one
        thread.submit(serve, ["--pages=1", f"--port={free_port()}", *arguments]).result()
    return handed_on


def test_what_is_said_at_the_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert serve_nothing(monkeypatch, "--host=127.0.0.1") == []
    stop = r"按 Ctrl\+C 停止实验室。.*\n"
    assert re.fullmatch(rf"\s*实验室的地址：http://127\.0\.0\.1:\d+\n\s*{stop}\s*", told(capsys))


@pytest.mark.parametrize("is_variable", [True, False])
def test_learners_are_told_where_several_page_processes_are_below_a_base_path(
    is_variable: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if is_variable:
        monkeypatch.setenv("STREAMLIT_SERVER_BASE_URL_PATH", "some/lab")
    own = [] if is_variable else ["--server.baseUrlPath=some/lab"]
    options = serve_nothing(monkeypatch, *own, "--server.maxUploadSize=6")
    assert options == ["--server.baseUrlPath=some/lab", "--server.maxUploadSize=6"]
    said = told(capsys)
    assert re.search(r"学习者打开 http://192\.168\.1\.5:\d+/some/lab\n", said)
    assert re.search(r"在这台电脑上：http://localhost:\d+/some/lab\n", said)


@pytest.mark.parametrize("text", command_line.ARGPARSES)
def test_argparse_still_says_what_is_translated(text: str) -> None:
    assert text.strip() in inspect.getsource(argparse).replace("\\n", "\n")
