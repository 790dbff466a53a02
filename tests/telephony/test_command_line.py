"""The command line: one line for every mistake, and nothing imported that is not needed."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from telephony import cli


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    return int(ended.value.code or 0)


def test_help_lists_every_installed_command_with_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--help") == 0
    lines = capsys.readouterr().out.splitlines()
    for name in entry_points(group=cli.GROUP).names:
        assert any(line.split()[:1] == [name] and len(line.split()) > 2 for line in lines)


def test_help_imports_no_model() -> None:
    script = (
        "import sys\nfrom telephony import cli\n"
        "try: cli.main(['--help'])\nexcept SystemExit: pass\n"
        "print([name for name in ('pipecat', 'faster_whisper', 'uvicorn') if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert out.splitlines()[-1] == "[]"


@pytest.mark.parametrize("arguments", [("dance",), ("--dance",), ("serve", "--dance")])
def test_a_wrong_call_is_one_line_and_status_two(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert run(*arguments) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "dance" in error


@pytest.fixture
def taken_port() -> Iterator[int]:
    """Return a port somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


@pytest.mark.parametrize(
    ("command", "setting"), [("serve", "PORT"), ("serve", "WORKER_PORT"), ("switchboard", "PORT")]
)
def test_a_port_in_use_is_one_line_that_names_the_setting(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    taken_port: int,
    command: str,
    setting: str,
) -> None:
    monkeypatch.setenv("HOOKFLASH_DATA", str(tmp_path))
    monkeypatch.setenv("HOOKFLASH_LINK_TOKEN", "secret")
    monkeypatch.setenv("HOOKFLASH_WORKER_PORT", "18999")
    monkeypatch.setenv(f"HOOKFLASH_{setting}", str(taken_port))
    assert run(command) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert f"HOOKFLASH_{setting}" in error and str(taken_port) in error


def test_a_switchboard_alone_needs_a_secret(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOOKFLASH_LINK_TOKEN", raising=False)
    assert run("switchboard") == 1
    assert "HOOKFLASH_LINK_TOKEN" in capsys.readouterr().err


def test_a_wrong_setting_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOOKFLASH_PORT", "eighty")
    assert run("serve") == 1
    assert capsys.readouterr().err.startswith("hookflash: HOOKFLASH_PORT is 'eighty'")
