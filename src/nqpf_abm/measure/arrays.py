"""What the kernels accept: finite arrays of the right shape, labels without gaps, closed choices."""

from __future__ import annotations

import numpy as np


def one_of(name, value, allowed):
    """`value`, if it is one of the words `allowed`; otherwise ValueError listing them."""
    if isinstance(value, str) and value in allowed:
        return value
    listed = ", ".join(repr(word) for word in allowed[:-1]) + f" or {allowed[-1]!r}"
    raise ValueError(f"{name} must be {listed}; got {value!r}")


def finite(name, data, shape, *, or_nan=False):
    """`data` as an array of floats, at least one in each direction and all of them finite.

    `shape` is written as in the docstrings, e.g. ``("n_rows", "n_indicators")``; a number instead of a word
    fixes that length. ValueError names the first cell that holds no finite number; NaN passes if `or_nan`.
    """
    wanted = f"({', '.join(str(size) for size in shape)}{',' if len(shape) == 1 else ''})"
    try:
        if np.ma.isMaskedArray(data):  # otherwise numpy would use the values hidden behind the mask
            data = np.ma.filled(data.astype(float), np.nan)
        if np.iscomplexobj(data):
            raise TypeError("complex numbers are not accepted")
        array = np.asarray(data, dtype=float)
    except (TypeError, ValueError) as problem:
        raise ValueError(f"{name} must be numbers of shape {wanted}: {problem}") from None
    fits = len(array.shape) == len(shape) and all(
        found >= 1 if isinstance(size, str) else found == size
        for found, size in zip(array.shape, shape, strict=True)
    )
    if not fits:
        raise ValueError(f"{name} must have shape {wanted}, with at least one entry; got {array.shape}")
    good = ~np.isinf(array) if or_nan else np.isfinite(array)
    if not good.all():
        bad = np.argwhere(~good)
        more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
        raise ValueError(f"{name} must be finite: {_place(bad[0])} holds {array[tuple(bad[0])]}{more}")
    return array


def non_negative(name, array):
    """`array`, if no entry is below zero; otherwise ValueError naming the first one."""
    if (array < 0).any():
        below = np.argwhere(array < 0)
        raise ValueError(f"{name} must not be negative: {_place(below[0])} holds {array[tuple(below[0])]}")
    return array


def coded(name, labels, n_rows):
    """Labels as numbers: codes (n_rows,) into the distinct labels, which keep their order of appearance.

    Labels may be numbers, words or dates; None and NaN are refused, since nobody could tell which group
    such a row belongs to.
    """
    labels = np.asarray(labels)
    if labels.shape != (n_rows,):
        raise ValueError(f"{name} must have shape ({n_rows},), one label per row; got {labels.shape}")
    seen: dict = {}
    try:
        codes = np.fromiter(
            (seen.setdefault(label, len(seen)) for label in labels.tolist()), np.intp, count=n_rows
        )
    except TypeError as problem:
        raise ValueError(f"{name} must be plain labels (numbers, words, dates): {problem}") from None
    for label, code in seen.items():
        if _is_missing(label):
            row = int(np.argmax(codes == code))
            raise ValueError(f"{name} must have a label in every row: row {row} holds {label!r}")
    is_first = np.diff(np.maximum.accumulate(codes), prepend=-1) > 0
    return codes, labels[is_first]


def _is_missing(label):
    if label is None:
        return True
    try:
        return bool(label != label)
    except TypeError:  # pandas.NA answers a comparison with itself
        return True


def _place(index):
    return ", ".join(f"{axis} {i}" for axis, i in zip(("row", "column"), index, strict=False))
