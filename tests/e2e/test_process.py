"""`python -m app` as a process of its own: what only shows there."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app import __version__
from tests.e2e.conftest import ROOT, Cli
from tests.support.tiny_models import add_model, slow_model

HEAVY = ("numpy", "cv2", "onnxruntime", "PySide6", "skimage", "pydantic")


def test_version(revisage: Cli) -> None:
    run = revisage("--version")
    assert (run.code, run.out) == (0, f"revisage {__version__}\n")


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["locate"],
        ["map"],
        ["reconstruct"],
        ["batch"],
        ["case"],
        ["case", "run"],
        ["models"],
        ["devices"],
        ["selftest"],
    ],
)
def test_help(revisage: Cli, command: list[str]) -> None:
    run = revisage(*command, "--help")
    assert run.code == 0
    assert run.err == ""
    assert run.out.startswith("usage: revisage")


def test_every_command_of_the_help_exists(revisage: Cli) -> None:
    text = revisage("--help").out
    names = re.findall(r"^    ([a-z]+)  ", text[text.index("COMMAND [OPTIONS]") :], re.MULTILINE)
    assert {"locate", "batch", "video", "case", "models"} <= set(names)
    for name in names:
        assert revisage(name, "--help").code == 0
    formats = revisage("case", "export", "--help").out
    for name in ("report-json", "composite-png", "sheet-pdf"):
        assert name in formats


def test_help_waits_for_nothing_heavy() -> None:
    code = (
        "import sys; from app.cli.main import main; main(['--help']);"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stderr.strip() == "[]"


def test_a_command_imports_neither_qt_nor_torch(photo: Path) -> None:
    code = (
        f"import sys; from app.cli.main import main; main(['locate', {str(photo)!r}, '--quiet']);"
        "print([name for name in ('PySide6', 'torch', 'skimage') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines()[-1] == "[]"


def test_works_from_any_folder(revisage: Cli, tmp_path: Path) -> None:
    assert revisage("devices", cwd=tmp_path).code == 0


def test_json_is_all_there_is_on_stdout(revisage: Cli) -> None:
    run = revisage("devices", "--json")
    assert json.loads(run.out)["devices"]
    assert run.err == ""


def test_a_closed_pipe_is_no_crash() -> None:
    command = f"{sys.executable} -m app models list --json | head -c 1"
    run = subprocess.run(
        ["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert run.stderr == ""


def test_the_window_needs_a_screen(revisage: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        pytest.skip("elsewhere there is always a screen")
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    run = revisage()
    assert run.code == 1
    assert "no screen" in run.complaint


def test_a_mistyped_command_is_wrong_usage(revisage: Cli) -> None:
    run = revisage("recontruct", "photo.png")
    assert run.code == 2
    assert "'recontruct'" in run.complaint


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_an_interrupt_ends_the_work_and_leaves_no_half_file(photo: Path, tmp_path: Path) -> None:
    from tests.support.tiny_models import write_tiny_zoo

    zoo = write_tiny_zoo(tmp_path / "zoo")
    add_model(zoo, "slow", "reconstruct", slow_model())
    out = tmp_path / "out"
    code = (
        "import app.workbench, sys; from pathlib import Path; from app.cli.main import main;"
        f"app.workbench.default_zoo_folders = lambda: (Path({str(zoo)!r}),);"
        f"sys.exit(main(['reconstruct', {str(photo)!r}, '--model', 'slow', '--out', {str(out)!r}]))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        if "Tiny slow" in line:
            break
    process.send_signal(signal.SIGINT)
    rest = process.stderr.read()
    assert process.wait(30) == 130
    assert "Interrupted" in rest
    assert "Traceback" not in rest
    assert not list(out.iterdir())
