"""A frozen scale as a file: what `nqpf measure` leaves as ``scale.json`` and takes as ``--bounds frozen:FILE``."""

from __future__ import annotations

import json
from pathlib import Path

from nqpf_abm.data.reading import read_text
from nqpf_abm.errors import InputError
from nqpf_abm.measure import FrozenScale


def scale_text(scale: FrozenScale, ids: list[str]) -> str:
    """The file's text: ids of the indicators in order, and the scale."""
    document = {"fitted_on": scale.fitted_on, "indicators": ids, "scale": scale.to_dict()}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def read_scale(path: str | Path, ids: list[str]) -> FrozenScale:
    """The scale of a file for the indicators `ids`, in their order.

    Raises InputError naming the file and what is broken, or the first indicator that differs.
    """
    text = read_text(path)
    try:
        document = json.loads(text)
    except ValueError as error:
        raise InputError(f"{path}: broken JSON ({error}); give the scale.json of a result folder") from None
    if not isinstance(document, dict) or not {"indicators", "scale"} <= set(document):
        raise InputError(
            f"{path}: a scale file has the keys 'indicators' and 'scale'; give the scale.json of a result folder"
        )
    held = document["indicators"]
    if not isinstance(held, list):
        raise InputError(f"{path}, key 'indicators': must be a list of ids, got {held!r}")
    if held != ids:
        raise InputError(
            f"{path}: the scale is of the indicators {', '.join(map(str, held))}, the panel has {', '.join(ids)}; "
            "score it with the specification the scale was fitted with"
        )
    try:
        return FrozenScale.from_dict(document["scale"])
    except ValueError as error:
        raise InputError(f"{path}: {error}") from None
