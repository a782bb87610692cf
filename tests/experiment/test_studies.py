"""The scripts of experiments: what they compute, on small tables."""

import importlib.util
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

EXPERIMENTS = Path(__file__).resolve().parents[2] / "experiments"


def script(name: str):
    spec = importlib.util.spec_from_file_location(name, EXPERIMENTS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


# ------------------------------------------------------------------------------------- mechanism_effects


def test_the_effect_of_a_mechanism_is_paired_by_seed():
    study = script("mechanism_effects")
    on = pd.DataFrame({"N1": [10.0, 20.0], "NQPF": [1.0, 1.0]})
    off = pd.DataFrame({"N1": [9.0, 16.0], "NQPF": [1.0, 1.0]})
    table = study.effects(on, {"M01": off}).set_index("indicator")
    assert table.loc["N1", ["effect", "se", "t"]].tolist() == pytest.approx([15.0, 5.0, 3.0])  # 10 % and 20 %
    assert table.loc["NQPF", ["effect", "t"]].tolist() == [0.0, 0.0]


def test_every_indicator_is_measured_of_a_run(baseline):
    from nqpf_abm.experiment.execute import Finished

    study = script("mechanism_effects")
    found = {m.name: m.of(Finished(baseline, {}, {})) for m in study.measures() if m.name != study.NQPF}
    assert np.isfinite(list(found.values())).all()
    last = baseline.results.indicators.query("year == 2022 and indicator == 'N5'")["value"]
    assert found["N5"] == pytest.approx(last.mean())
    assert len(found) == len(baseline.results.full.indicators) + 1


def test_the_heat_map_writes_what_is_beyond_three_standard_errors():
    study = script("mechanism_effects")
    rows = [
        (mechanism, name, 1.0, 1.0, effect, 1.0, effect, 6)
        for mechanism, effects in (("M01", (4.0, 0.5)), ("M32", (-5.0, 2.0)))
        for name, effect in zip(("N1", "NQPF"), effects, strict=True)
    ]
    table = pd.DataFrame(
        rows, columns=["mechanism", "indicator", "default", "off", "effect", "se", "t", "seeds"]
    )
    figure = study.figure(table)
    assert [text.get_text() for text in figure.axes[0].texts[:2]] == ["4.0", "−5.0"]
