"""The disk cache: it hits in the next process, never serves old code, and never stops a run.

Each test works on a small package of its own: a copy of `numerics` with one law, one row function and the
loop over it that the engine makes, imported by new Python processes.
"""

import json
import math
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from nqpf_abm.numerics import jit

LAW = """
    from nqpf_abm.numerics.jit import rule
    from nqpf_abm.numerics.mathx import exp

    @rule
    def forgotten(stock, rate):
        return stock * exp(-rate)
"""
ROWS = """
    from collections import namedtuple
    from nqpf_abm.mechanisms.law import forgotten
    from nqpf_abm.numerics.draws import uniform
    from nqpf_abm.numerics.jit import rule

    Knowledge = namedtuple("Knowledge", "rate share")
    Parameters = namedtuple("Parameters", "knowledge firm_stream")

    @rule
    def forget(i, firms, p, key):
        firms[i].stock = forgotten(firms[i].stock, p.knowledge.rate)
        firms[i].luck = uniform(key, firms[i].uid, p.firm_stream, 0)

    @rule
    def forget_twice(i, firms, p, key):
        forget(i, firms, p, key)
        forget(i, firms, p, key)
"""
LOOPS = """
    from nqpf_abm.mechanisms.rows import forget, forget_twice
    from nqpf_abm.numerics.jit import compiled

    def over_rows(row, tag):
        def loop(firms, p, key):
            for i in range(firms.size):
                if firms[i].alive:
                    row(i, firms, p, key)
        return compiled(loop, tag=tag)

    def plus(number):
        @compiled
        def add(x):
            return x + number
        return add

    @compiled
    def total(firms):
        s = 0.0
        for i in range(firms.size):
            s += firms[i].stock
        return s

    def dispatchers(tags):
        loops = over_rows(forget, tags[0]), over_rows(forget_twice, tags[1])
        return *loops, compiled(forget, tag="one row"), plus(1), plus(2), total
"""
SCRIPT = """
    import json, sys, warnings
    import numpy as np
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        from nqpf_abm.engine.loops import dispatchers
        from nqpf_abm.mechanisms.rows import Knowledge, Parameters
        from nqpf_abm.numerics.draws import make_key, stream
        from nqpf_abm.numerics.jit import STAMP, cache_folder, is_warm
        was_warm = is_warm()
        once, twice, one_row, plus_1, plus_2, total = functions = dispatchers(sys.argv[1:3])
        firms = np.zeros(3, [("stock", "f8"), ("luck", "f8"), ("uid", "u8"), ("alive", "?")])
        firms["stock"], firms["uid"], firms["alive"] = (1, 2, 5), (8, 9, 10), (True, True, False)
        others = firms.copy()
        arguments = Parameters(Knowledge(0.5, 0.1), stream("forget")), make_key(1, 2)
        once(firms, *arguments)
        twice(others, *arguments)
        one_row(1, others, *arguments)
        values = [*firms["stock"], *others["stock"], plus_1(10), plus_2(10), total(firms)]
    print(json.dumps(dict(
        values=values, luck=firms["luck"].tolist(),
        stamp=STAMP, folder=str(cache_folder()), was_warm=was_warm, is_warm=is_warm(),
        hits=[sum(f.stats.cache_hits.values()) for f in functions],
        misses=[sum(f.stats.cache_misses.values()) for f in functions],
        warnings=[str(w.message) for w in caught],
    )))
"""
ONCE, TWICE, THRICE = (math.exp(-0.5 * times) for times in (1, 2, 3))
EXPECTED = [ONCE, 2 * ONCE, 5, TWICE, 2 * THRICE, 5, 11, 12, 5 + 3 * ONCE]


class SmallPackage:
    """A copy of nqpf_abm.numerics with little around it, and a cache root, both under `folder`."""

    def __init__(self, folder: Path):
        self.source = folder / "package"
        self.root = folder / "cache"
        self.script = folder / "script.py"
        package = self.source / "nqpf_abm"
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(Path(jit.__file__).parent, package / "numerics", ignore=ignore)
        files = {"mechanisms/law.py": LAW, "mechanisms/rows.py": ROWS, "engine/loops.py": LOOPS}
        for name, text in files.items():
            file = package / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(textwrap.dedent(text))
        for part in (package, package / "mechanisms", package / "engine"):
            (part / "__init__.py").touch()
        self.script.write_text(textwrap.dedent(SCRIPT))
        self.temporary = folder / "temporary"
        self.temporary.mkdir()

    def run(self, *tags, **environment):
        """What a new process reports, importing this package."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.source),
            "PYTHONDONTWRITEBYTECODE": "1",
            "NQPF_CACHE_DIR": str(self.root),
            "TMPDIR": str(self.temporary),
            **environment,
        }
        command = [sys.executable, str(self.script), *(tags or ("forget", "forget_twice"))]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        report = json.loads(done.stdout)
        assert report["values"] == pytest.approx(EXPECTED, rel=1e-14)
        return report

    def edit_law(self, old, new):
        file = self.source / "nqpf_abm/mechanisms/law.py"
        assert old in file.read_text()
        file.write_text(file.read_text().replace(old, new))

    def entries(self):
        return sorted(self.root.glob("*/*.nbc"))


@pytest.fixture
def package(tmp_path):
    return SmallPackage(tmp_path)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A package that one process has run, with that process's report. Copied, never changed, by tests."""
    package = SmallPackage(tmp_path_factory.mktemp("filled"))
    return package, package.run()


def copy_of_cache(filled, package):
    shutil.copytree(filled[0].root, package.root)


def test_the_second_process_finds_everything(filled):
    package, first = filled
    assert first["hits"] == [0] * 6 and first["misses"] == [1] * 6
    assert not first["was_warm"] and first["is_warm"]
    second = package.run()
    assert second["hits"] == [1] * 6 and second["misses"] == [0] * 6
    assert second["was_warm"]
    assert (second["values"], second["luck"]) == (first["values"], first["luck"])
    assert Path(second["folder"]) == package.root / first["stamp"]


def test_an_edited_law_is_compiled_anew_and_its_undoing_finds_the_first_code(filled, package):
    copy_of_cache(filled, package)
    package.edit_law("stock * exp(-rate)", "stock / exp(rate)")
    edited = package.run()
    assert edited["stamp"] != filled[1]["stamp"]
    assert edited["misses"] == [1] * 6
    package.edit_law("stock / exp(rate)", "stock * exp(-rate)")
    assert package.run()["hits"] == [1] * 6


def test_another_processor_setting_is_another_stamp(filled, package):
    copy_of_cache(filled, package)
    report = package.run(NUMBA_CPU_NAME="generic")
    assert report["stamp"] != filled[1]["stamp"]
    assert report["misses"] == [1] * 6
    assert report["values"] == filled[1]["values"]  # the same bits, for another processor


def test_one_tag_for_two_closures_slows_but_never_confuses(package):
    package.run("same", "same")
    again = package.run("same", "same")
    assert again["hits"] == [1] * 6


def test_a_closure_without_tag_is_not_kept(package):
    package.run("", "")
    again = package.run("", "")
    assert again["hits"] == [0, 0, 1, 1, 1, 1]


def test_broken_entries_are_compiled_anew(filled, package):
    copy_of_cache(filled, package)
    harm = [
        lambda content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content[:-9] + b"x" + content[-8:],
        lambda content: b"not a compiled function" * 9,
    ]
    entries = package.entries()
    assert len(entries) == 6
    for file, damage in zip(entries, harm, strict=False):
        file.write_bytes(damage(file.read_bytes()))
    assert sum(package.run()["misses"]) == 4
    assert package.run()["hits"] == [1] * 6


def test_an_entry_of_other_code_is_not_used(filled, package):
    copy_of_cache(filled, package)
    first, second = sorted(package.root.glob("*/loops.forget*.nbc"))
    shutil.copy(first, second)
    assert sum(package.run()["misses"]) == 1


def test_a_root_that_cannot_be_written_gives_a_warning_and_a_temporary_folder(package):
    package.root.write_text("a file where the folder should be")
    first = package.run()
    assert len(first["warnings"]) == 1 and "NQPF_CACHE_DIR" in first["warnings"][0]
    assert Path(first["folder"]).is_relative_to(package.temporary)
    assert package.run()["hits"] == [1] * 6


def test_a_filled_folder_that_cannot_be_written_is_read(filled, monkeypatch):
    root, stamp = filled[0].root, filled[1]["stamp"]
    monkeypatch.setattr(jit, "_is_writable", lambda folder: False)
    assert jit._usable_folder.__wrapped__(str(root), stamp) == root / stamp


def test_a_temporary_folder_somebody_else_could_fill_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(jit.tempfile, "gettempdir", lambda: str(tmp_path))
    root = jit._temporary_root()
    assert root.parent == tmp_path and jit._temporary_root() == root
    root.chmod(0o777)
    assert jit._temporary_root() != root


def test_only_the_latest_stamps_are_left(tmp_path):
    stamps = [f"{number:020x}" for number in range(8)]
    for number, stamp in enumerate(stamps):
        (tmp_path / stamp).mkdir()
        (tmp_path / stamp / "entry.nbc").touch()
        os.utime(tmp_path / stamp, (number, number))
    (tmp_path / "somebody's folder").mkdir()
    jit._usable_folder.__wrapped__(str(tmp_path), "f" * 20)
    left = {folder.name for folder in tmp_path.iterdir()}
    assert left == {*stamps[-4:], "f" * 20, "somebody's folder"}


def test_functions_from_elsewhere_are_compiled_but_not_kept():
    @jit.rule
    def law(x):
        return 2.0 * x

    def twice(x):
        return law(x)

    f = jit.compiled(twice, tag="twice")
    assert f(4.0) == 8.0
    assert not isinstance(f._cache, jit._DiskCache)


def test_the_stamp_changes_with_every_source_that_laws_come_from(tmp_path, monkeypatch):
    monkeypatch.setattr(jit, "PACKAGE", tmp_path)
    assert jit._stamp() == ""  # no sources at all: nothing may be kept
    stamps = set()
    topics = [f"{part}/topic.py" for part in ("numerics", "state", "mechanisms", "engine")]
    for name in ["declare.py", *topics]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        for text in ("a = 1", "a = 2"):
            (tmp_path / name).write_text(text)
            stamps.add(jit._stamp())
    assert len(stamps) == 10
    (tmp_path / "cli").mkdir()
    (tmp_path / "cli/main.py").touch()
    assert jit._stamp() in stamps


def test_division_by_zero_follows_ieee_754():
    @jit.rule
    def ratio(a, b):
        return a / b

    assert ratio(1.0, 0.0) == float("inf")
