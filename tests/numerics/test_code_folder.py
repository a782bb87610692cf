"""The folder of compiled code: named after all that the code depends on, safe to read, never piling up."""

import os

import pytest

from nqpf_abm.numerics import code_folder


def test_a_filled_folder_that_cannot_be_written_is_read(tmp_path, monkeypatch):
    stamp = "a" * 20
    (tmp_path / stamp).mkdir()
    monkeypatch.setattr(code_folder, "_is_writable", lambda folder: folder != tmp_path / stamp)
    monkeypatch.setattr(code_folder.tempfile, "gettempdir", lambda: str(tmp_path))
    with pytest.warns(RuntimeWarning, match="NQPF_CACHE_DIR"):  # it holds nothing: of no use
        assert code_folder._usable_folder.__wrapped__(str(tmp_path), stamp) != tmp_path / stamp
    (tmp_path / stamp / "law.nbc").touch()
    assert code_folder._usable_folder.__wrapped__(str(tmp_path), stamp) == tmp_path / stamp


def test_a_temporary_folder_somebody_else_could_fill_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(code_folder.tempfile, "gettempdir", lambda: str(tmp_path))
    root = code_folder._temporary_root()
    assert root.parent == tmp_path and code_folder._temporary_root() == root
    root.chmod(0o777)
    assert code_folder._temporary_root() != root


def test_only_the_latest_stamps_are_left(tmp_path):
    stamps = [f"{number:020x}" for number in range(8)]
    for number, stamp in enumerate(stamps):
        (tmp_path / stamp).mkdir()
        (tmp_path / stamp / "entry.nbc").touch()
        os.utime(tmp_path / stamp, (number, number))
    (tmp_path / "somebody's folder").mkdir()
    code_folder._usable_folder.__wrapped__(str(tmp_path), "f" * 20)
    left = {folder.name for folder in tmp_path.iterdir()}
    assert left == {*stamps[-4:], "f" * 20, "somebody's folder"}


def test_the_stamp_changes_with_every_source_that_laws_come_from(tmp_path, monkeypatch):
    monkeypatch.setattr(code_folder, "PACKAGE", tmp_path)
    assert code_folder._stamp() == ""  # no sources at all: nothing may be kept
    stamps = set()
    topics = [f"{part}/topic.py" for part in ("numerics", "state", "mechanisms", "engine")]
    for name in ["declare.py", *topics]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        for text in ("a = 1", "a = 2"):
            (tmp_path / name).write_text(text)
            stamps.add(code_folder._stamp())
    assert len(stamps) == 10
    (tmp_path / "cli").mkdir()
    (tmp_path / "cli/main.py").touch()
    assert code_folder._stamp() in stamps
