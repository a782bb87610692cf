"""The other ways of writing the benchmarked phases say the same as the package."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))

from agreement import CHANGED, Columns, compare, settled  # noqa: E402
from in_c import PHASES as PHASES_IN_C  # noqa: E402
from in_c import InC, compiler  # noqa: E402
from plain_mesa import PlainMesa  # noqa: E402
from vectorised import Vectorised  # noqa: E402


@pytest.fixture(scope="module")
def small():
    return settled(4000)


@pytest.mark.parametrize("peer", [PlainMesa, Vectorised])
@pytest.mark.parametrize("phase", CHANGED)
def test_peer_agrees(small, phase, peer):
    state, p = small
    compare(phase, Columns(state), peer(state, p, seed=2))


@pytest.mark.skipif(compiler() is None, reason="no C compiler")
@pytest.mark.parametrize("phase", PHASES_IN_C)
def test_c_agrees(small, phase):
    state, p = small
    compare(phase, Columns(state), InC(state, p))


def test_a_wrong_law_is_found(small):
    state, p = small
    other = Vectorised(state, p)
    other.people["threshold"] -= 0.05
    with pytest.raises(AssertionError, match="act_proactively of NumPy"):
        compare("act_proactively", Columns(state), other)
