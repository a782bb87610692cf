import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nqpf_abm.collect.panels import fill_gaps, official_panel, read_panel, score_panel
from nqpf_abm.collect.specification import load_specification
from nqpf_abm.data import load_regions
from nqpf_abm.errors import InputError
from nqpf_abm.measure import dagum_gini, entropy_topsis, gini

P1 = ["N1", "N2", "N3", "N4", "N5"]


@pytest.fixture(scope="module")
def core():
    return load_specification("core")


@pytest.fixture(scope="module")
def echelon():
    return load_regions().table.set_index("region")["echelon"]


@pytest.fixture(scope="module")
def real(core):
    """The official side of P1."""
    return official_panel(core).frame


@pytest.fixture(scope="module")
def scored(core, real):
    return score_panel(real, core)


@pytest.fixture
def small(core):
    """Three provinces, three years, the indicators of P1, without pattern."""
    values = np.random.default_rng(5).uniform(1, 9, size=(9, 5)).round(3)
    index = pd.MultiIndex.from_product(
        [["Sichuan", "Gansu", "Xizang"], [2012, 2013, 2014]], names=["province", "year"]
    )
    return pd.DataFrame(values, index, P1).reset_index()


def _by_echelon(scores, echelon):
    means = scores.groupby(scores["province"].map(echelon))["nqpf"].mean()
    return (means / means[1]).tolist()


# ---- what the official panels give ----


def test_real_p1_gives_the_known_figures(scored, echelon):
    mean = scored.scores.groupby("year")["nqpf"].mean()
    assert (mean[2012], mean[2022]) == (pytest.approx(0.177, abs=5e-4), pytest.approx(0.387, abs=5e-4))
    gini_of = scored.dagum.set_index("year")["gini"]
    assert (gini_of[2012], gini_of[2022]) == (pytest.approx(0.349, abs=5e-4), pytest.approx(0.324, abs=5e-4))
    assert _by_echelon(scored.scores, echelon) == pytest.approx([1, 0.35, 0.29], abs=5e-3)


def test_real_p2_and_p3(core, echelon):
    """Our own figures, kept as a baseline: two gaps of energy come from the second official series."""
    for name, first, last, ratios in (
        ("P2", 0.2135, 0.3923, [1, 0.38, 0.33]),
        ("P3", 0.2237, 0.3788, [1, 0.35, 0.30]),
    ):
        panel = official_panel(core, name)
        scores = score_panel(panel.frame, core, panel=name).scores
        mean = scores.groupby("year")["nqpf"].mean()
        assert (mean.iloc[0], mean.iloc[-1]) == (
            pytest.approx(first, abs=5e-4),
            pytest.approx(last, abs=5e-4),
        )
        assert _by_echelon(scores, echelon) == pytest.approx(ratios, abs=5e-3)
        assert scores["province"].nunique() == 11


def test_p2_takes_two_cells_from_the_second_series(core):
    listed = official_panel(core, "P2").second_series
    assert set(zip(listed["province"], listed["year"], listed["indicator"], strict=True)) == {
        ("Xinjiang", 2021, "N8"), ("Ningxia", 2020, "N8"),
    }  # fmt: skip


def test_the_missing_year_is_a_gap_in_the_panel_and_listed_when_filled(real, scored):
    assert real.loc[real["year"] == 2017, "N2"].isna().all()
    assert real.drop(columns="N2").notna().all(axis=None)
    filled = scored.filled
    assert set(filled["province"]) == set(real["province"])
    assert set(zip(filled["year"], filled["indicator"], filled["method"], strict=True)) == {
        (2017, "N2", "linear")
    }
    series = real[real["province"] == "Sichuan"].set_index("year")["N2"]
    value = filled.set_index("province")["value"]["Sichuan"]
    assert value == pytest.approx((series[2016] + series[2018]) / 2)


def test_scores_of_the_official_panel_are_the_kernels(core, scored):
    frame = scored.panel
    again = entropy_topsis(frame[P1].to_numpy(), frame["year"].to_numpy(), [1] * 5)
    np.testing.assert_array_equal(scored.scores["nqpf"], again.closeness)
    assert scored.weights["weight"].sum() == pytest.approx(1)
    np.testing.assert_array_equal(scored.weights["weight"], again.weights)
    assert scored.frozen.fitted_on == "core P1: 12 provinces, 2012-2022"
    assert scored.warnings == ()


def test_dagum_is_decomposed_year_by_year(scored, echelon):
    for row in scored.dagum.itertuples():
        of_year = scored.scores[scored.scores["year"] == row.year]
        parts = dagum_gini(of_year["nqpf"].to_numpy(), of_year["province"].map(echelon).to_numpy())
        assert row.gini == pytest.approx(gini(of_year["nqpf"].to_numpy()))
        assert (row.within, row.between, row.transvariation) == pytest.approx(
            (parts.within, parts.between, parts.transvariation)
        )
        assert row.share_within + row.share_between + row.share_transvariation == pytest.approx(1)


def test_ranks_within_each_year(scored):
    for _, rows in scored.scores.groupby("year"):
        assert sorted(rows["rank"]) == list(range(1, 13))
        assert rows.sort_values("rank")["nqpf"].is_monotonic_decreasing


def test_first_level_indices_by_dimension(core, scored):
    assert list(scored.scores.columns) == ["province", "year", "nqpf", "scitech", "green", "digital", "rank"]
    assert scored.scores[["green", "digital"]].isna().all(axis=None)
    np.testing.assert_array_equal(scored.scores["scitech"], scored.scores["nqpf"])
    three = score_panel(official_panel(core, "P3").frame, core, panel="P3").scores
    assert three[["scitech", "green", "digital"]].notna().all(axis=None)


def test_indicators_outside_the_panel_are_left_out_by_name(core, scored):
    wide = official_panel(core, "P3").frame
    result = score_panel(wide, core, panel="P2")
    assert result.left_out == ("N15", "N16", "N17", "N18")
    assert list(result.weights["indicator"]) == [*P1, "N8", "N11"]
    assert scored.left_out == ()


def test_other_regions_may_be_scored(core, tmp_path):
    path = tmp_path / "two.toml"
    path.write_text("[[region]]\nname = 'Gansu'\n[[region]]\nname = 'Sichuan'\n")
    panel = official_panel(core, "P1", load_regions(path))
    assert list(panel.frame["province"].unique()) == ["Gansu", "Sichuan"]


def test_panels_without_official_side_are_refused(tmp_path):
    with pytest.raises(InputError, match="indicator 'N1' has no official series"):
        official_panel(load_specification("full"))
    path = tmp_path / "x.toml"
    path.write_text(
        "[[indicator]]\nid='a'\ndimension='green'\nsign=1\nreal='gdp/population'\nreal_years=[2012,2022]\n"
    )
    with pytest.raises(InputError, match="panel 'all', key 'years': missing"):
        official_panel(load_specification(path))


# ---- gaps ----


def test_linear_fills_inside_a_series_only(small):
    gappy = small.copy()
    gappy.loc[[0, 4, 8], "N1"] = np.nan  # the first, the middle and the last year of a province
    filled, cells = fill_gaps(gappy, "linear")
    assert filled["N1"].isna().tolist() == [True, *[False] * 7, True]
    assert filled.loc[4, "N1"] == pytest.approx((small.loc[3, "N1"] + small.loc[5, "N1"]) / 2)
    assert cells.to_dict("records") == [
        {
            "province": "Gansu",
            "year": 2013,
            "indicator": "N1",
            "value": filled.loc[4, "N1"],
            "method": "linear",
        }
    ]
    assert np.isnan(gappy.loc[4, "N1"])  # the caller's panel is left alone


def test_linear_goes_by_years_not_by_rows():
    frame = pd.DataFrame({"province": "A", "year": [2020, 2012, 2014], "N1": [8.0, 0.0, np.nan]})
    filled, _ = fill_gaps(frame, "linear")
    assert filled["N1"].tolist() == [8.0, 0.0, 2.0]


def test_hold_and_growth_reach_beyond_the_ends():
    frame = pd.DataFrame(
        {"province": "A", "year": range(2012, 2018), "N1": [np.nan, 2, np.nan, 8, 16, np.nan]}
    )
    held, cells = fill_gaps(frame, "hold")
    assert held["N1"].tolist() == [2, 2, 5, 8, 16, 16]
    assert set(cells["method"]) == {"hold"}
    grown, _ = fill_gaps(frame, "growth")
    assert grown["N1"].tolist() == pytest.approx([1, 2, 4, 8, 16, 32])


def test_growth_needs_two_figures_above_zero():
    frame = pd.DataFrame({"province": "A", "year": [2012, 2013, 2014], "N1": [np.nan, 3.0, np.nan]})
    assert fill_gaps(frame, "growth")[1].empty
    frame["N1"] = [0.0, np.nan, 2.0]
    with pytest.raises(InputError, match="needs figures above zero; A N1 holds 0"):
        fill_gaps(frame, "growth")


def test_none_fills_nothing(small):
    small.loc[4, "N1"] = np.nan
    filled, cells = fill_gaps(small, "none")
    pd.testing.assert_frame_equal(filled, small)
    assert cells.empty
    with pytest.raises(
        InputError, match="fill must be one of 'none', 'linear', 'hold', 'growth', got 'spline'"
    ):
        fill_gaps(small, "spline")


def test_gaps_without_policy_are_refused_by_name(core, small):
    small.loc[4, "N1"] = np.nan
    with pytest.raises(InputError, match="no value for Gansu 2013 N1"):
        score_panel(small, core, fill="none")
    assert len(score_panel(small, core).filled) == 1
    small.loc[3, "N1"] = np.nan
    with pytest.raises(InputError, match="no value for Gansu 2012 N1.*cells without a finite number: 2"):
        score_panel(small, core)


# ---- panels that cannot be scored ----


def test_bad_panels_are_refused(core, small):
    cases = [
        (small.drop(columns="N4"), "no column 'N4' \\(R&D personnel"),
        (small[small["year"] == 2012], "fewer than 2 years"),
        (small[small["province"] == "Gansu"], "fewer than 2 provinces"),
        (small.drop(index=3), "no row for Gansu 2012"),
        (pd.concat([small, small.iloc[[3]]]), "gives Gansu 2012 twice"),
        (small.replace({"N3": {small.loc[5, "N3"]: np.inf}}), "value inf for Gansu 2014 N3"),
        (small.assign(N3="much"), "numbers in every indicator"),
        (small.assign(year=small["year"] + 0.5), "a year has a fraction"),
        (small.assign(province=[None, *small["province"][1:]]), "a row without province"),
        (small.assign(**dict.fromkeys(P1, 3.0)), "no indicator of the panel varies"),
        (
            small.replace({"province": {"Gansu": "Gnasu"}}),
            "no group is known for province 'Gnasu'; did you mean 'Gansu'",
        ),
    ]
    for panel, message in cases:
        with pytest.raises(InputError, match=message):
            score_panel(panel, core)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bounds": "poled"}, "bounds must be"),
        ({"bounds": "frozen"}, "frozen must be a FrozenScale"),
        ({"shift": -1.0}, "shift must be"),
        ({"fill": "zero"}, "fill must be one of"),
        ({"panel": "P9"}, "no panel 'P9'"),
        ({"groups": {"Sichuan": 1, "Gansu": 2}}, "no group is known for province 'Xizang'"),
        (
            {"groups": "echelon"},
            "be one of 'one', 'echelons', 'macro-regions', got 'echelon'; did you mean 'echelons'?",
        ),
    ],
)
def test_bad_options_are_refused(core, small, options, message):
    with pytest.raises(InputError, match=message):
        score_panel(small, core, **options)


def test_a_constant_indicator_weighs_nothing_and_warns(core, small):
    result = score_panel(small.assign(N2=0.5), core)
    assert result.weights.set_index("indicator").loc["N2", "weight"] == 0
    assert result.warnings == ("N2 (Emerging-field revenue) does not vary: weight 0",)


def test_a_year_without_variation_has_no_score_under_annual_bounds(core, small):
    small.loc[small["year"] == 2013, P1] = 2.0
    result = score_panel(small, core, bounds="annual", ideal="annual")
    assert result.scores.loc[result.scores["year"] == 2013, "nqpf"].isna().all()
    assert result.scores.loc[result.scores["year"] == 2013, "rank"].isna().all()
    assert result.dagum.set_index("year")["gini"].isna().tolist() == [False, True, False]
    assert result.warnings == ("no score in 2013: no indicator varies in that year",)


# ---- groups and frozen scales ----


def test_groups_of_ones_own(core, small):
    two = score_panel(small, core, groups={"Sichuan": "x", "Gansu": "y", "Xizang": "y"})
    one = score_panel(small, core, groups="one")
    np.testing.assert_allclose(two.dagum["gini"], one.dagum["gini"])
    assert (one.dagum["share_within"] == 1).all()
    assert (two.dagum["share_within"] < 1).all()
    assert one.warnings == ()


def test_provinces_nobody_knows_form_one_group_with_a_warning(core, small):
    small["province"] = small["province"].map({"Sichuan": "Foo", "Gansu": "Bar", "Xizang": "Baz"})
    result = score_panel(small, core)
    assert (result.dagum["share_within"] == 1).all()
    assert "no groups are known for these provinces" in result.warnings[0]


def test_a_frozen_scale_gives_back_its_own_scores(core, scored, real):
    again = score_panel(real, core, bounds="frozen", frozen=scored.frozen)
    np.testing.assert_allclose(again.scores["nqpf"], scored.scores["nqpf"])
    assert (again.out_of_bounds[["below", "above"]] == 0).all(axis=None)
    assert again.frozen.fitted_on == scored.frozen.fitted_on


def test_values_beyond_a_frozen_scale_are_counted_and_reported(core, scored):
    frame = scored.panel.copy()
    frame["N1"] = frame["N1"] * 2
    result = score_panel(frame, core, bounds="frozen", frozen=scored.frozen)
    beyond = result.out_of_bounds.set_index("indicator")
    best = scored.panel["N1"].max()
    assert beyond.loc["N1", "above"] == pytest.approx((frame["N1"] > best).mean())
    assert beyond.loc["N1", "above"] > 0
    assert beyond.loc["N2", "above"] == 0
    assert len(result.warnings) == 1
    assert result.warnings[0].startswith("N1: ")
    assert "outside the frozen bounds" in result.warnings[0]
    assert (result.scores["nqpf"] >= scored.scores["nqpf"] - 1e-12).all()


# ---- properties ----


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(P1), st.sampled_from([1e-3, 0.25, 7.0, 1e6]))
def test_a_change_of_unit_or_order_moves_no_score(seed, id, factor):
    core = load_specification("core")
    rng = np.random.default_rng(seed)
    rows = pd.MultiIndex.from_product(
        [["Sichuan", "Gansu", "Xizang"], [2012, 2013]], names=["province", "year"]
    )
    frame = pd.DataFrame(rng.uniform(1, 2, size=(6, 5)), rows, P1).reset_index()
    keys = ["province", "year"]
    before = score_panel(frame, core).scores.set_index(keys)
    other = frame.assign(**{id: frame[id] * factor}).sample(frac=1, random_state=seed)
    after = score_panel(other, core).scores.set_index(keys)
    np.testing.assert_allclose(after.loc[before.index, "nqpf"], before["nqpf"], rtol=1e-9, atol=1e-12)
    assert before["nqpf"].between(0, 1).all()


# ---- a user's own panel ----


def test_a_file_written_from_a_panel_scores_the_same(tmp_path, core, scored):
    wide, long = tmp_path / "wide.csv", tmp_path / "long.csv"
    scored.panel.to_csv(wide, index=False)
    scored.panel.melt(["province", "year"], var_name="indicator").to_csv(long, index=False)
    for path in (wide, long):
        result = score_panel(read_panel(path, core).frame, core)
        np.testing.assert_allclose(result.scores["nqpf"], scored.scores["nqpf"])
        assert result.filled.empty


def test_a_file_must_hold_the_indicators_of_the_panel(tmp_path, core, scored):
    path = tmp_path / "mine.csv"
    scored.panel.drop(columns="N4").to_csv(path, index=False)
    with pytest.raises(InputError, match="mine.csv: indicator 'N4' is missing"):
        read_panel(path, core)
    assert "N4" not in read_panel(path).frame.columns
    scored.panel.rename(columns={"N4": "n4"}).to_csv(path, index=False)
    with pytest.raises(InputError, match="'n4' is no indicator of the specification.*did you mean 'N4'"):
        read_panel(path, core)


def test_gaps_of_a_file_are_refused_or_kept(tmp_path, core, real):
    path = tmp_path / "mine.csv"
    real.to_csv(path, index=False)
    with pytest.raises(InputError, match="mine.csv, line 7, column 'N2': no value for Chongqing 2017"):
        read_panel(path, core)
    kept = read_panel(path, core, allow_gaps=True).frame
    pd.testing.assert_frame_equal(kept, real, check_dtype=False)
