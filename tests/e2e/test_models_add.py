"""models add and remove through the command line: folders, archives, the network, and attacks."""

from __future__ import annotations

import hashlib
import shutil
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.workbench import Workbench, own_zoo
from tests.e2e.conftest import Cli
from tests.support.tiny_models import (
    add_model,
    align_model,
    map_model,
    reconstruct_model,
    write_tiny_zoo,
)
from tests.support.web import served_folder


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny zoo is what ships; the user's own is empty."""
    shipped = write_tiny_zoo(tmp_path / "shipped")
    monkeypatch.setattr("app.workbench.shipped_zoo", lambda: shipped)
    monkeypatch.setattr("app.cli.models.shipped_zoo", lambda: shipped)
    return shipped


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder with one model that a technician exported."""
    folder = tmp_path / "outside"
    content = reconstruct_model()
    add_model(folder, "lab_rgb", "reconstruct", content, kind="rgb")
    (folder / "lab_rgb" / "LICENSE.txt").write_text("Ours.")
    (folder / "lab_rgb" / "notes.exe").write_bytes(b"no part of a model")
    return folder


def pack(path: Path, folder: Path, top: str = "") -> Path:
    """A zip archive of a folder's files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, f"{top}{file.relative_to(folder)}")
    return path


def names() -> list[str]:
    return [card.name for card in Workbench().models]


def nothing_was_added() -> bool:
    return not own_zoo().exists() or not list(own_zoo().iterdir())


def test_a_model_file_without_its_card_stands_for_nothing_else(
    cli: Cli, zoo: Path, outside: Path
) -> None:
    lonely = outside / "model.onnx"
    lonely.write_bytes(reconstruct_model())
    run = cli("models", "add", lonely)
    assert run.code == 1
    assert f"no card.toml beside {lonely}; give a folder that holds both" in run.complaint
    assert nothing_was_added()


def test_a_path_that_cannot_be_looked_at_is_one_sentence(cli: Cli, zoo: Path) -> None:
    run = cli(
        "models", "add", f"/{'x' * 300}.zip"
    )  # as one in a folder that is closed to this user
    assert run.code == 1
    assert run.complaint.endswith("; check its name and the right to read it.")


def test_a_folder_is_added_used_and_removed(
    cli: Cli, zoo: Path, outside: Path, photo: Path, tmp_path: Path
) -> None:
    run = cli("models", "add", outside / "lab_rgb", "--json")
    assert run.code == 0
    (added,) = run.document["added"]
    assert Path(added["path"]) == own_zoo() / "lab_rgb" / "model.onnx"
    # What belongs to no model stays outside.
    kept = sorted(path.name for path in (own_zoo() / "lab_rgb").iterdir())
    assert kept == ["LICENSE.txt", "card.toml", "model.onnx"]
    assert "lab_rgb" in names()
    assert cli("models", "verify", "lab_rgb").code == 0
    assert cli("reconstruct", photo, "--model", "lab_rgb", "--out", tmp_path / "out").code == 0
    assert cli("models", "remove", "lab_rgb").code == 0
    assert "lab_rgb" not in names()
    assert nothing_was_added()


def defaults(cli: Cli) -> dict[str, str]:
    """The default of each task and kind, as `models list` marks them."""
    listed = cli("models", "list", "--json").document["models"]
    marked = [(each.get("kind", each["task"]), each["name"]) for each in listed if each["default"]]
    assert len(marked) == len(dict(marked)) == 6
    table = [line.split() for line in cli("models", "list").out.splitlines()]
    assert {row[0] for row in table if "default" in row} == {name for _, name in marked}
    return dict(marked)


def test_an_added_model_becomes_the_default_only_when_the_user_says_so(
    cli: Cli, zoo: Path, tmp_path: Path
) -> None:
    before = defaults(cli)
    folder = tmp_path / "trained"
    add_model(folder, "aaa", "map", map_model(), default=True)  # as training exports them
    add_model(folder, "aab", "reconstruct", reconstruct_model(), default=True)
    run = cli("models", "add", folder)
    assert "aaa: the default map model stays tiny_map; " in run.out
    assert "revisage models default aab" in run.out
    assert defaults(cli) == before

    run = cli("models", "default", "aaa")
    assert (run.code, run.out) == (0, "aaa: is the default map model instead of tiny_map\n")
    run = cli("models", "default", "aab", "--json")
    assert (run.document["default"]["name"], run.document["before"]) == ("aab", "tiny_rgb")
    assert defaults(cli) == {**before, "map": "aaa", "rgb": "aab"}
    assert cli("models", "add", folder / "aaa", "--force").out.splitlines()[1] == (
        "aaa: is the default map model"
    )

    # A model that came with Revisage takes its place again, and so it does when the chosen one is gone.
    assert cli("models", "default", "tiny_map").code == 0
    assert cli("models", "remove", "aaa", "aab").code == 0
    assert defaults(cli) == before
    assert cli("models", "list").err == ""
    assert cli("models", "default", "nobody").code == 2


def test_an_added_model_is_seen_by_a_workbench_that_is_open(
    cli: Cli, zoo: Path, outside: Path
) -> None:
    bench = Workbench()
    assert cli("models", "add", outside / "lab_rgb").code == 0
    bench.refresh_models()
    assert "lab_rgb" in [card.name for card in bench.models]


@pytest.mark.parametrize("top", ["", "lab_rgb/", "renamed/by/someone/"])
def test_an_archive_is_added_wherever_the_card_lies_in_it(
    cli: Cli, zoo: Path, outside: Path, tmp_path: Path, top: str
) -> None:
    archive = pack(tmp_path / "model.zip", outside / "lab_rgb", top)
    assert cli("models", "add", archive).code == 0
    assert cli("models", "verify", "lab_rgb").code == 0


def test_a_whole_zoo_is_carried_to_a_machine_without_network(
    cli: Cli, zoo: Path, outside: Path, tmp_path: Path
) -> None:
    add_model(outside, "lab_align", "align", align_model())
    run = cli("models", "add", pack(tmp_path / "all.zip", outside), "--json")
    assert [model["name"] for model in run.document["added"]] == ["lab_align", "lab_rgb"]
    assert cli("models", "remove", "lab_align", "lab_rgb").code == 0
    assert cli("models", "add", outside).code == 0
    assert {"lab_align", "lab_rgb"} <= set(names())


def test_one_bad_model_keeps_all_out(cli: Cli, zoo: Path, outside: Path) -> None:
    add_model(outside, "zzz", "align", align_model())
    with (outside / "zzz" / "model.onnx").open("r+b") as file:
        file.seek(100)
        file.write(b"????")
    run = cli("models", "add", outside)
    assert run.code == 1
    assert "SHA-256" in run.complaint
    assert str(outside) in run.complaint
    assert nothing_was_added()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("longer", "more bytes than its card says"),
        ("shorter", "bytes, but its card says"),
        ("no card", "holds no model"),
        ("bad card", "has no field licence"),
        ("no file", "has a card but not its file"),
        ("other task", "so it is no map model"),
    ],
)
def test_a_damaged_model_is_refused(
    cli: Cli, zoo: Path, outside: Path, damage: str, said: str
) -> None:
    folder = outside / "lab_rgb"
    model, card = folder / "model.onnx", folder / "card.toml"
    if damage == "longer":
        model.write_bytes(model.read_bytes() + b"\0")
    elif damage == "shorter":
        model.write_bytes(model.read_bytes()[:-1])
    elif damage == "no card":
        card.unlink()
    elif damage == "bad card":
        card.write_text(card.read_text().replace("licence", "license"))
    elif damage == "no file":
        model.unlink()
    else:
        shutil.rmtree(folder)
        add_model(outside, "lab_rgb", "map", reconstruct_model())
    run = cli("models", "add", folder)
    assert run.code == 1
    assert said in run.complaint
    assert nothing_was_added()


def test_names_that_ship_are_never_given_away(cli: Cli, zoo: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    add_model(other, "Tiny_RGB", "reconstruct", reconstruct_model(), kind="rgb")
    for force in ((), ("--force",)):
        run = cli("models", "add", other / "Tiny_RGB", *force)
        assert run.code == 1
        assert "has the name of one that is installed" in run.complaint
    run = cli("models", "remove", "tiny_rgb")
    assert run.code == 1
    assert "came with Revisage" in run.complaint
    assert (zoo / "tiny_rgb" / "model.onnx").exists()


def test_an_added_model_is_replaced_only_when_asked(cli: Cli, zoo: Path, outside: Path) -> None:
    assert cli("models", "add", outside / "lab_rgb").code == 0
    run = cli("models", "add", outside / "lab_rgb")
    assert run.code == 1
    assert "--force" in run.complaint
    assert cli("models", "add", outside / "lab_rgb", "--force").code == 0
    assert [path.name for path in own_zoo().iterdir()] == ["lab_rgb"]


@pytest.mark.parametrize("name", ["..", "../shipped/tiny_rgb", "/", "", "nobody"])
def test_only_models_are_removed(cli: Cli, zoo: Path, outside: Path, name: str) -> None:
    assert cli("models", "add", outside / "lab_rgb").code == 0
    assert cli("models", "remove", name).code == 1
    assert "lab_rgb" in names()
    assert (zoo / "tiny_rgb").is_dir()


def _traversal(archive: zipfile.ZipFile) -> None:
    archive.writestr("../escaped/card.toml", "format = 1")


def _absolute(archive: zipfile.ZipFile) -> None:
    archive.writestr("/tmp/escaped/card.toml", "format = 1")


def _backslash(archive: zipfile.ZipFile) -> None:
    archive.writestr("..\\escaped\\card.toml", "format = 1")


def _link(archive: zipfile.ZipFile) -> None:
    entry = zipfile.ZipInfo("lab_rgb/extra.onnx")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(entry, "/etc/passwd")


def _many(archive: zipfile.ZipFile) -> None:
    for number in range(10_001):
        archive.writestr(f"n/{number}", b"")


@pytest.mark.parametrize("attack", [_traversal, _absolute, _backslash, _link, _many])
def test_a_hostile_archive_writes_nothing(
    cli: Cli,
    zoo: Path,
    outside: Path,
    tmp_path: Path,
    attack: Callable[[zipfile.ZipFile], None],
) -> None:
    path = pack(tmp_path / "hostile.zip", outside)
    with zipfile.ZipFile(path, "a") as archive:
        attack(archive)
    before = set(tmp_path.rglob("*"))
    run = cli("models", "add", path)
    assert run.code == 1
    assert "hostile.zip" in run.complaint
    assert nothing_was_added()
    assert set(tmp_path.rglob("*")) == before


def test_a_bomb_is_stopped_at_the_size_that_the_card_says(
    cli: Cli, zoo: Path, outside: Path, tmp_path: Path
) -> None:
    """The card promises a small file; what is packed under its name is 50 MB of nothing."""
    (outside / "lab_rgb" / "model.onnx").unlink()
    path = pack(tmp_path / "bomb.zip", outside)
    block = bytes(1 << 20)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("lab_rgb/model.onnx", "w") as file,
    ):
        for _ in range(50):
            file.write(block)
    assert path.stat().st_size < 1_000_000
    run = cli("models", "add", path)
    assert run.code == 1
    assert "more bytes than its card says" in run.complaint
    assert nothing_was_added()


def test_a_damaged_archive_is_one_sentence(
    cli: Cli, zoo: Path, outside: Path, tmp_path: Path
) -> None:
    path = pack(tmp_path / "model.zip", outside / "lab_rgb")
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo("model.onnx")
    name, extra = struct.unpack("<HH", content[entry.header_offset + 26 : entry.header_offset + 30])
    start = entry.header_offset + 30 + name + extra
    content[start + 20 : start + 40] = b"?" * 20
    path.write_bytes(content)
    run = cli("models", "add", path)
    assert run.code == 1
    assert str(path) in run.complaint
    assert nothing_was_added()


def test_an_archive_of_another_hash_is_refused(
    cli: Cli, zoo: Path, outside: Path, tmp_path: Path
) -> None:
    path = pack(tmp_path / "model.zip", outside)
    run = cli("models", "add", path, "--sha256", "0" * 64)
    assert run.code == 1
    assert "has the SHA-256" in run.complaint
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert cli("models", "add", path, "--sha256", digest.upper()).code == 0
    assert cli("models", "add", path, "--sha256", "12").code == 2


def test_a_file_address_is_a_path(cli: Cli, zoo: Path, outside: Path, tmp_path: Path) -> None:
    path = pack(tmp_path / "with space.zip", outside)
    assert cli("models", "add", path.as_uri()).code == 0
    assert "lab_rgb" in names()
    run = cli("models", "add", "file://host/share/model.zip")
    assert run.code == 1
    assert "a file on host" in run.complaint


@pytest.mark.parametrize("text", ["http://[::1/x.zip", "file://[::1/x.zip", "http://host:x/a.zip"])
def test_what_is_no_address_is_one_sentence(cli: Cli, zoo: Path, text: str) -> None:
    run = cli("models", "add", text)
    assert run.code == 1
    assert text in run.complaint
    assert "unexpected" not in run.complaint


@pytest.fixture
def address(tmp_path: Path, outside: Path) -> Iterator[str]:
    """A web server on this machine with the model's archive."""
    pack(tmp_path / "web.zip", outside)

    with served_folder(tmp_path) as served:
        yield f"{served}/web.zip"


def test_a_model_comes_over_the_network(
    cli: Cli, zoo: Path, address: str, isolated_home: Path
) -> None:
    run = cli("models", "add", address)
    assert (run.code, run.err) == (0, "")
    assert "lab_rgb: added as a reconstruct rgb model" in run.out
    assert not list(isolated_home.rglob("downloads/*"))
    missing = cli("models", "add", address + "x")
    assert missing.code == 1
    assert "404" in missing.complaint
