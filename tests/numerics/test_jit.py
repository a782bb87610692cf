"""What the decorators make: laws that follow IEEE 754, entry points that are kept only when they are the package's."""

from nqpf_abm.numerics import jit
from nqpf_abm.numerics.code_cache import DiskCache


def test_functions_from_elsewhere_are_compiled_but_not_kept():
    @jit.rule
    def law(x):
        return 2.0 * x

    def twice(x):
        return law(x)

    f = jit.compiled(twice, tag="twice")
    assert f(4.0) == 8.0
    assert not isinstance(f._cache, DiskCache)


def test_division_by_zero_follows_ieee_754():
    @jit.rule
    def ratio(a, b):
        return a / b

    assert ratio(1.0, 0.0) == float("inf")
