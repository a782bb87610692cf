"""The model a user holds."""

import numpy as np
import pytest

from nqpf_abm import Ecosystem, InputError
from nqpf_abm.state.tables import DTYPES


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"seed": -1}, ["seed", "-1"]),
        ({"seed": 2**64}, ["seed"]),
        ({"scenario": "baselin"}, ["baselin", "did you mean 'baseline'"]),
        ({"engine": "agent"}, ["engine", "did you mean 'agents'"]),
        ({"scale": 0}, ["scale", "0"]),
        ({"scale": float("nan")}, ["scale", "nan"]),
        ({"quarters": -3}, ["quarters", "-3"]),
        ({"quarters": 4, "until": 2013}, ["not both"]),
        ({"until": 2011}, ["2011", "2012"]),
        ({"threads": 0}, ["threads"]),
        ({"set": {"leadership.opennes": 0.6}}, ["leadership.opennes", "did you mean 'leadership.openness'"]),
        ({"set": {"leadership.openness": 80}}, ["openness", "0.95", "80", "percentage"]),
        ({"set": {"leadership.openness": float("nan")}}, ["openness", "nan"]),
        ({"set": {"leadership.openness": "high"}}, ["openness", "high"]),
        ({"set": {"M06": "maybe"}}, ["M06", "on or off"]),
        ({"set": ["M06"]}, ["set", "M06"]),
        ({"set": {"start.burn_in": 7}}, ["burn_in", "multiple of 4", "7"]),
        ({"seed": "x"}, ["seed", "'x'"]),
        ({"seed": None}, ["seed", "None"]),
        ({"scale": "big"}, ["scale", "'big'"]),
        ({"quarters": 4.5}, ["quarters", "4.5"]),
        ({"until": float("inf")}, ["until", "inf"]),
        ({"threads": "a"}, ["threads", "'a'"]),
        ({"regions": "nowhere.toml"}, ["nowhere.toml"]),
    ],
)
def test_bad_input_is_named(arguments, words):
    with pytest.raises(InputError) as error:
        Ecosystem(**arguments)
    for word in words:
        assert word in str(error.value)


def test_horizons():
    assert Ecosystem().horizon == 44
    assert Ecosystem(until=2035).horizon == 96
    assert Ecosystem(quarters=7).horizon == 7


def test_manifest_is_enough_to_repeat(small):
    model = Ecosystem(seed=9, quarters=4, set=small | {"M06": "off"}).run()
    told = model.manifest()
    again = Ecosystem(
        told["seed"],
        told["scenario"]["name"],
        told["engine"],
        quarters=told["quarters"],
        scale=told["scale"],
        set=told["parameters"],
    ).run()
    assert again.state_hash() == told["state_hash"]
    assert told["changes"]["M06"] is False
    assert set(told["inputs"]) == {
        "regions/west.toml",
        "official/provinces.csv",
        "scenarios/baseline.toml",
        "indicators/core.toml",
        "indicators/full.toml",
        "reference/full.json",
    }


def test_a_seed_of_64_bits_is_used_whole(small):
    a, b = (Ecosystem(seed=seed, set=small).state_hash() for seed in (3, 3 + 2**63))
    assert a != b


def test_a_users_own_regions(tmp_path, small):
    file = tmp_path / "three.toml"
    file.write_text(
        '[[region]]\nname = "Sichuan"\n[[region]]\nname = "Gansu"\n[[region]]\nname = "Qinghai"\n'
    )
    model = Ecosystem(seed=1, quarters=8, set=small, regions=file, audit=True).run()
    scores = model.results.scores
    assert list(scores["province"].unique()) == ["Sichuan", "Gansu", "Qinghai"]
    assert scores["nqpf"].between(0, 1).all()


def test_scale_multiplies_agents_and_not_the_economy():
    one, two = (Ecosystem(seed=1, scale=scale).state for scale in (1.0, 2.0))
    assert two.firms["is_alive"].sum() == pytest.approx(2 * one.firms["is_alive"].sum(), rel=0.02)
    heads = [s.provinces["heads"].sum() for s in (one, two)]
    assert heads[0] == pytest.approx(heads[1], rel=1e-3)


def test_employee_rows_stay_small():
    assert DTYPES["employees"].itemsize <= 250


def test_progress_is_told(small):
    told = []
    Ecosystem(seed=1, quarters=4, set=small).run(lambda done, total, label: told.append((done, total, label)))
    assert told[0] == (1, 12, "burn-in")
    assert told[-1] == (12, 12, "2012")
    assert np.all(np.diff([done for done, *_ in told]) == 1)
