import json

import numpy as np
import pandas as pd
import pytest

from nqpf_abm.collect.assessment import SecondIndex, assess, official_alternative
from nqpf_abm.collect.assessment_report import render_assessment
from nqpf_abm.collect.panels import official_panel, score_panel
from nqpf_abm.collect.scale_file import read_scale, scale_text
from nqpf_abm.collect.specification import load_specification
from nqpf_abm.data.places import western_echelons
from nqpf_abm.errors import InputError
from nqpf_abm.measure import coupling_coordination, dagum_gini, gini, morans_i

KEYS = ["province", "year"]


@pytest.fixture(scope="module")
def core():
    return load_specification("core")


@pytest.fixture(scope="module")
def p2(core):
    """The official panel P2: two dimensions, eleven provinces, ten years."""
    return official_panel(core, "P2").frame


@pytest.fixture(scope="module")
def assessed(core, p2):
    return assess(p2, core, panel="P2", alternative=official_alternative(load_specification("labour"), "L2"))


def test_scores_are_those_of_score_panel(core, p2, assessed):
    expected = score_panel(p2, core, panel="P2")
    pd.testing.assert_frame_equal(assessed.tables["scores"], expected.scores)
    pd.testing.assert_frame_equal(assessed.tables["dagum"], expected.dagum)


def test_every_table_is_tidy_and_none_is_empty_without_reason(assessed):
    names = {
        "panel", "scores", "weights", "normalised", "filled", "out_of_bounds", "echelons", "dagum", "dagum_average",
        "dagum_groups", "dagum_pairs", "theil", "obstacles", "sigma", "beta", "density", "transitions", "coupling",
        "transition_tests", "moran", "robustness", "conclusions",
    }  # fmt: skip
    assert set(assessed.tables) == names
    for name, table in assessed.tables.items():
        assert len(table), name
        assert table.columns.is_unique
        assert "index" not in table.columns


def test_averages_are_means_over_years(assessed):
    dagum, average = assessed.tables["dagum"], assessed.tables["dagum_average"].iloc[0]
    for name in ("gini", "between", "share_between"):
        assert average[name] == pytest.approx(dagum[name].mean())
    assert average["years"] == 10


def test_groups_and_pairs_are_those_of_the_kernel(assessed):
    rows = assessed.scores[assessed.scores["year"] == 2015]
    d = dagum_gini(rows["nqpf"].to_numpy(), rows["province"].map(assessed.groups).to_numpy())
    own = assessed.tables["dagum_groups"].query("year == 2015").set_index("group")["gini"]
    assert own.to_dict() == pytest.approx(dict(zip(d.labels, d.group_gini, strict=True)))
    pairs = assessed.tables["dagum_pairs"].query("year == 2015")
    assert pairs["gini"].tolist() == pytest.approx(d.pair_gini[np.triu_indices(3, 1)].tolist())


def test_obstacles_sum_to_one(assessed):
    sums = assessed.tables["obstacles"].groupby(KEYS)["degree"].sum()
    np.testing.assert_allclose(sums, 1)


def test_coupling_of_the_first_level_indices(assessed):
    table = assessed.tables["coupling"]
    expected = coupling_coordination(assessed.scores[["scitech", "green"]].to_numpy())
    np.testing.assert_allclose(table["degree"], expected.degree)
    assert table["systems"].unique().tolist() == ["science and technology × green"]


def test_moran_and_chains_agree_with_the_kernels(assessed):
    from nqpf_abm.data.provinces import contiguity

    rows = assessed.scores[assessed.scores["year"] == 2020]
    found = assessed.tables["moran"].set_index("year").loc[2020]
    assert found["moran"] == morans_i(rows["nqpf"].to_numpy(), contiguity(rows["province"])).i
    chains = assessed.tables["transitions"]
    assert chains.query("kind == 'all'")["count"].sum() == 11 * 9
    assert chains.query("kind != 'all'")["count"].sum() == 11 * 9


def test_looking_at_the_west_keeps_the_scores_of_all():
    spec = load_specification("seed-like")
    frame = official_panel(spec).frame
    west, everyone = assess(frame, spec, among="west"), assess(frame, spec)
    pd.testing.assert_frame_equal(west.tables["scores"], everyone.tables["scores"])
    assert set(west.scores["province"]) == set(western_echelons())
    last = west.scores[west.scores["year"] == 2022]["nqpf"]
    assert west.tables["dagum"]["gini"].iloc[-1] == pytest.approx(gini(last.to_numpy()))
    assert set(everyone.groups.values()) == {"west", "east"}
    assert set(west.groups.values()) == {f"study echelon {k}" for k in (1, 2, 3)}
    with pytest.raises(InputError, match="did you mean 'west'"):
        assess(frame, spec, among="wst")
    with pytest.raises(InputError, match="leaves 0 provinces"):
        assess(frame, spec, among="northeast")


def small_panel(n=4, years=3, seed=2):
    """Regions nobody knows."""
    rng = np.random.default_rng(seed)
    index = pd.MultiIndex.from_product([[f"R{i}" for i in range(n)], range(2001, 2001 + years)], names=KEYS)
    return pd.DataFrame(
        rng.uniform(1, 9, (n * years, 5)), index, ["N1", "N2", "N3", "N4", "N5"]
    ).reset_index()


def test_regions_elsewhere_lose_maps_and_short_panels_chains_by_name(core):
    a = assess(small_panel(), core)
    assert not {"moran", "transitions", "transition_tests"} & set(a.tables)
    told = " ".join(a.notes)
    for text in ("Moran and spatial Markov left out", "Markov chains left out: 3 years", "coupling left out"):
        assert text in told


def test_neighbours_of_ones_own(core):
    near = ~np.eye(4, dtype=bool)
    a = assess(small_panel(years=5), core, neighbours=near)
    assert a.tables["moran"]["moran"].tolist() == pytest.approx([-1 / 3] * 5)


def test_a_year_without_variation_is_left_out_of_what_compares_years(core):
    frame = small_panel(years=6)
    frame.loc[frame["year"] == 2003, ["N1", "N2", "N3", "N4", "N5"]] = 5.0
    a = assess(frame, core, bounds="annual")
    assert np.isnan(a.tables["dagum"].set_index("year").loc[2003, "gini"])
    assert 2003 not in set(a.tables["sigma"]["year"])
    assert any("no score in 2003" in text for text in a.notes)
    assert "robustness left out: a year has no scores" in a.notes


def test_scores_of_zero_have_no_growth_rates(core):
    frame = small_panel(years=4)
    frame.iloc[0, 2:] = 0.0  # worst in everything
    a = assess(frame, core)
    assert "beta" not in a.tables
    assert any("beta-convergence left out" in text for text in a.notes)


# ---- a second index ----


def test_coupling_with_a_second_index(core, p2):
    frame = p2[KEYS].assign(value=0.5)
    a = assess(p2, core, panel="P2", second=SecondIndex("HQD", frame[frame["year"] > 2013]))
    table = a.tables["coupling"].query("systems == 'NQPF × HQD'")
    assert len(table) == 11 * 8
    u = a.scores[a.scores["year"] > 2013]["nqpf"].to_numpy()
    expected = coupling_coordination(np.column_stack([u, np.full(len(u), 0.5)])).degree
    np.testing.assert_allclose(table["degree"], expected)
    assert any("88 of 110 province-years are in both panels" in text for text in a.notes)


def test_second_indices_that_cannot_be_coupled(core, p2):
    with pytest.raises(InputError, match=r"must lie in \[0, 1\]: Chongqing 2012 is 50"):
        assess(p2, core, panel="P2", second=SecondIndex("HQD", p2[KEYS].assign(value=50.0)))
    with pytest.raises(InputError, match="no province-year in common"):
        elsewhere = pd.DataFrame({"province": ["X"], "year": [2012], "value": [1]})
        assess(p2, core, panel="P2", second=SecondIndex("HQD", elsewhere))


# ---- robustness ----


def test_robustness_changes_one_choice_at_a_time(core, p2, assessed):
    table = assessed.tables["robustness"].set_index("variant")
    assert {"as chosen", "bounds annual", "shift 0.001", "distance weighted_square"} <= set(table.index)
    assert {f"without {id}" for id in core.panel("P2").ids} <= set(table.index)
    assert "index labour L2" in table.index
    main = table.loc["as chosen"]
    assert (main["spearman"], main["reversals"], main["largest_rank_change"]) == (1, 0, 0)
    other = score_panel(p2, core, panel="P2", distance="weighted_square").scores
    mean = other.groupby("year")["nqpf"].mean()
    assert table.loc["distance weighted_square", "mean_change"] == pytest.approx(mean.iloc[-1] - mean.iloc[0])
    assert np.isnan(table.loc["bounds annual", "mean_change"])


def test_a_conclusion_fails_where_the_variant_says_otherwise(core):
    # A rare good outweighs four common ones in the entropy weights; without it the order turns.
    frame = pd.DataFrame(
        [
            {"province": p, "year": y, "N1": rare + 0.001 * (y - 2001), **dict.fromkeys(["N2", "N3", "N4", "N5"], common)}
            for p, rare, common in (("Gansu", 0.0, 1.0), ("Qinghai", 0.0, 0.5), ("Ningxia", 1.0, 0.0))
            for y in (2001, 2002, 2003)
        ]
    )  # fmt: skip
    a = assess(frame, core, groups="one")
    table = a.tables["conclusions"].set_index("conclusion")
    row = table.loc["Ningxia has the highest mean score"]
    assert row["of"] == len(a.tables["robustness"]) - 1
    assert "without N1" in row["fails_in"].split(", ")
    assert row["holds_in"] == row["of"] - len(row["fails_in"].split(", "))


def test_frozen_scores_are_compared_with_pooled_ones(core, p2):
    scale = score_panel(p2, core, panel="P2").frozen
    a = assess(p2, core, panel="P2", bounds="frozen", frozen=scale)
    assert a.options["ideal"] == "frozen"
    assert "bounds pooled" not in set(a.tables["robustness"]["variant"])  # the very same scores
    elsewhere = assess(p2[p2["year"] > 2015], core, panel="P2", bounds="frozen", frozen=scale)
    assert "bounds pooled" in set(elsewhere.tables["robustness"]["variant"])
    with pytest.raises(InputError, match="it must be 0, got 0.001"):
        assess(p2, core, panel="P2", bounds="frozen", frozen=scale, shift=0.001)


def test_a_scale_by_year_shows_no_growth(core, p2):
    scale = score_panel(p2, core, panel="P2", bounds="annual", ideal="annual").frozen
    a = assess(p2, core, panel="P2", bounds="frozen", frozen=scale)
    assert not any("mean score" in text and "from" in text for text in a.tables["conclusions"]["conclusion"])
    text = render_assessment(a, source="panel x.csv", command="nqpf", figures=[])
    assert "a scale by year" in text
    assert "Bounds are annual" in text


def test_choices_that_cannot_differ_are_not_counted(assessed):
    names = list(assessed.tables["robustness"]["variant"])
    assert "ideal absolute" not in names  # under pooled bounds the ideals are 1 and 0 anyway


def test_another_index_is_judged_on_what_both_have(core):
    spec = load_specification("labour")
    frame = official_panel(spec).frame
    a = assess(frame, spec, alternative=official_alternative(core))  # 2012-2019 beside 2012-2022
    row = a.tables["robustness"].set_index("variant").loc["index core P1"]
    official = score_panel(official_panel(core).frame, core).scores
    at_2019 = official[official["year"] == 2019]["nqpf"]
    assert row["mean_last"] == pytest.approx(at_2019.mean())
    assert row["gini_last"] == pytest.approx(gini(at_2019.to_numpy()))
    shorter = assess(frame[frame["province"] != "Xizang"], spec, alternative=official_alternative(core, "P3"))
    table = shorter.tables["conclusions"].set_index("conclusion")
    n = len(shorter.tables["robustness"]) - 1
    trend = next(text for text in table.index if text.startswith("the Gini"))
    assert table.loc[trend, "of"] == n - 1  # P3 begins in 2013: it cannot tell
    top = next(text for text in table.index if text.endswith("highest mean score"))
    assert table.loc[top, "of"] == n


# ---- scale file and report ----


def test_a_scale_file_gives_back_the_scores(core, p2, tmp_path):
    scored = score_panel(p2, core, panel="P2")
    path = tmp_path / "scale.json"
    ids = list(core.panel("P2").ids)
    path.write_text(scale_text(scored.frozen, ids))
    again = score_panel(p2, core, panel="P2", bounds="frozen", ideal="pooled", frozen=read_scale(path, ids))
    np.testing.assert_array_equal(again.scores["nqpf"], scored.scores["nqpf"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: "{", "broken JSON"),
        (lambda d: "[]", "has the keys 'indicators' and 'scale'"),
        (
            lambda d: json.dumps(d | {"indicators": ["N1"]}),
            "the scale is of the indicators N1, the panel has N1, N2",
        ),
        (lambda d: json.dumps(d | {"scale": {}}), "a frozen scale lacks"),
        (lambda d: json.dumps(d | {"indicators": 5}), "must be a list of ids, got 5"),
        (
            lambda d: json.dumps(d | {"scale": d["scale"] | {"years": 5}}),
            "FrozenScale.years must name each year once",
        ),
        (lambda d: json.dumps(d | {"scale": d["scale"] | {"years": [[1], [2]]}}), "must name each year once"),
    ],
)
def test_broken_scale_files(core, p2, tmp_path, change, message):
    ids = list(core.panel("P2").ids)
    document = json.loads(scale_text(score_panel(p2, core, panel="P2").frozen, ids))
    path = tmp_path / "scale.json"
    path.write_text(change(document))
    with pytest.raises(InputError, match="scale.json") as caught:
        read_scale(path, ids)
    assert message in str(caught.value)


def test_the_report_states_method_options_and_caveats(assessed):
    text = render_assessment(
        assessed, source="official statistics of the provinces", command="nqpf measure --panel P2", notes=["x is y"],
        figures=["dagum"],
    )  # fmt: skip
    for words in (
        "pooled over all provinces and years", "Shannon 1948", "Dagum (1997)", "interpolated linearly", "N2 2017 (11)",
        "0.9 min(s, IQR/1.34)", "X is y.", "nqpf measure --panel P2",
        "those of the western study, taken as they are", "natural breaks", "![Gini and its parts](figures/dagum.png)",
        "Which conclusions survive", "11 provinces are few",
    ):  # fmt: skip
        assert words in text
    assert "figures/theil.png" not in text
    assert "nan" not in text.lower().split()
    mean = assessed.scores.groupby("year")["nqpf"].mean()
    assert f"goes from {mean.iloc[0]:.3f} to {mean.iloc[-1]:.3f}" in text


def test_the_report_of_another_choice_says_so(core):
    a = assess(
        small_panel(years=5), core, bounds="annual", shift=0.001, fill="growth", coupling="wang", groups="one"
    )
    text = render_assessment(a, source="panel mine.csv", command="nqpf", figures=[])
    for words in (
        "show no growth",
        "a shift of z by 0.001",
        "constant growth rates",
        "Bounds are annual",
    ):
        assert words in text
    assert "On the official series" not in text
    assert "Coupling coordination is" not in text  # one first-level index: nothing was coupled
    assert "Moran" not in text.split("## Results")[0]


def test_the_report_names_the_variant_of_coupling(core, p2):
    a = assess(p2, core, panel="P2", coupling="wang")
    text = render_assessment(a, source="panel mine.csv", command="nqpf", figures=[])
    assert "Wang et al. (2021" in text


def test_names_do_not_break_the_reports_tables(core):
    frame = small_panel(years=5)
    frame["province"] = frame["province"].replace({"R0": "Land | sea"})
    text = render_assessment(assess(frame, core), source="panel x.csv", command="nqpf", figures=[])
    assert "| Land \\| sea |" in text
