"""Elementary functions with the same bits everywhere.

A system's ``exp`` and ``log`` differ in the last bit between platforms, and between a single call and a
vectorised loop. These use + - * / and bit patterns only, so Python callers, compiled loops and every
processor agree; they also vectorise. `exp` and `log` are within 1 unit in the last place (ulp).
"""

from __future__ import annotations

import math

import numpy as np

from nqpf_abm.numerics.jit import rule

LOG2_E = 1.4426950408889634
LN2_HIGH = 6.93147180369123816490e-01  # ln 2 in two parts: k * LN2_HIGH is exact for |k| < 2**20
LN2_LOW = 1.90821492927058770002e-10
ROUNDING = 6755399441055744.0  # 1.5 * 2**52: adding it rounds to an integer, found in the lowest bits
EXP_LIMIT = 708.0  # exp(+-708) are the last ones that stay normal numbers
SMALLEST_NORMAL = 2.2250738585072014e-308
TWO_54 = 18014398509481984.0
ONE_BITS = np.int64(0x3FF0000000000000)
ROOT_HALF_BITS = np.int64(0x3FE6A09E00000000)


@rule
def sqrt(x):
    """Square root, x >= 0 (correctly rounded by IEEE 754, hence the same everywhere)."""
    return math.sqrt(x)


@rule
def exp(x):
    r"""e to the power x; x is held within [-708, 708], so the result is never 0 or infinite. NaN stays.

    Reduction :math:`x = k \ln 2 + r, |r| \le \ln 2 / 2`, then Taylor's series to degree 13.
    """
    x = min(max(np.float64(x), -EXP_LIMIT), EXP_LIMIT)
    shifted = x * LOG2_E + ROUNDING
    k = shifted - ROUNDING
    high = x - k * LN2_HIGH  # exact
    low = k * LN2_LOW
    r = high - low
    p = 1.0 / 6227020800.0
    p = p * r + 1.0 / 479001600.0
    p = p * r + 1.0 / 39916800.0
    p = p * r + 1.0 / 3628800.0
    p = p * r + 1.0 / 362880.0
    p = p * r + 1.0 / 40320.0
    p = p * r + 1.0 / 5040.0
    p = p * r + 1.0 / 720.0
    p = p * r + 1.0 / 120.0
    p = p * r + 1.0 / 24.0
    p = p * r + 1.0 / 6.0
    p = p * r + 0.5
    p = 1.0 + (high + (r * r * p - low))
    exponent = (np.float64(shifted).view(np.int64) << np.int64(52)) + ONE_BITS
    return p * np.int64(exponent).view(np.float64)


@rule
def log(x):
    r"""Natural logarithm; -inf at 0, NaN below.

    Reduction :math:`x = 2^k m, m \in [\sqrt{1/2}, \sqrt 2)`, then the series in :math:`f / (2 + f)`,
    :math:`f = m - 1`, with the coefficients of fdlibm's e_log.c (Sun Microsystems, 1993).
    """
    x = np.float64(x)
    is_tiny = x < SMALLEST_NORMAL
    scaled = x * TWO_54 if is_tiny else x
    bits = np.float64(scaled).view(np.int64)
    k = (bits - ROOT_HALF_BITS) >> np.int64(52)
    f = np.int64(bits - (k << np.int64(52))).view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01))
    odd = z * (
        6.666666666666735130e-01
        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01))
    )
    half_square = 0.5 * f * f
    exponent = np.float64(k) - (54.0 if is_tiny else 0.0)
    value = exponent * LN2_HIGH - ((half_square - (s * (half_square + even + odd) + exponent * LN2_LOW)) - f)
    if 0.0 < x < np.inf:
        return value
    if x == 0.0:
        return -np.inf
    return x if x > 0.0 else np.nan


@rule
def power(x, y):
    r"""x to the power y as :math:`e^{y \ln x}`; 0 for x <= 0 (a share or stock that has vanished).

    Relative error about :math:`(1 + |y \ln x|)` ulp; exactly 1 for x = 1 or (x > 0) y = 0.
    """
    return 0.0 if x <= 0.0 else exp(y * log(x))


@rule
def logistic(x):
    r"""Logistic function :math:`1 / (1 + e^{-x})`, in (0, 1]."""
    return 1.0 / (1.0 + exp(-x))


@rule
def cos2pi(u):
    r"""Cosine of u full turns, :math:`\cos 2\pi u`, within 2e-16; u of any size.

    With the distance a of u from the nearest half turn, :math:`\cos 2\pi u = -\sin 2\pi(1/4 - a)`; then
    Taylor's series of the sine to degree 21.
    """
    turn = u - math.floor(u)
    x = 6.283185307179586 * (0.25 - abs(turn - 0.5))
    z = x * x
    s = 1.0 / 51090942171709440000.0
    s = -1.0 / 121645100408832000.0 + z * s
    s = 1.0 / 355687428096000.0 + z * s
    s = -1.0 / 1307674368000.0 + z * s
    s = 1.0 / 6227020800.0 + z * s
    s = -1.0 / 39916800.0 + z * s
    s = 1.0 / 362880.0 + z * s
    s = -1.0 / 5040.0 + z * s
    s = 1.0 / 120.0 + z * s
    s = -1.0 / 6.0 + z * s
    return -(x + x * z * s)


@rule
def clip(x, low, high):
    """x held within [low, high]; NaN stays NaN."""
    return min(max(x, low), high)


@rule
def clip01(x):
    """x held within [0, 1]; NaN stays NaN."""
    return min(max(x, 0.0), 1.0)


@rule
def hill(y, half, n):
    r"""Hill's saturation :math:`y^n / (y^n + h^n)`, in [0, 1]; one half at y = half; 0 for y <= 0.

    y       the quantity, same unit as half
    half    h, > 0
    n       steepness, > 0

    Computed as logistic(n ln(y / h)), which cannot overflow. Hill (1910, J. Physiol. 40, iv-vii).
    """
    return 0.0 if y <= 0.0 else logistic(n * (log(y) - log(half)))
