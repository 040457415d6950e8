"""The program as it is delivered: built, carried to another place, run by another user without Python.

The build takes one processor about a minute and is made once for all tests of this file.
"""

from __future__ import annotations

import io
import json
import os
import platform
import re
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from app import __version__
from app.video.source import SUFFIXES

ROOT = Path(__file__).resolve().parents[2]

NOBODY = 65534

LARGEST = 1_000_000_000
"""Bytes that the CPU build may have on the disk."""

TORCH = ("torch", "libtorch", "distributed", "matplotlib", "_pytest")
"""What must not have slipped in."""

MPEG_STREAM = ("video/mp2t",)
VIDEO_TYPES = {
    ".mp4": ("video/mp4",),
    ".m4v": ("video/mp4", "video/x-m4v"),
    ".mov": ("video/quicktime",),
    ".mkv": ("video/x-matroska",),
    ".webm": ("video/webm",),
    ".avi": ("video/x-msvideo", "video/vnd.avi"),
    **dict.fromkeys((".ts", ".mts", ".m2ts"), MPEG_STREAM),
    **dict.fromkeys((".mpg", ".mpeg"), ("video/mpeg",)),
    ".mjpeg": ("video/x-mjpeg",),
}
"""What desktops, older and newer ones, call the videos that the window opens."""

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="each system builds for itself")
pytestmark = [needs_linux, pytest.mark.timeout(1800)]


@dataclass(frozen=True)
class Installed:
    """The program in a place where nobody has built it.

    Attributes:
        folder: holds `revisage`.
        home: of the user who runs it.
        report: what the build said.
    """

    folder: Path
    home: Path
    report: dict[str, object]

    @property
    def program(self) -> Path:
        return self.folder / "revisage"

    def command(self, *arguments: str | Path) -> list[str]:
        """The program under another user where this one may change to another."""
        command = [str(self.program), *map(str, arguments)]
        if os.geteuid() == 0 and shutil.which("setpriv"):
            ids = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
            return [shutil.which("setpriv") or "", *ids, "--", *command]
        return command

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of ours: no Python, no libraries, no settings."""
        return {"HOME": str(self.home), "PATH": "/nonexistent", "QT_QPA_PLATFORM": "offscreen"}

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            env=self.environment,
            cwd=self.home,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, object]]]:
    """What scripts/build_installer.py makes, and what it says of it; or what it made earlier, in the
    folder that REVISAGE_BUILT names."""
    if earlier := os.environ.get("REVISAGE_BUILT"):
        yield Path(earlier), {"version": __version__}
        return
    pytest.importorskip("PyInstaller")
    out = tmp_path_factory.mktemp("dist")
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "build_installer.py"), "--out", str(out)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=1700,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    yield out, json.loads(done.stdout)
    shutil.rmtree(out)


@pytest.fixture(scope="module")
def installed(
    built: tuple[Path, dict[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installed]:
    """The archive unpacked elsewhere, with other rights than its builder's."""
    out, report = built
    place = tmp_path_factory.mktemp("elsewhere")
    if os.geteuid() == 0:  # another user runs it, who must get there through pytest's own folders
        base = tmp_path_factory.getbasetemp()
        for folder in (place, base, base.parent):
            folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
    (archive,) = out.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(place, filter="tar")
    home = place / "home"
    home.mkdir()
    home.chmod(0o777)
    yield Installed(place / "revisage", home, report)
    shutil.rmtree(place)


def test_the_selftest_passes_where_there_is_no_python(installed: Installed) -> None:
    run = installed.run("selftest", "--json", "--quiet")
    assert run.returncode == 0, run.stderr
    stages = json.loads(run.stdout)["stages"]
    assert all(stage["ok"] for stage in stages)
    assert sum(stage["name"].startswith("reconstruct ") for stage in stages) >= 3
    # ONNX Runtime keeps what it would send to its maker in the user's cache.
    assert [path for path in installed.home.rglob("*") if "onnxruntime" in path.name] == []


def test_a_photo_is_reconstructed(installed: Installed, sample_file: Path) -> None:
    photo = installed.home / "photo.png"
    shutil.copyfile(sample_file, photo)
    out = installed.home / "out"
    run = installed.run("reconstruct", photo, "--model", "rgb,sketch", "--out", out, "--json")
    assert run.returncode == 0, run.stderr
    names = {path.name for path in out.iterdir()}
    assert {"photo.rgb.h1.png", "photo.sketch.h1.png", "photo.provenance.json"} <= names


def test_every_export_format_and_the_case_came_along(installed: Installed) -> None:
    formats = installed.run("case", "export", "--help")
    assert formats.returncode == 0, formats.stderr
    here = subprocess.run(
        [sys.executable, "-m", "app", "case", "export", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert formats.stdout.split() == here.stdout.split()
    case = installed.home / "new.rvcase"
    assert installed.run("case", "new", case).returncode == 0
    assert json.loads(installed.run("case", "verify", case, "--json").stdout)["ok"]


def test_the_window_comes_up_and_closes(
    installed: Installed, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = time.perf_counter()
    window = subprocess.Popen(
        installed.command(),
        env=installed.environment,
        cwd=installed.home,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        # The window is shown before the program asks to be told of SIGTERM; without it, SIGTERM ends
        # the program at once and with another exit code.
        deadline = time.monotonic() + 300
        while not catches(window.pid, signal.SIGTERM):
            assert window.poll() is None, window.communicate()[1]
            assert time.monotonic() < deadline
            time.sleep(0.05)
        seconds = time.perf_counter() - clock
        window.terminate()
        _, said = window.communicate(timeout=120)
    finally:
        window.kill()
        window.wait()
    assert window.returncode == 0, said
    assert "Traceback" not in said
    with capsys.disabled():
        size = sum(f.stat().st_size for f in installed.folder.rglob("*") if not f.is_symlink())
        print(f"\n[installer] {size / 1e6:.0f} MB, window after {seconds:.1f} s", end=" ")


def catches(process: int, number: signal.Signals) -> bool:
    """Whether a process has a handler for a signal."""
    status = Path(f"/proc/{process}/status").read_text()
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (number - 1) & 1)


def test_it_holds_what_it_needs_and_nothing_else(installed: Installed) -> None:
    files = [path for path in installed.folder.rglob("*") if path.is_file()]
    names = {path.name for path in files}
    assert sum(path.stat().st_size for path in files if not path.is_symlink()) < LARGEST
    assert not [name for name in names if name.startswith(("libcudart", "libcublas", "libcudnn"))]
    assert not [name for name in names if "providers_cuda" in name or "tensorrt" in name]
    inside = {path.name for path in (installed.folder / "_internal").iterdir()}
    assert not [name for name in inside if name.startswith(TORCH)]
    # OpenCV's fonts for windows of its own.
    assert "DejaVuSans.ttf" not in names
    for model in (ROOT / "model_zoo").iterdir():
        assert (installed.folder / "_internal" / "model_zoo" / model.name / "card.toml").is_file()


def test_everything_inside_is_listed_with_its_licence(installed: Installed) -> None:
    parts = {name: (version, licence) for name, version, licence, _ in listed(installed, "Packages")}
    assert all(version and licence for version, licence in parts.values())
    wanted = ["Python", "PySide6_Essentials", "numpy", "opencv-python", "onnxruntime-gpu"]
    wanted += ["c2pa-python", "pypdfium2", "fpdf2", "av", "scikit-image"]
    if platform.machine() != "x86_64":
        wanted[wanted.index("onnxruntime-gpu")] = "onnxruntime"
    assert set(wanted) <= set(parts)
    assert parts["Python"][0] == platform.python_version()
    for name in ("numpy", "onnxruntime-gpu", "pillow"):
        assert list((installed.folder / "licences" / name).iterdir())
    # Whatever Python code is inside, its package is in the table.
    readers = pytest.importorskip("PyInstaller.archive.readers")
    modules = readers.CArchiveReader(str(installed.program)).open_embedded_archive("PYZ.pyz").toc
    owners = packages_distributions()
    normal = {re.sub(r"[-_.]+", "-", name).lower() for name in parts}
    for top in {name.split(".")[0] for name in modules} - {"app"}:
        packages = {re.sub(r"[-_.]+", "-", each).lower() for each in owners.get(top, [])}
        assert packages & normal or top in sys.stdlib_module_names or not packages, top


def test_every_shared_library_is_listed_with_its_licence(installed: Installed) -> None:
    rows = {place: (home, licence) for place, home, licence in listed(installed, "Extension")}
    assert all(home and licence for home, licence in rows.values())
    inside = installed.folder / "_internal"
    found = {
        path.relative_to(inside).as_posix()
        for path in inside.rglob("*")
        if path.is_file() and not path.is_symlink() and machine_code(path)
    }
    assert found - set(rows) == set()
    assert len(found) > 300
    (codec,) = [place for place in rows if "libx264" in place and "av.libs" in place]
    assert rows[codec] == ("av", "GPL-2.0-or-later")
    text = (installed.folder / "THIRD_PARTY.md").read_text(encoding="utf-8")
    assert "conveyed under the GNU General Public License, version 3 or later" in " ".join(
        text.split()
    )
    assert "Version 3, 29 June 2007" in (installed.folder / "licences/GPL-3.0.txt").read_text()


def listed(installed: Installed, section: str) -> list[list[str]]:
    """The rows of one table of THIRD_PARTY.md."""
    text = (installed.folder / "THIRD_PARTY.md").read_text(encoding="utf-8")
    (table,) = [part for part in text.split("\n## ") if part.startswith(section)]
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def machine_code(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def test_the_desktop_offers_revisage_for_every_video_that_it_opens() -> None:
    entry = (ROOT / "packaging" / "linux" / "revisage.desktop").read_text(encoding="utf-8")
    offered = re.findall(r"^MimeType=(.*);$", entry, re.M)[0].split(";")
    assert set(VIDEO_TYPES) == set(SUFFIXES)
    wanted = {name for names in VIDEO_TYPES.values() for name in names}
    assert {name for name in offered if name.startswith("video/")} == wanted


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="not a Debian")
def test_the_debian_package_brings_desktop_entry_icon_and_file_type(
    built: tuple[Path, dict[str, object]], tmp_path: Path
) -> None:
    out, report = built
    (package,) = out.glob("*.deb")
    fields = subprocess.run(
        ["dpkg-deb", "--field", str(package)], capture_output=True, text=True, check=True
    ).stdout
    assert "Package: revisage\n" in fields
    assert f"Version: {report['version']}\n" in fields
    content = subprocess.run(
        ["dpkg-deb", "--fsys-tarfile", str(package)], capture_output=True, check=True
    ).stdout
    with tarfile.open(fileobj=io.BytesIO(content)) as tree:
        entries = {entry.name.removeprefix("./"): entry for entry in tree.getmembers()}
        desktop = tree.extractfile("./usr/share/applications/revisage.desktop")
        assert desktop is not None
        lines = desktop.read().decode().splitlines()
        assert any(line.startswith("MimeType=application/vnd.revisage.case;") for line in lines)
        kind = tree.extractfile("./usr/share/mime/packages/revisage.xml")
        assert kind is not None
        assert b'<glob pattern="*.rvcase"/>' in kind.read()
    assert entries["usr/bin/revisage"].linkname == "/opt/revisage/revisage"
    assert entries["opt/revisage/revisage"].mode & 0o111
    assert "usr/share/icons/hicolor/scalable/apps/revisage.svg" in entries
    documents = "usr/share/doc/revisage"
    assert {f"{documents}/copyright", f"{documents}/changelog.Debian.gz"} <= set(entries)
    assert "usr/share/man/man1/revisage.1.gz" in entries
    assert entries["usr/share/icons/hicolor/256x256/apps/revisage.png"].size > 1000
    assert {entry.uid for entry in entries.values()} == {0}


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="not a Debian")
def test_the_debian_package_is_installed_works_and_leaves_nothing(
    built: tuple[Path, dict[str, object]],
) -> None:
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root may install packages")
    if Path("/opt/revisage").exists():
        pytest.skip("Revisage is installed here, and a test must not replace it")
    (package,) = built[0].glob("*.deb")
    # Not below pytest's own folder: every other pytest of this user closes that for everybody else.
    home = Path(tempfile.mkdtemp(prefix="revisage-nobody-"))
    home.chmod(0o777)
    try:
        # A bare container lacks some of what a desktop has; the program must run offscreen without.
        dpkg("--force-depends", "--force-unsafe-io", "--install", str(package))
        files = [Path(line) for line in dpkg("--listfiles", "revisage").splitlines()]
        own = [path for path in files if not path.is_dir() or "revisage" in path.name]
        assert not dpkg("--verify", "revisage")
        there = Installed(Path("/usr/bin"), home, built[1])
        run = there.run("selftest", "--json", "--quiet")
        assert run.returncode == 0, run.stderr
        assert all(stage["ok"] for stage in json.loads(run.stdout)["stages"])
        caches = {
            "update-mime-database": Path("/usr/share/mime/globs2"),
            "update-desktop-database": Path("/usr/share/applications/mimeinfo.cache"),
        }
        known = {"update-mime-database": "*.rvcase", "update-desktop-database": "revisage.desktop"}
        triggered = [name for name in caches if shutil.which(name)]
        for name in triggered:
            assert known[name] in caches[name].read_text()
    finally:
        dpkg("--purge", "revisage")
        shutil.rmtree(home)
    assert [path for path in own if path.exists() or path.is_symlink()] == []
    for name in triggered:
        assert known[name] not in caches[name].read_text()


def dpkg(*arguments: str) -> str:
    done = subprocess.run(["dpkg", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="not a Debian")
@pytest.mark.parametrize("program", ["appstreamcli", "desktop-file-validate"])
def test_the_desktops_own_checks(
    built: tuple[Path, dict[str, object]], tmp_path: Path, program: str
) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    (package,) = built[0].glob("*.deb")
    subprocess.run(
        f"dpkg-deb --fsys-tarfile {package} | tar -x -C {tmp_path} ./usr/share",
        shell=True,
        check=True,
    )
    pattern, options = {
        "appstreamcli": ("*.metainfo.xml", ["validate", "--no-net"]),
        "desktop-file-validate": ("*.desktop", []),
    }[program]
    (file,) = tmp_path.rglob(pattern)
    command = [program, *options, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
