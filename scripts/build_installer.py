"""Builds the program that runs without Python, and what installs it.

    python scripts/build_installer.py --out dist                 folder, archive and .deb (CPU)
    python scripts/build_installer.py --out dist --gpu           with the CUDA and TensorRT providers

On Linux it makes `revisage/`, `revisage-VERSION-linux-ARCH.tar.gz` and `revisage_VERSION_ARCH.deb`; on
Windows the folder and, where Inno Setup is installed, its installer; on macOS `Revisage.app` and a disk
image. Each is built on its own system: PyInstaller does not build for another one. Prints one JSON
document with paths and sizes.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app import __version__  # noqa: E402
from scripts.bundle_licences import write_licences  # noqa: E402
from scripts.debian_package import SIZES, debian_package  # noqa: E402


def main(arguments: list[str]) -> int:
    """Build; returns the exit code."""
    parser = argparse.ArgumentParser(description="Build the program and its installers.")
    parser.add_argument("--out", metavar="DIR", type=Path, default=ROOT / "dist")
    parser.add_argument("--gpu", action="store_true", help="with CUDA and TensorRT providers")
    parser.add_argument(
        "--folder-only", action="store_true", help="no archive and no installer, only the program"
    )
    parser.add_argument(
        "--maintainer",
        metavar="NAME <ADDRESS>",
        default="",
        help="who answers for this build and offers its source code; needed to pass it on",
    )
    options = parser.parse_args(arguments)
    out = options.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="revisage-build-") as scratch:
        work = Path(scratch)
        folder = build(out, work, gpu=options.gpu, maintainer=options.maintainer)
        made = (
            []
            if options.folder_only
            else installers(folder, out, work, gpu=options.gpu, maintainer=options.maintainer)
        )
    report = {
        "version": __version__,
        "gpu": options.gpu,
        "folder": str(folder),
        "folder_bytes": size_of(folder),
        "files": [{"path": str(path), "bytes": path.stat().st_size} for path in made],
    }
    print(json.dumps(report, indent=2))
    return 0


def build(out: Path, work: Path, *, gpu: bool, maintainer: str = "") -> Path:
    """Run PyInstaller; returns the built folder (on macOS `Revisage.app` lies beside it)."""
    target = work / "revisage"
    target.mkdir()
    if sys.platform in ("win32", "darwin"):
        draw_icon(target / ("revisage.ico" if sys.platform == "win32" else "revisage.icns"))
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--workpath", str(work), "--distpath", str(out)]
    command += [str(ROOT / "packaging" / "revisage.spec"), *(["--", "--gpu"] if gpu else [])]
    # PyInstaller reads the checkout and nothing of the user's own Python.
    subprocess.run(command, check=True, cwd=ROOT, stdout=sys.stderr)
    write_licences(target, out / "revisage", maintainer=maintainer)
    return out / "revisage"


def draw_icon(path: Path, side: int = 1024) -> None:
    """The SVG icon as .png, .ico or .icns."""
    from PIL import Image
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication([])
    canvas = QImage(side, side, QImage.Format.Format_RGBA8888)
    canvas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(canvas)
    QSvgRenderer(str(ROOT / "resources" / "icons" / "revisage.svg")).render(painter)
    painter.end()
    pixels = bytes(canvas.constBits())
    stride = canvas.bytesPerLine()
    picture = Image.frombuffer("RGBA", (side, side), pixels, "raw", "RGBA", stride, 1)
    picture.save(path)
    del application


def installers(
    folder: Path, out: Path, work: Path, *, gpu: bool, maintainer: str = ""
) -> list[Path]:
    """What this system's users install from."""
    if sys.platform == "win32":
        return windows_installer(folder, out, gpu=gpu)
    if sys.platform == "darwin":
        return [disk_image(folder, out, work)]
    made = [archive(folder, out, gpu=gpu)]
    if shutil.which("dpkg-deb"):
        icons = {side: work / f"revisage-{side}.png" for side in SIZES}
        for side, path in icons.items():
            draw_icon(path, side)
        suffix = "+gpu" if gpu else ""
        made.append(
            debian_package(folder, out, work, suffix=suffix, maintainer=maintainer, icons=icons)
        )
    return made


def archive(folder: Path, out: Path, *, gpu: bool) -> Path:
    """The folder in one file, for a Linux without dpkg."""
    suffix = "-gpu" if gpu else ""
    path = out / f"revisage-{__version__}-linux-{platform.machine()}{suffix}.tar.gz"
    with tarfile.open(path, "w:gz", compresslevel=1) as packed:
        packed.add(folder, "revisage", filter=_rooted)
    return path


def _rooted(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    """Files belong to root and not to whoever built them."""
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = "root"
    return entry


def windows_installer(folder: Path, out: Path, *, gpu: bool) -> list[Path]:
    """An installer by Inno Setup, or nothing where that is not installed."""
    compiler = shutil.which("iscc")
    if compiler is None:
        print("Inno Setup (iscc) is not installed, so only the folder was made.", file=sys.stderr)
        return []
    version = f"{__version__}{'-gpu' if gpu else ''}"
    script = ROOT / "packaging" / "windows" / "revisage.iss"
    arguments = [f"/DVersion={version}", f"/DFolder={folder}", f"/DOutput={out}", str(script)]
    subprocess.run([compiler, *arguments], check=True, stdout=sys.stderr)
    return [out / f"revisage-{version}-windows.exe"]


def disk_image(folder: Path, out: Path, work: Path) -> Path:
    """A macOS disk image: the application, and beside it what the licences demand. Inside the
    application they would break the signature that PyInstaller has put on it."""
    stage = work / "image"
    shutil.copytree(out / "Revisage.app", stage / "Revisage.app", symlinks=True)
    shutil.copyfile(folder / "THIRD_PARTY.md", stage / "THIRD_PARTY.md")
    shutil.copytree(folder / "licences", stage / "licences")
    (stage / "Applications").symlink_to("/Applications")
    path = out / f"revisage-{__version__}-macos-{platform.machine()}.dmg"
    command = ["hdiutil", "create", "-volname", "Revisage", "-srcfolder", str(stage), "-ov"]
    subprocess.run([*command, str(path)], check=True, stdout=sys.stderr)
    return path


def size_of(folder: Path) -> int:
    """Bytes of all files of a folder; links count nothing."""
    return sum(
        path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    )


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
