"""The journal: what is to do, whose the files are, and what survives."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from app.batch.journal import FILE, Journal
from app.batch.order import UNCHANGED, BatchError, Done, Failed, Order, Task
from app.batch.walk import Found, Unreadable
from app.export.errors import ExportError

ORDER = Order(models=("rgb",))


def found(folder: str, name: str, *, size: int = 3, modified: int = 7) -> Found:
    return Found(folder=folder, name=name, size=size, modified=modified)


class Lab:
    """A tree and a folder of results, opened anew like by one process after the other."""

    def __init__(self, tmp_path: Path) -> None:
        self.root, self.out = tmp_path / "photos", tmp_path / "out"
        self.root.mkdir()
        self.out.mkdir()
        self.photos = [found("", "a.jpg"), found("sub", "a.jpg"), found("sub", "b.png")]

    def open(self, order: Order = ORDER, request: str = "r1", *, check: bool = True) -> Journal:
        journal = Journal(self.out, self.root, order, request)
        journal.note_tree(self.photos)
        if check:
            journal.check_results()
        return journal

    def do(self, journal: Journal) -> list[str]:
        """Do what is to do by writing files; returns the photos' paths."""
        done = []
        for task in journal.tasks():
            assert isinstance(task, Task)
            task.folder.mkdir(parents=True, exist_ok=True)
            name = f"{task.stem}.rgb.h1.png"
            (task.folder / name).write_bytes(b"pixels")
            status = UNCHANGED if task.known else "reconstructed"
            journal.note(Done(id=task.id, sha256="s", status=status, files=(name,)))
            done.append(task.source.relative_to(self.root.resolve()).as_posix())
        return sorted(done)


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path)


ALL = ["a.jpg", "sub/a.jpg", "sub/b.png"]


def test_everything_once(lab: Lab) -> None:
    with lab.open() as journal:
        assert journal.left() == 3
        assert lab.do(journal) == ALL
        assert journal.left() == 0
        assert journal.counts().by_status == {"reconstructed": 3}
    assert (lab.out / "sub" / "a.rgb.h1.png").exists()
    with lab.open() as journal:
        assert journal.left() == 0
        assert lab.do(journal) == []


def test_what_changed_is_done_again(lab: Lab) -> None:
    with lab.open() as journal:
        lab.do(journal)
    lab.photos[1] = found("sub", "a.jpg", size=4)
    lab.photos.append(found("", "new.jpg"))
    with lab.open() as journal:
        assert lab.do(journal) == ["new.jpg", "sub/a.jpg"]


def test_a_touched_photo_comes_with_what_is_known_of_it(lab: Lab) -> None:
    with lab.open() as journal:
        lab.do(journal)
    lab.photos[0] = found("", "a.jpg", modified=99)
    with lab.open() as journal:
        (task,) = list(journal.tasks())
        assert isinstance(task, Task)
        assert task.known == "s"
        journal.note(Done(id=task.id, sha256="s", status=UNCHANGED, files=()))
        assert journal.counts().by_status == {"reconstructed": 3}
    with lab.open() as journal:
        assert journal.left() == 0


def test_a_missing_or_empty_result_is_made_again(lab: Lab) -> None:
    with lab.open() as journal:
        lab.do(journal)
    (lab.out / "a.rgb.h1.png").unlink()
    (lab.out / "sub" / "b.rgb.h1.png").write_bytes(b"")
    with lab.open() as journal:
        assert lab.do(journal) == ["a.jpg", "sub/b.png"]


def test_another_request_is_done_anew(lab: Lab) -> None:
    with lab.open() as journal:
        lab.do(journal)
    with lab.open(replace(ORDER, models=("gan",)), "r2") as journal:
        tasks = [task for task in journal.tasks() if isinstance(task, Task)]
        assert len(tasks) == 3
        assert {task.known for task in tasks} == {""}
        # What these files are is in a record that must stay as long as they do.
        assert [task.earlier for task in tasks] == [
            ("a.rgb.h1.png",),
            ("a.rgb.h1.png",),
            ("b.rgb.h1.png",),
        ]


def test_a_killed_batch_goes_on(lab: Lab) -> None:
    with lab.open() as journal:
        tasks = journal.tasks()
        first, second = next(tasks), next(tasks)
        assert isinstance(first, Task)
        assert isinstance(second, Task)
        journal.note(Done(id=first.id, sha256="s", status="reconstructed", files=()))
        second.folder.mkdir(exist_ok=True)
        (second.folder / f"{second.stem}.rgb.h1.png").write_bytes(b"written, but not acknowledged")
        (second.folder / ".0123456789ab.part").write_bytes(b"half")
        (second.folder / ".film.part").write_bytes(b"somebody else's")
    with lab.open() as journal:
        journal.sweep()
        assert lab.do(journal) == ["sub/a.jpg", "sub/b.png"]
    assert [path.name for path in lab.out.rglob("*.part")] == [".film.part"]


def test_files_of_somebody_else_are_not_replaced(lab: Lab) -> None:
    (lab.out / "a.rgb.h1.png").write_bytes(b"mine")
    with lab.open() as journal:
        results = list(journal.tasks())
        (failed,) = [each for each in results if isinstance(each, Failed)]
        assert "exists already and was not replaced" in failed.error
        journal.note(failed)
        assert journal.counts().failed == 1
        assert [entry["error"] for entry in journal.entries(failed_only=True)] == [failed.error]
    with lab.open(check=False) as journal:  # and not in the second run either
        (again,) = [each for each in journal.tasks() if isinstance(each, Failed)]
        journal.note(again)
    with lab.open(check=False) as journal:
        journal.redo_all()  # as --force
        assert all(isinstance(each, Task) for each in journal.tasks())


def test_failed_photos_are_tried_again_once_per_run(lab: Lab) -> None:
    with lab.open() as journal:
        for task in journal.tasks():
            journal.note(Failed(id=task.id, error="broken"))
        assert journal.left() == 0
        assert journal.counts().failed == 3
    with lab.open() as journal:
        assert journal.left() == 3
        assert lab.do(journal) == ALL
        assert journal.counts().failed == 0


def test_equal_stems_get_whole_names(lab: Lab) -> None:
    lab.photos = [
        found("", "a.jpg"),
        found("", "A.png"),
        found("", "b.jpg"),
        found("", "a.png.jpg"),
        found("c", "a.jpg"),
    ]
    with lab.open() as journal:
        stems = {
            f"{task.folder.name}/{task.source.name}": task.stem
            for task in journal.tasks()
            if isinstance(task, Task)
        }
    assert stems == {
        "out/a.jpg": "a.jpg",
        "out/A.png": "A.png",
        "out/b.jpg": "b",
        # Its stem is taken by A.png wherever names are compared without case.
        "out/a.png.jpg": "a.png.jpg",
        "c/a.jpg": "a",
    }
    keys = [stem.casefold() for name, stem in stems.items() if name.startswith("out/")]
    assert len(set(keys)) == len(keys)


def test_a_stem_once_given_stays(lab: Lab) -> None:
    with lab.open() as journal:
        lab.do(journal)
    lab.photos.append(found("", "a.png"))
    with lab.open() as journal:
        (task,) = list(journal.tasks())
        assert isinstance(task, Task)
        assert task.stem == "a.png"  # and a.jpg keeps "a", its results lie there


def test_photos_that_are_gone_do_not_count(lab: Lab) -> None:
    with lab.open() as journal:
        lab.do(journal)
    lab.photos = lab.photos[:1]
    with lab.open() as journal:
        assert journal.counts().photos == 1
        assert len(list(journal.entries())) == 1


def test_an_unreadable_folder_is_a_failure_and_no_task(tmp_path: Path) -> None:
    lab = Lab(tmp_path)
    with Journal(lab.out, lab.root, ORDER, "r") as journal:
        journal.note_tree([Unreadable(folder="x", name="", error="x could not be read.")])
        assert journal.left() == 0
        assert journal.counts().failed == 1
    with Journal(lab.out, lab.root, ORDER, "r") as journal:
        journal.note_tree([found("x", "a.jpg")])
        assert journal.counts().failed == 0


def test_what_could_not_be_read_stays_failed_when_all_is_done_again(lab: Lab) -> None:
    lost = [
        Unreadable(folder="x", name="", error="x could not be read."),
        Unreadable(folder="", name="gone.jpg", error="gone.jpg could not be read."),
    ]
    with lab.open() as journal:
        journal.note_tree(lost)
        journal.redo_all()
        assert (journal.left(), journal.unreadable()) == (3, 2)
        assert lab.do(journal) == ALL
        assert journal.counts().failed == 2
        assert [entry["error"] for entry in journal.entries(failed_only=True)] == [
            each.error for each in lost
        ]


LONG = "n" * 200


def run_out_of_room(lab: Lab, step: str) -> None:
    """Reach SQLite's own limit of a file's size, which it reports as a full disk."""
    many = [found("", f"{LONG}{number}.jpg") for number in range(300)]
    with lab.open() as journal:
        tasks = journal.tasks()
        first = next(tasks)
        journal._db.execute("PRAGMA max_page_count = 1")  # it grows no further than it is
        if step == "walk":
            journal.note_tree(many)
        elif step == "task":
            journal._request = LONG * 20  # what is begun is written with it
            list(journal.tasks())
        else:
            journal.note(Failed(id=first.id, error=LONG * 100))


@pytest.mark.parametrize("step", ["walk", "task", "result"])
def test_no_room_for_the_journal_is_a_sentence(lab: Lab, step: str) -> None:
    with pytest.raises(
        ExportError, match=r"could not be kept \(database or disk is full\)"
    ) as said:
        run_out_of_room(lab, step)
    assert str(lab.out / FILE) in str(said.value)
    with lab.open() as journal:  # with room again, nothing is lost
        assert lab.do(journal) == ALL


def test_a_journal_that_cannot_be_opened_is_a_sentence(lab: Lab) -> None:
    (lab.out / FILE).mkdir()
    with pytest.raises(ExportError, match=r"could not be opened .*; check the rights") as said:
        lab.open()
    assert str(lab.out / FILE) in str(said.value)


def test_one_process_at_a_time(lab: Lab) -> None:
    with lab.open(), pytest.raises(BatchError, match="Another batch is working"):
        lab.open()


def test_another_tree_is_refused(lab: Lab, tmp_path: Path) -> None:
    lab.open().__exit__(None, None, None)
    with pytest.raises(BatchError, match="results of another tree"):
        Journal(lab.out, tmp_path, ORDER, "r1")


def test_a_damaged_journal_is_said(lab: Lab) -> None:
    (lab.out / FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(BatchError, match="is damaged"):
        lab.open()


def test_a_journal_from_before_orders_took_turns(lab: Lab) -> None:
    with lab.open() as journal:
        lab.do(journal)
    db = sqlite3.connect(lab.out / FILE)
    db.execute("ALTER TABLE photo DROP COLUMN mine")
    db.close()
    with lab.open(replace(ORDER, models=("rgb", "gan")), "r2") as journal:
        tasks = list(journal.tasks())
    assert all(isinstance(task, Task) for task in tasks)  # what is there is known as its own
    assert len(tasks) == 3


def test_orders_take_turns(lab: Lab) -> None:
    for number, model in enumerate(["rgb", "gan", "rgb"]):
        with lab.open(replace(ORDER, models=(model,)), f"{model}") as journal:
            tasks = list(journal.tasks())
            assert all(isinstance(task, Task) for task in tasks), number
            for task in tasks:
                assert isinstance(task, Task)
                task.folder.mkdir(parents=True, exist_ok=True)
                name = f"{task.stem}.{model}.h1.png"
                (task.folder / name).write_bytes(b"pixels")
                journal.note(Done(id=task.id, sha256="s", status="reconstructed", files=(name,)))


def test_foreign_files_of_formats_are_seen_without_regard_to_case(lab: Lab) -> None:
    order = replace(ORDER, formats={"face-png": {}})
    (lab.out / "sub").mkdir()
    (lab.out / "sub" / "B.rgb.H1.face.png").write_bytes(b"mine")
    (lab.out / "sub" / "a.rgb.png").write_bytes(b"no name of a format")
    with lab.open(order, "r1") as journal:
        tasks = list(journal.tasks())
    (failed,) = [each for each in tasks if isinstance(each, Failed)]
    assert "B.rgb.H1.face.png exists already" in failed.error
    assert len(tasks) == 3


FORMATS = Order(models=("rgb",), formats={"composite-png": {}})
THREE = Order(models=("rgb",), hypotheses=3)


@pytest.mark.parametrize(
    ("order", "left"),
    [
        (THREE, ["a.rgb.h1.png", "a.rgb.h2.png"]),
        (FORMATS, ["a.rgb.h1.composite.png", "a.rgb.h1.png"]),
    ],
)
def test_what_a_killed_order_left_is_in_no_other_orders_way(
    lab: Lab, order: Order, left: list[str]
) -> None:
    lab.photos = [found("", "a.jpg")]
    with lab.open(order, "killed") as journal:
        assert isinstance(next(journal.tasks()), Task)
        for name in left:
            (lab.out / name).write_bytes(b"pixels")
    with lab.open(request="r1") as journal:
        assert lab.do(journal) == ["a.jpg"]
    # And what the second order did not replace is still known.
    with lab.open(order, "killed") as journal:
        assert lab.do(journal) == ["a.jpg"]


def test_what_an_error_left_is_in_no_other_orders_way(lab: Lab) -> None:
    lab.photos = [found("", "a.jpg")]
    with lab.open() as journal:
        (task,) = journal.tasks()
        (lab.out / "a.rgb.h1.png").write_bytes(b"pixels")
        journal.note(Failed(id=task.id, error="a.provenance.json: the disk is full"))
    with lab.open(THREE, "r3") as journal:
        assert lab.do(journal) == ["a.jpg"]


def test_a_killed_order_owns_no_names_but_its_own(lab: Lab) -> None:
    lab.photos = [found("", "a.jpg")]
    with lab.open(request="killed") as journal:
        assert isinstance(next(journal.tasks()), Task)
    (lab.out / "a.rgb.h2.png").write_bytes(b"somebody else's")
    with lab.open(THREE, "r3") as journal:
        (refused,) = journal.tasks()
    assert isinstance(refused, Failed)
    assert "a.rgb.h2.png exists already" in refused.error
