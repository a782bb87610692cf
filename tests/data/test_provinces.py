import numpy as np
import pytest

from nqpf_abm.data.places import western_echelons
from nqpf_abm.data.provinces import contiguity, english_name, macro_regions, tiles


def test_thirty_one_provinces_in_four_macro_regions():
    regions = macro_regions()
    counts = {region: list(regions.values()).count(region) for region in set(regions.values())}
    assert counts == {"east": 10, "central": 6, "west": 12, "northeast": 3}
    assert {name for name, region in regions.items() if region == "west"} == set(western_echelons())


@pytest.mark.parametrize(
    ("given", "known"),
    [
        ("内蒙古", "Inner Mongolia"), ("内蒙古自治区", "Inner Mongolia"), ("Inner Mongolia A.R.", "Inner Mongolia"),
        ("InnerMongolia", "Inner Mongolia"), ("广西壮族自治区", "Guangxi"), ("Tibet", "Xizang"), ("重庆市", "Chongqing"),
        ("Guangxi Zhuang Autonomous Region", "Guangxi"), ("陕西", "Shaanxi"), ("山西", "Shanxi"), ("Shanxi", "Shanxi"),
        ("Xinjiang Uygur Autonomous Region", "Xinjiang"), ("Beijing Municipality", "Beijing"),
        ("Bavaria", "Bavaria"), ("", ""), ("吉林市", "吉林市"), ("Jilin City", "Jilin City"), ("Shanghai City", "Shanghai"),
    ],
)  # fmt: skip
def test_names(given, known):
    assert english_name(given) == known


def test_contiguity_is_mutual_and_known():
    names = list(macro_regions())
    w = contiguity(names)
    assert (w == w.T).all()
    assert not w.diagonal().any()
    assert w.sum() == 2 * 69  # 68 land borders, and Hainan with Guangdong
    assert w[names.index("Inner Mongolia")].sum() == 8
    assert w[names.index("Hainan")].sum() == 1
    reach = np.linalg.matrix_power(w.astype(int) + np.eye(31, dtype=int), 12)
    assert (reach > 0).all()


def test_contiguity_of_strangers_is_empty():
    assert not contiguity(["Bavaria", "Sichuan", "Hesse"]).any()


def test_every_province_has_a_tile_of_its_own():
    table = tiles()
    assert set(table["province"]) == set(macro_regions())
    assert not table.duplicated(["row", "column"]).any()
