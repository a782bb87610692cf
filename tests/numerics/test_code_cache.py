"""The disk cache: it hits in the next process, never serves old code, and never stops a run.

Each test works on a small package of its own: a copy of `numerics` with one law, what it calls, one row function and
the loop over it that the engine makes, imported by new Python processes.
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

from nqpf_abm.numerics import code_folder

LAW = """
    from nqpf_abm.mechanisms.callee import share_kept
    from nqpf_abm.numerics.jit import rule

    @rule
    def forgotten(stock, rate):
        return stock * share_kept(rate)
"""
CALLEE = """
    from nqpf_abm.mechanisms.constant import PERIODS
    from nqpf_abm.numerics.jit import rule
    from nqpf_abm.numerics.mathx import exp

    @rule
    def share_kept(rate):
        return exp(-rate * PERIODS)
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
MECHANISMS = {"law": LAW, "callee": CALLEE, "constant": "PERIODS = 1.0", "rows": ROWS}
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
        from nqpf_abm.numerics.code_folder import STAMP, cache_folder, is_warm
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
CALLER = """
    import json
    import numba
    import numpy as np
    from nqpf_abm.engine.loops import total

    @numba.njit
    def twice(firms):
        return 2.0 * total(firms)

    firms = np.zeros(3, [("stock", "f8"), ("luck", "f8"), ("uid", "u8"), ("alive", "?")])
    firms["stock"] = 1, 2, 5
    print(json.dumps({"values": [twice(firms)], "hits": sum(total.stats.cache_hits.values())}))
"""


def expected(forgotten=lambda stock: stock * math.exp(-0.5)) -> list[float]:
    """What SCRIPT computes with the law `forgotten` at a rate of .5."""
    a, b = forgotten(1.0), forgotten(2.0)
    return [a, b, 5, forgotten(a), forgotten(forgotten(b)), 5, 11, 12, a + b + 5]


EXPECTED = expected()


TAGS = "forget", "forget_twice"


def report(process: subprocess.Popen, values: list[float]) -> dict:
    """What `process` printed in the end; it must have computed `values`."""
    out, err = process.communicate()
    assert process.returncode == 0, err
    said = json.loads(out)
    assert said["values"] == pytest.approx(values, rel=1e-14)
    return said


class SmallPackage:
    """A copy of nqpf_abm.numerics with little around it, and a cache root, both under `folder`."""

    def __init__(self, folder: Path):
        self.source = folder / "package"
        self.root = folder / "cache"
        package = self.source / "nqpf_abm"
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(Path(code_folder.__file__).parent, package / "numerics", ignore=ignore)
        files = {f"mechanisms/{name}.py": text for name, text in MECHANISMS.items()}
        files["engine/loops.py"] = LOOPS
        for name, text in files.items():
            file = package / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(textwrap.dedent(text))
        for part in (package, package / "mechanisms", package / "engine"):
            (part / "__init__.py").touch()
        self.temporary = folder / "temporary"
        self.temporary.mkdir()

    def start(self, script: str, *arguments, **environment) -> subprocess.Popen:
        """A new process that imports this package."""
        environment = {
            **os.environ,
            "PYTHONPATH": str(self.source),
            "PYTHONDONTWRITEBYTECODE": "1",
            "NQPF_CACHE_DIR": str(self.root),
            "TMPDIR": str(self.temporary),
            **environment,
        }
        environment = {name: value for name, value in environment.items() if value is not None}
        command = [sys.executable, "-c", textwrap.dedent(script), *arguments]
        return subprocess.Popen(command, env=environment, stdout=-1, stderr=-1, text=True)

    def run(self, *tags, values=EXPECTED, **environment):
        """What a new process reports that uses everything; it must have computed `values`."""
        return report(self.start(SCRIPT, *(tags or TAGS), **environment), values)

    def edit(self, name, old, new):
        file = self.source / f"nqpf_abm/mechanisms/{name}.py"
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


EDITS = {
    "law": ("stock * share_kept(rate)", "stock * share_kept(rate) + 1.0", lambda x: x * math.exp(-0.5) + 1.0),
    "callee": ("exp(-rate * PERIODS)", "1.0 - rate * PERIODS", lambda x: 0.5 * x),
    "constant": ("1.0", "3.0", lambda x: x * math.exp(-1.5)),
}


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_is_compiled_anew_and_its_undoing_finds_the_first_code(filled, package, name):
    """Of the law, of what it calls in another file, of a number from a third."""
    copy_of_cache(filled, package)
    old, new, forgotten = EDITS[name]
    package.edit(name, old, new)
    edited = package.run(values=expected(forgotten))
    assert edited["stamp"] != filled[1]["stamp"]
    assert edited["misses"] == [1] * 6
    package.edit(name, new, old)
    assert package.run()["hits"] == [1] * 6


def test_two_processes_that_start_cold_at_once_both_run_and_leave_whole_entries(package):
    both = [package.start(SCRIPT, *TAGS) for _ in range(2)]
    first, second = (report(process, EXPECTED) for process in both)
    assert not first["was_warm"] and not second["was_warm"]
    assert len(package.entries()) == 6
    assert not [file for file in package.root.glob("*/*") if file.suffix != ".nbc"]
    assert package.run()["hits"] == [1] * 6


def test_other_compiled_code_may_call_an_entry_from_the_disk(filled):
    said = report(filled[0].start(CALLER), [16.0])
    assert said["hits"] == 1


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


@pytest.mark.parametrize(
    "unwritable",
    [lambda root: {}, lambda root: {"NQPF_CACHE_DIR": None, "XDG_CACHE_HOME": None, "HOME": str(root)}],
)
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the home is not where HOME says")
def test_a_root_that_cannot_be_written_gives_a_warning_and_a_temporary_folder(package, unwritable):
    package.root.write_text("a file where the folder should be")
    first = package.run(**unwritable(package.root))
    assert len(first["warnings"]) == 1 and "NQPF_CACHE_DIR" in first["warnings"][0]
    assert Path(first["folder"]).is_relative_to(package.temporary)
    assert package.run(**unwritable(package.root))["hits"] == [1] * 6
