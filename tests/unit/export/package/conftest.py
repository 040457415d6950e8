"""A sealed package to check and to damage."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.case.case_file import CaseFile
from app.export.package import seal
from tests.unit.case.conftest import fill

Change = Callable[[dict[str, bytes]], None]


@pytest.fixture(scope="session")
def sealed_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case with one of everything and names of many scripts; do not change it."""
    path = tmp_path_factory.mktemp("sealed") / "case.rvcase"
    with CaseFile.create(path, title="The matter 山田", examiner="A. Examiner") as case:
        fill(case)
        case.notes.add("two lines\nand a separator\u2028here")
    return path


@pytest.fixture(scope="session")
def sealed_file(sealed_case: Path) -> Path:
    """Its package; do not change it."""
    path = sealed_case.with_suffix(".zip")
    with CaseFile.open(sealed_case, read_only=True) as case:
        seal(case, path, models={})
    return path


@pytest.fixture
def package(sealed_file: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copy(sealed_file, tmp_path / "package.zip"))


@pytest.fixture
def rewrite(package: Path) -> Callable[[Change], Path]:
    """Write the package again after a change of its files, as whoever tampers would."""

    def again(change: Change) -> Path:
        with zipfile.ZipFile(package) as old:
            files = {entry.filename: old.read(entry) for entry in old.infolist()}
        change(files)
        with zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as new:
            for name, content in files.items():
                new.writestr(zipfile.ZipInfo(name), content)
        return package

    return again
