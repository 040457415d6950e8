"""Opening, closing, sharing and copying cases, and drives that fail."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.case import backups, migrate, schema
from app.case.case_file import CaseFile
from app.case.errors import CaseDamaged, CaseError, CaseFull, CaseGone, CaseHeld, CaseNewer
from app.case.evidence import PhotoRow
from app.case.lock import Holder, lock_path
from app.case.maps import Maps
from app.case.packing import pack_map, unpack_map
from app.case.records import hash_of_map
from app.case.storage import _linux
from app.case.verify import verify
from app.imaging.edit import Edit
from app.imaging.errors import MapError, PhotoError
from tests.conftest import ROOT


def contents(case: CaseFile) -> tuple[object, ...]:
    """Everything that a case gives back."""
    photos: tuple[PhotoRow, ...] = case.evidence.photos()
    return (
        photos,
        [case.evidence.read(photo.id) for photo in photos],
        [case.maps.faces(photo.id) for photo in photos],
        [case.maps.pixels(1, edits=count).tobytes() for count in (0, 1, 2)],
        [(edit.number, edit.tool, edit.author) for edit in case.maps.edits(1)],
        case.runs.all(),
        [case.runs.png(output) for run in case.runs.all() for output in run.outputs],
        case.notes.all(),
        case.notes.properties(),
        case.log(),
    )


class TestContents:
    def test_everything_comes_back(self, filled: Path) -> None:
        with CaseFile.open(filled) as case:
            (photo,) = case.evidence.photos()
            assert (photo.name, photo.source) == ("street.png", "/cards/street.png")
            assert (photo.width, photo.height, photo.channels, photo.bits) == (64, 48, 3, 8)
            opened = case.evidence.open(1)
            assert opened.sha256 == photo.sha256
            assert opened.path is None
            first, _ = case.maps.edits(1)
            assert (first.tool, first.author) == ("brush", "A. Examiner")
            before, after = case.maps.pixels(1, edits=0), case.maps.pixels(1)
            assert not np.array_equal(before, after)
            assert np.array_equal(case.maps.pixels(1, edits=2), after)
            (run,) = case.runs.all(photo=1)
            assert [output.number for output in run.composites] == [1, 2]
            pixels = [case.runs.pixels(output) for output in run.composites]
            assert (pixels[0] != pixels[1]).any()
            assert (case.title, case.examiner) == ("The matter", "A. Examiner")

    def test_undo_is_an_edit_as_well(self, filled: Path) -> None:
        with CaseFile.open(filled, examiner="B. Second") as case:
            before = case.maps.pixels(1, edits=1)
            last = case.maps.edits(1)[-1]
            assert case.maps.add_edit(1, last.edit, tool="undo") == 3
            assert np.array_equal(case.maps.pixels(1), before)
            assert case.maps.edits(1)[-1].author == "B. Second"

    def test_properties_and_notes_keep_their_past(self, filled: Path) -> None:
        with CaseFile.open(filled) as case:
            case.notes.set_property("title", "Renamed")
            second = case.notes.add("It is green.", photo=1, replaces=1)
            assert case.title == "Renamed"
            assert [note.id for note in case.notes.all()] == [second]
            assert len(case.notes.all(replaced=True)) == 2
        assert verify(filled).ok

    def test_what_does_not_fit_is_refused_and_leaves_nothing(self, filled: Path) -> None:
        with CaseFile.open(filled) as case:
            head = case.head()
            edit = Edit(rectangle=(60, 40, 70, 50), packed=np.zeros((10, 2), np.uint8))
            with pytest.raises(MapError, match="beyond"):
                case.maps.add_edit(1, edit, tool="brush")
            with pytest.raises(MapError, match="does not fit"):
                case.maps.add(1, np.zeros((3, 3), np.bool_), source="file")
            with pytest.raises(PhotoError):
                case.evidence.add_bytes(b"no photo", "a.png")
            with pytest.raises(CaseError, match="no photo 9"):
                case.evidence.open(9)
            with pytest.raises(CaseError, match="too long"):
                case.notes.add("x" * 200_000)
            with pytest.raises(CaseError, match="not allowed"):
                case.notes.add("about nothing", photo=9)
            assert case.head() == head

    def test_names_that_no_encoding_has(self, filled: Path, tmp_path: Path) -> None:
        photo = tmp_path / os.fsdecode(b"caf\xe9 ../x.png".replace(b"/", b"_"))
        with CaseFile.open(filled) as case:
            photo.write_bytes(case.evidence.read(1) + b"\0")
            row, new = case.evidence.add(photo)
            assert new
            assert row.name.startswith("caf?")
        assert verify(filled).ok

    def test_packed_maps_are_no_bombs(self) -> None:
        bomb = pack_map(np.zeros((5000, 5000), np.bool_))
        with pytest.raises(CaseDamaged, match="wrong size"):
            unpack_map(bomb, width=8, height=8)
        with pytest.raises(CaseDamaged, match="damaged"):
            unpack_map(b"nothing", width=8, height=8)


class TestOneWriter:
    def test_a_second_opener_reads_and_is_told(self, filled: Path) -> None:
        with CaseFile.open(filled, examiner="First") as writer:
            writer.notes.add("seen at once")
            with CaseFile.open(filled) as reader:
                assert reader.read_only
                assert reader.holder is not None
                assert reader.holder.examiner == "First"
                assert "being written by First" in reader.why_read_only
                assert reader.notes.all()[-1].text == "seen at once"
                writer.notes.add("and later")
                assert reader.notes.all()[-1].text == "and later"
                with pytest.raises(CaseHeld, match="First"):
                    reader.notes.add("no")
            with pytest.raises(CaseHeld):
                CaseFile.open(filled, must_write=True)
        with CaseFile.open(filled) as case:
            assert not case.read_only
            assert case.recovered is None

    def test_a_reader_does_not_keep_the_writer_from_closing(self, filled: Path) -> None:
        with CaseFile.open(filled) as writer:
            writer.notes.add("kept")
            reader = CaseFile.open(filled)
        assert reader.notes.all()[-1].text == "kept"
        reader.close()
        with CaseFile.open(filled) as case:
            assert case.recovered is None
        assert filled.read_bytes()[18:20] == b"\1\1"
        assert not lock_path(filled).exists()
        assert verify(filled).ok

    def test_two_processes_at_once(self, filled: Path) -> None:
        """Both want to write as often as they can; every note of both is there at the end."""
        code = textwrap.dedent(
            """
            import sys
            from pathlib import Path
            from app.case.case_file import CaseFile
            from app.case.errors import CaseHeld
            made = held = 0
            while made < 20:
                try:
                    with CaseFile.open(Path(sys.argv[1]), must_write=True) as case:
                        case.notes.add(f"{sys.argv[2]} {made}")
                        made += 1
                except CaseHeld:
                    held += 1
            """
        )
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", code, str(filled), name],
                cwd=ROOT,
                stderr=subprocess.PIPE,
                text=True,
            )
            for name in ("left", "right")
        ]
        for process in processes:
            _, said = process.communicate(timeout=150)
            assert process.returncode == 0, said
        with CaseFile.open(filled) as case:
            texts = [note.text for note in case.notes.all()]
        for name in ("left", "right"):
            assert [text for text in texts if text.startswith(name)] == [
                f"{name} {number}" for number in range(20)
            ]
        assert verify(filled).ok

    def test_a_lock_file_of_the_dead_or_of_nonsense_is_no_obstacle(self, filled: Path) -> None:
        lock_path(filled).write_text('{"pid": "x"}' + "[" * 3000)
        with CaseFile.open(filled) as case:
            assert not case.read_only
            assert case.recovered is None

    def test_closed_is_closed(self, filled: Path) -> None:
        case = CaseFile.open(filled)
        case.close()
        case.close()
        with pytest.raises(CaseError, match="is closed"):
            case.notes.all()


class TestDrives:
    @pytest.mark.parametrize(
        ("storage", "mode"),
        [("local", b"\2\2"), ("network", b"\1\1"), ("removable", b"\1\1"), ("unknown", b"\1\1")],
    )
    def test_write_ahead_only_on_local_drives(
        self, filled: Path, storage: str, mode: bytes
    ) -> None:
        with CaseFile.open(filled, storage=storage) as case:  # type: ignore[arg-type]
            case.notes.add("one")
            assert filled.read_bytes()[18:20] == mode
            assert filled.with_name("case.rvcase-wal").exists() == (storage == "local")
        assert filled.read_bytes()[18:20] == b"\1\1"
        assert verify(filled).ok

    @pytest.mark.parametrize(
        ("folder", "storage"),
        [
            ("/home/a", "local"),
            ("/mnt/share/x", "network"),
            ("/media/a/STICK/y", "removable"),
            ("/mnt/ssh", "network"),
            ("/mnt/odd", "unknown"),
            ("/mnt/with space/z", "network"),
        ],
    )
    def test_kinds_of_drives(self, folder: str, storage: str) -> None:
        mounts = "\n".join(
            [
                "22 1 0:0 / / rw - ext4 /dev/root rw",
                "23 22 0:50 / /mnt/share rw - cifs //server/share rw",
                "24 22 0:51 / /media/a/STICK rw shared:1 - vfat /dev/sdb1 rw",
                "25 22 0:52 / /mnt/ssh rw - fuse.sshfs a:/ rw",
                "26 22 0:53 / /mnt/odd rw - oddfs odd rw",
                "27 22 0:54 / /mnt/with\\040space rw - nfs4 s:/ rw",
                "nonsense",
            ]
        )
        assert _linux(Path(folder), mounts) == storage

    def test_a_copy_without_its_write_ahead_log_is_noticed(
        self, filled: Path, tmp_path: Path
    ) -> None:
        copy = tmp_path / "copy" / "case.rvcase"
        copy.parent.mkdir()
        with CaseFile.open(filled, storage="local") as case:
            case.notes.add("only in the log")
            shutil.copy(filled, copy)
        for _ in range(2):
            with pytest.raises(CaseDamaged, match="copied while it was open"):
                CaseFile.open(copy)
        assert "copied while it was open" in verify(copy).problems[0].what

    def test_a_copy_with_its_write_ahead_log_is_whole(self, filled: Path, tmp_path: Path) -> None:
        copy = tmp_path / "copy" / "case.rvcase"
        copy.parent.mkdir()
        with CaseFile.open(filled, storage="local") as case:
            case.notes.add("only in the log")
            for suffix in ("", "-wal"):
                shutil.copy(f"{filled}{suffix}", f"{copy}{suffix}")
        with CaseFile.open(copy) as case:
            assert case.notes.all()[-1].text == "only in the log"

    def test_a_full_disk(self, filled: Path) -> None:
        with CaseFile.open(filled) as case:
            case.notes.add("before")
            head = case.head()
            with case._store.connection() as connection:
                pages = connection.execute("PRAGMA page_count").fetchone()[0]
                connection.execute(f"PRAGMA max_page_count = {pages}")
            with pytest.raises(CaseFull, match="disk is full"):
                case.notes.add("x" * 90_000)
            with case._store.connection() as connection:
                connection.execute("PRAGMA max_page_count = 100000")
            assert case.notes.add("after")
            assert case.head()[0] > head[0]
        assert verify(filled).ok

    @pytest.mark.skipif(sys.platform == "win32", reason="limits file sizes as POSIX does")
    @pytest.mark.parametrize("storage", ["local", "network"])
    def test_writes_that_the_system_refuses(self, filled: Path, storage: str) -> None:
        """The kernel fails writes beyond a size; what was acknowledged before stays."""
        code = textwrap.dedent(
            """
            import resource, signal, sys
            from pathlib import Path
            from app.case.case_file import CaseFile
            from app.case.errors import CaseFull
            path = Path(sys.argv[1])
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            saved = failed = 0
            for limit in range(0, 400_000, 37_000):
                case = CaseFile.open(path, storage=sys.argv[2], must_write=True)
                hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
                for _ in range(3):
                    try:
                        case.notes.add("y" * 60_000)
                        saved = case.head()[0]
                    except CaseFull:
                        failed += 1
                try:
                    case.close()
                except CaseFull:
                    pass
                resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            print(saved, failed)
            """
        )
        run = subprocess.run(
            [sys.executable, "-c", code, str(filled), storage],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=150,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        saved, failed = map(int, run.stdout.split())
        assert failed > 0
        assert verify(filled).problems == ()
        with CaseFile.open(filled) as case:
            assert case.head()[0] >= saved

    @pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
    def test_a_folder_that_may_not_be_written(self, filled: Path) -> None:
        filled.parent.chmod(0o555)
        try:
            with CaseFile.open(filled) as case:
                assert case.read_only
                assert case.holder is None
            with pytest.raises(CaseError, match="read-only"):
                CaseFile.create(filled.with_name("b.rvcase"))
        finally:
            filled.parent.chmod(0o755)


class TestCopies:
    def test_save_as_is_lossless(self, filled: Path, tmp_path: Path) -> None:
        copy = tmp_path / "saved as.rvcase"
        with CaseFile.open(filled, storage="local") as case:
            case.notes.add("new")
            case.save_as(copy)
            with pytest.raises(CaseError, match="was not replaced"):
                case.save_as(copy)
            case.save_as(copy, force=True)
            whole = contents(case)
        assert copy.read_bytes()[18:20] == b"\1\1"
        assert verify(copy).ok
        with CaseFile.open(copy, read_only=True) as again:
            assert contents(again) == whole
        assert not list(tmp_path.glob(".*"))

    def test_rolling_backups(self, filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(backups, "INTERVAL_S", 0)
        for number in range(backups.KEPT + 2):
            with CaseFile.open(filled) as case:
                case.notes.add(f"note {number}")
        kept = backups.backups(filled)
        assert len(kept) == backups.KEPT
        assert all(verify(path).ok for path in kept)
        with CaseFile.open(kept[-1], read_only=True) as case:
            assert case.notes.all()[-1].text == f"note {number}"
        stranger = backups.backup_folder(filled) / "mine.rvcase"
        stranger.touch()
        with CaseFile.open(filled) as case:
            case.notes.add("last")
        assert stranger.exists()

    def test_backups_are_not_made_all_the_time(self, filled: Path) -> None:
        for _ in range(3):
            with CaseFile.open(filled) as case:
                case.notes.add("again")
        assert len(backups.backups(filled)) == 1

    def test_a_damaged_case_names_its_backup(self, filled: Path) -> None:
        with CaseFile.open(filled) as case:
            case.notes.add("one")
        connection = sqlite3.connect(filled)
        connection.execute("DROP TRIGGER log_no_delete")
        connection.close()
        with pytest.raises(CaseDamaged, match="backups"):
            CaseFile.open(filled)

    @pytest.mark.expects_log("There is no backup")
    def test_a_backup_that_fails_does_not_stop_closing(self, filled: Path) -> None:
        backups.backup_folder(filled).write_text("in the way")
        with CaseFile.open(filled) as case:
            case.notes.add("kept")
        assert verify(filled).ok


class TestVersions:
    def test_a_newer_file_is_refused(self, filled: Path) -> None:
        content = bytearray(filled.read_bytes())
        content[60:64] = (schema.VERSION + 1).to_bytes(4, "big")
        filled.write_bytes(content)
        with pytest.raises(CaseNewer, match="later version"):
            CaseFile.open(filled)
        assert filled.read_bytes() == content

    def test_a_file_of_version_1_is_migrated_on_a_copy(
        self, version_1: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert verify(version_1).ok  # without changing it
        with pytest.raises(CaseHeld, match="earlier version"):
            CaseFile.open(version_1, read_only=True)
        before = version_1.read_bytes()

        def broken(connection: sqlite3.Connection) -> None:
            connection.execute("CREATE TABLE half (a)")
            connection.execute("CREATE TABLE half (a)")

        with monkeypatch.context() as patch:
            patch.setitem(migrate.STEPS, 1, broken)
            with pytest.raises(CaseDamaged, match="is unchanged"):
                CaseFile.open(version_1)
        assert version_1.read_bytes() == before
        with CaseFile.open(version_1) as case:
            assert [entry.seq for entry in case.log()] == list(range(1, 10))
            assert case.log()[-1].action == "case.migrate"
            assert case.log()[-1].details == {"from": 1, "to": schema.VERSION}
            assert case.notes.all()[0].text == "The mask is blue."
            assert hash_of_map(case.maps.pixels(1)) == case.runs.get(1).request.map_sha256
            assert len(case.runs.get(1).composites) == 2
            case.reviews.add("accepted", reviewer="B. Reviewer")
        assert verify(version_1).ok
        assert backups.backups(version_1)[0].read_bytes()[60:64] == (1).to_bytes(4, "big")

    def test_a_migrated_file_has_the_tables_of_a_new_one(self, version_1: Path) -> None:
        CaseFile.open(version_1).close()
        connection = sqlite3.connect(version_1)
        assert schema.differences(connection) == []
        connection.close()

    @pytest.mark.parametrize(
        "statement",
        [
            "CREATE TRIGGER evil AFTER INSERT ON log BEGIN UPDATE head SET sha256 = ''; END",
            "CREATE TABLE review (a)",
            "DROP TRIGGER log_no_update",
        ],
    )
    def test_a_tampered_file_of_version_1_is_not_migrated(
        self, version_1: Path, statement: str
    ) -> None:
        connection = sqlite3.connect(version_1)
        connection.execute(statement)
        connection.close()
        before = version_1.read_bytes()
        assert not verify(version_1).ok
        with pytest.raises(CaseDamaged, match="not as it was saved"):
            CaseFile.open(version_1)
        assert version_1.read_bytes() == before


class TestSize:
    def test_two_thousand_photos_open_quickly(self, new_case: Callable[[], CaseFile]) -> None:
        """The budget of 2 s is for 2,000 photos on a quiet machine; a busy one gets more."""
        with new_case() as case:
            path = case.path
            with case._store.connection() as connection:
                connection.execute("PRAGMA synchronous = OFF")
            for number in range(2000):
                pixels = np.full((2, 2, 3), number % 256, np.uint8)
                pixels[0, 0] = number // 256
                content = cv2.imencode(".png", pixels)[1].tobytes()
                case.evidence.add_bytes(content, f"{number}.png")
        started = time.perf_counter()
        with CaseFile.open(path) as case:
            assert len(case.evidence.photos()) == 2000
            assert time.perf_counter() - started < 8


def test_maps_are_found_by_photo(filled: Path) -> None:
    with CaseFile.open(filled) as case:
        assert isinstance(case.maps, Maps)
        assert case.maps.of_photo(1) == case.maps.get(1)
        assert case.maps.of_photo(7) is None
        assert case.maps.faces(7) is None


def test_a_holder_is_told_in_words() -> None:
    holder = Holder.here("A. Examiner", phase="open")
    assert str(holder).startswith("A. Examiner (")
    assert str(os.getpid()) in str(holder)


@pytest.mark.skipif(os.name == "nt", reason="Windows lets nobody take an open file away")
class TestTakenAway:
    """SQLite would go on writing into a file without a name, and report success."""

    def test_a_deleted_case_takes_no_change(self, filled: Path) -> None:
        case = CaseFile.open(filled)
        try:
            filled.unlink()
            with pytest.raises(CaseGone, match="moved, replaced or deleted"):
                case.notes.add("Lost?")
        finally:
            case.close()

    def test_a_case_in_whose_place_another_lies_takes_no_change(
        self, filled: Path, tmp_path: Path
    ) -> None:
        other = tmp_path / "other.rvcase"
        shutil.copy(filled, other)
        with CaseFile.open(filled) as case:
            other.replace(filled)
            with pytest.raises(CaseGone, match="moved, replaced or deleted"):
                case.notes.add("Lost?")

    def test_what_was_saved_before_can_be_saved_elsewhere(
        self, filled: Path, tmp_path: Path
    ) -> None:
        copy = tmp_path / "copy.rvcase"
        with CaseFile.open(filled) as case:
            case.notes.add("Kept.")
            filled.unlink()
            case.save_as(copy)
        assert verify(copy).problems == ()
        with CaseFile.open(copy, read_only=True) as case:
            assert "Kept." in [note.text for note in case.notes.all()]
