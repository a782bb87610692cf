"""Every mechanism can be switched off: it then has the neutral form it declares, and its outcome moves."""

from functools import cache

import numpy as np
import pytest

from nqpf_abm import Ecosystem, policy
from nqpf_abm.mechanisms import topics
from nqpf_abm.mechanisms.absorption import absorb_knowledge
from nqpf_abm.mechanisms.carbon import renew_energy_use, shift_energy_mix
from nqpf_abm.mechanisms.compute import allocate_compute, join_factors
from nqpf_abm.mechanisms.data import gather_data, pool_data
from nqpf_abm.mechanisms.demography import found_firms
from nqpf_abm.mechanisms.digital import adopt_digital
from nqpf_abm.mechanisms.leadership import follow_leader, lead, take_over_spirit
from nqpf_abm.mechanisms.market import compete
from nqpf_abm.mechanisms.migration import migrate
from nqpf_abm.mechanisms.orientation import decide
from nqpf_abm.mechanisms.proactivity import act_proactively, screen_ideas
from nqpf_abm.mechanisms.research import search

OF_POLICY = {topic.name for topic in policy.topics()}  # idle without a plan: see tests/policy
MECHANISMS = [m for topic in topics() if topic.name not in OF_POLICY for m in topic.mechanisms]

OUTCOMES = {
    "M01": ("radical_wins", None),
    "M03": ("niches", -1),
    "M05": ("team_orientation", None),
    "M06": ("team_orientation", None),
    "M07": ("employee_orientation", None),
    "M08": ("proactive_share", -1),
    "M09": ("log_tfp", None),
    "M11": ("safety", +1),
    "M12": ("leader_orientation", None),
    "M13": ("rd_firms", None),
    "M14": ("matches", None),
    "M15": ("take_up", None),
    "M16": ("csr", -1),
    "M18": ("efficiency_revolution", None),
    "M19": ("efficiency_factors", None),
    "M20": ("breadth", None),
    "M21": ("resonance", -1),
    "M22": ("resonance", +1),
    "M23": ("resonance", +1),
    "M25": ("data_created", None),
    "M26": ("digital_input", +1),
    "M28": ("energy", None),
    "M30": ("absorptive_capacity", +1),
    "M31": ("log_tfp", +1),
    "M32": ("adopters", -1),
    "M33": ("heavy_firms", None),
    "M34": ("disruption", -1),
    "M35": ("radical_wins", None),
    "M37": ("wins_digested", None),
    "M38": ("new_firms", +1),
    "M39": ("achievements_converted", +1),
    "M40": ("radical_wins", None),
    "M41": ("sharing", None),
    "M42": ("skill_match", +1),
    "M44": ("entries_new", +1),
    "M46": ("papers", -1),
    "M49": ("value_search", None),
    "M45": ("ideas_accepted", +1),
    "M43": ("leavers", None),
    "M48": ("digital_input", None),
    "M47": ("trust", None),
    "M51": ("achievements_created", +1),
    "M52": ("success_probability", None),
    "M55": ("sharing", -1),
    "M56": ("leavers", +1),
    "M57": ("new_firms", -1),
    "M58": ("ideas_accepted", -1),
    "M59": ("failures", +1),
    "M60": ("radical_wins", -1),
    "M61": ("wins", -1),
    "M91": ("compute_installed", -1),
    "M93": ("rd", None),
    "M95": ("consumption", None),
    "M98": ("approvals", +1),
    "M99": ("entrepreneurship", -1),
    "M101": ("layers", +1),
    "M102": ("autonomy", None),
    "M103": ("energy", +1),
}
"""The outcome that belongs to a mechanism; -1 or +1 where switching it off must lower or raise its total."""

IDLE_AT_DEFAULTS = {
    "M51": {"proving.uptake": 1.0, "proving.cost": 0.2},
    "M52": {"institute.uptake": 1.0, "institute.half": 5.0, "institute.lag": 4.0},
    "M55": {"tiers.uptake": 1.0},
    "M56": {"equity.uptake": 1.0},
    "M57": {"patient_fund.uptake": 1.0, "start.firms": 480, "demography.entry": 0.016},
    "M58": {"units.uptake": 1.0},
    "M59": {"funnel.uptake": 1.0},
    "M60": {"forgiveness.uptake": 1.0},
    "M61": {"crowdsourcing.uptake": 1.0},
    "M93": {"distortion.premium": 5.0},
}
"""What wakes a mechanism whose default is that nobody does it."""


@cache
def ran(small: tuple, **settings) -> Ecosystem:
    return Ecosystem(seed=3, quarters=12, set=dict(small) | settings).run()


@pytest.fixture
def run(small):
    """Function: a run of three years of the small world under the given settings."""
    return lambda **settings: ran(tuple(small.items()), **settings)


def test_every_mechanism_has_its_outcome_here():
    assert sorted(OUTCOMES) == sorted(mechanism.id for mechanism in MECHANISMS)


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.id)
def test_switched_off_its_outcome_moves(run, mechanism):
    column, direction = OUTCOMES[mechanism.id]
    stirred = IDLE_AT_DEFAULTS.get(mechanism.id, {})
    on = run(**stirred).results.series[column]
    off = run(**stirred | {mechanism.id: "off"}).results.series[column]
    assert (on != off).any()
    if direction is not None:
        assert np.sign(off.sum() - on.sum()) == direction


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.id)
def test_says_what_it_claims_and_what_is_neutral(mechanism):
    for text in (mechanism.name, mechanism.layer, mechanism.seed, mechanism.claim, mechanism.neutral):
        assert text.strip()


def same(first, second, *columns):
    """Whether two tables agree on all columns, in the rows in use."""
    rows = (first["is_alive"] == 1) | (second["is_alive"] == 1)
    return all(np.array_equal(first[column][rows], second[column][rows]) for column in columns)


# ------------------------------------------------------------------------------------ spirit and behaviour


def test_M01_off_orientation_changes_nothing_a_firm_does(acted, living, setting):
    for orientation in (0.0, 1.0):
        change = setting(entrepreneurs__cognition=orientation)
        alone = {"M01": "off", "M40": "off", "M49": "off"}
        rows = living(acted(decide, change=change, settings=alone).entrepreneurs)
        assert (rows["research_drive"] == 1.0).all()
        assert (rows["radical_share"] == 0.1).all()
        assert (rows["launch_rate"] == 0.125).all()


def test_M13_off_orientation_changes_launch_alone(acted, living, setting):
    calm, bold = (
        living(
            acted(
                decide,
                change=setting(entrepreneurs__cognition=x),
                settings={"M13": "off", "M40": "off", "M49": "off"},
            ).entrepreneurs
        )
        for x in (0.0, 1.0)
    )
    for rows in (calm, bold):
        assert (rows["research_drive"] == 1.0).all()
        assert (rows["radical_share"] == 0.1).all()
    assert (bold["launch_rate"] > calm["launch_rate"]).all()


def test_M05_off_every_leader_leads_alike(run, living):
    def leadership(switch):
        return living(run(M05=switch).state.entrepreneurs)["leadership"]

    assert (leadership("off") == 0.6).all()
    assert np.ptp(leadership("on")) > 0.1


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M06_off_teams_do_not_look_at_their_leader(acted, setting, switch):
    calm, bold = (
        acted(follow_leader, change=setting(entrepreneurs__orientation=x), settings={"M06": switch}).teams
        for x in (0.0, 1.0)
    )
    assert same(calm, bold, "orientation") == (switch == "off")


def test_M06_off_the_leaders_weight_returns_to_the_teams_anchor(acted, living):
    def agreeing(state):
        """Members and the other teams hold what the team is convinced of; the leader does not."""
        state.teams["orientation"] = state.teams["member_mean"] = state.teams["anchor"]
        rows = state.teams["is_alive"] == 1
        state.teams["anchor"][rows] = state.teams["anchor"][rows][:1]
        state.teams["orientation"] = state.teams["member_mean"] = state.teams["anchor"]
        state.firms["team_mean"] = state.teams["anchor"][rows][0]
        state.entrepreneurs["orientation"] = 1.0

    before = living(acted(change=agreeing).teams)
    off = living(acted(follow_leader, change=agreeing, settings={"M06": "off"}).teams)
    on = living(acted(follow_leader, change=agreeing).teams)
    np.testing.assert_allclose(off["orientation"], before["anchor"], atol=1e-15)
    assert (on["orientation"] > before["anchor"] + 1e-3).all()


def test_M07_off_employees_keep_to_their_own_anchor(run, living):
    off, on = (living(run(M07=switch).state.employees) for switch in ("off", "on"))
    np.testing.assert_allclose(off["orientation"], off["anchor"], atol=1e-12)
    assert np.abs(on["orientation"] - on["anchor"]).max() > 0.05


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M07_off_employees_look_at_nobody(acted, setting, switch):
    calm, bold = (
        acted(
            take_over_spirit,
            change=setting(entrepreneurs__orientation=x, teams__orientation=x, teams__member_mean=x),
            settings={"M07": switch},
        ).employees
        for x in (0.0, 1.0)
    )
    assert same(calm, bold, "orientation") == (switch == "off")


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M08_off_employees_do_not_look_at_who_acts(acted, setting, switch):
    alone, joined = (
        acted(act_proactively, change=setting(teams__proactive_share=x), settings={"M08": switch}).employees
        for x in (0.0, 1.0)
    )
    assert same(alone, joined, "is_proactive") == (switch == "off")
    assert alone["is_proactive"].sum() > 0


def test_M09_off_ideas_are_worth_nothing(run, acted, living):
    assert not living(run(M09="off").state.firms)["idea_queue"].any()
    assert living(run().state.firms)["idea_queue"].any()

    def busy(state):
        state.firms["n_proactive"] = 400.0
        state.firms["idea_queue"] = 0.0

    settings = {"M09": "off", "proactivity.layer_delay": 0.0}
    before, after = (
        living(acted(*phases, change=busy, settings=settings).firms) for phases in ((), (screen_ideas,))
    )
    assert after["accepted"].sum() > 0
    np.testing.assert_array_equal(before["log_tfp"], after["log_tfp"])


# ---------------------------------------------------------------------------------- knowledge and diffusion


def test_M30_off_every_firm_absorbs_everything(run, acted, living):
    for skill in (0.0, 1.0):

        def change(state, skill=skill):
            state.firms["skill"] = skill
            state.firms["rnd_stock"] = 0.0

        firms = living(acted(absorb_knowledge, change=change, settings={"M30": "off"}).firms)
        assert (firms["absorptive_capacity"] == 1.0).all()
    firms = living(run(M30="off").state.firms)
    assert (firms["absorptive_capacity"][firms["age"] > 0] == 1.0).all()


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M31_off_a_gap_helps_whatever_the_capacity(acted, living, switch):
    def learning(rnd_stock):
        def change(state):
            state.world["frontier"] = 3.0
            state.provinces["neighbour_rnd"] = 0.0
            state.provinces["public_knowledge"] = 0.0
            state.firms["rnd_stock"] = rnd_stock
            state.firms["log_tfp"] = 0.0

        state = acted(absorb_knowledge, change=change, settings={"M31": switch})
        firms = living(state.firms)
        return firms["log_tfp"], 3.0 - state.provinces["log_tfp_level"][firms["province"]]

    (dull, gap), (sharp, _) = learning(0.0), learning(1e9)
    if switch == "off":
        np.testing.assert_array_equal(dull, sharp)
        np.testing.assert_allclose(dull, 0.006 * gap, rtol=1e-12)
    else:
        assert (dull < sharp).all()


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M32_off_firms_do_not_adopt_because_others_did(acted, living, switch):
    def adopters(share):
        def change(state):
            state.firms["is_adopter"] = 0
            state.firms["data"] = 0.0
            state.provinces["adopter_share"] = share
            state.world["adopter_share"] = share
            state.provinces["digital_start"] = 20.0

        return living(acted(adopt_digital, change=change, settings={"M32": switch}).firms)["is_adopter"]

    few, many = adopters(0.0), adopters(1.0)
    assert few.sum() > 0
    if switch == "off":
        np.testing.assert_array_equal(few, many)
    else:
        assert many.sum() > 2 * few.sum()


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M25_off_data_follow_sales_per_head_alone(acted, living, switch):
    def created(size, algorithm):
        def change(state):
            state.firms["is_adopter"] = 1
            state.firms["data"] = 1.0
            state.firms["algorithm"] = algorithm
            state.firms["sales"] *= size
            state.firms["staff"] *= size

        return living(acted(gather_data, change=change, settings={"M25": switch}).firms)["data_created"]

    base = created(1.0, 1.0)
    for other in (created(4.0, 1.0), created(1.0, 2.0)):
        if switch == "off":
            np.testing.assert_allclose(other, base, rtol=1e-9)
        else:
            assert (other >= base).all()
            assert other.sum() > 1.5 * base.sum()


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M26_off_the_mean_of_the_factors_counts(acted, living, switch):
    def inputs(data, algorithm):
        def change(state):
            state.firms["is_adopter"] = 1
            state.firms["sharing"] = 0.0
            state.world["data_reference"] = 1.0
            state.firms["compute"] = 1.0
            state.firms["data"], state.firms["algorithm"] = data, algorithm

        return living(acted(join_factors, change=change, settings={"M26": switch}).firms)["digital_input"]

    even, uneven = inputs(2.0, 2.0), inputs(3.5, 0.5)
    if switch == "off":
        np.testing.assert_allclose(even, uneven, rtol=1e-12)
        np.testing.assert_allclose(even, 5.0 * 5.0 / 3.0, rtol=1e-12)
    else:
        assert (uneven < even).all()


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M41_off_every_adopter_shares_the_usual_part(acted, living, switch):
    def sharing(rights):
        def change(state):
            state.firms["is_adopter"] = 1
            state.firms["data"] = 1.0
            state.firms["sharing"] = 0.3
            state.provinces["data_rights"] = rights

        return living(acted(gather_data, change=change, settings={"M41": switch}).firms)["sharing"]

    none, all_ = sharing(0.0), sharing(1.0)
    if switch == "off":
        np.testing.assert_allclose(none, 0.3, rtol=1e-12)
        np.testing.assert_allclose(all_, 0.3, rtol=1e-12)
    else:
        assert none.sum() < all_.sum()


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M48_off_nothing_is_held_up_at_borders(acted, setting, switch):
    def crossed(g):
        change = setting(provinces__segmentation=g)
        return acted(migrate, pool_data, allocate_compute, change=change, settings={"M48": switch})

    closed, free = crossed(1.0), crossed(0.0)
    for columns in (("leavers",), ("data_pool",)):
        assert same(closed.provinces, free.provinces, *columns) == (switch == "off")
    assert same(closed.firms, free.firms, "compute") or switch == "on"


def test_M39_off_conversions_are_at_least_half_as_high_again():
    """Four times the agents and three seeds, so that some hundreds of conversions are counted."""
    size = {"start.firms": 60, "start.least_firms": 4, "start.burn_in": 4}
    converted = {}
    for switch in ("on", "off"):
        runs = [
            Ecosystem(seed=seed, quarters=12, scale=4.0, set=size | {"M39": switch}).run()
            for seed in (1, 2, 3)
        ]
        converted[switch] = sum(
            model.results.series_array["achievements_converted"][4:].sum() for model in runs
        )
    assert converted["on"] > 400
    assert converted["off"] >= 1.5 * converted["on"]


# -------------------------------------------------------------------------------- carbon, entry, migration


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M28_off_the_market_does_not_look_at_carbon(acted, setting, switch):
    clean, dirty = (
        acted(compete, change=setting(firms__energy_intensity=x), settings={"M28": switch}).firms
        for x in (0.5, 5.0)
    )
    assert same(clean, dirty, "fitness") == (switch == "off")
    alive = clean["is_alive"] == 1
    assert (clean["fitness"][alive] >= dirty["fitness"][alive]).all()


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M28_off_search_takes_no_direction_from_the_ceiling(acted, living, switch):
    def green(intensity):
        def change(state):
            state.world["search_scale"] *= 50.0
            state.firms["energy_intensity"] = intensity

        firms = living(acted(search, change=change, settings={"M28": switch}).firms)
        assert firms["wins"].sum() > 20
        return firms["green_wins"].sum()

    assert (green(0.5) == green(5.0)) == (switch == "off")
    assert green(0.5) <= green(5.0)


def test_M103_off_energy_stays_as_in_2012(small, living):
    """From 2012Q1 on, firms keep their intensity and provinces their mix."""
    model = Ecosystem(seed=3, quarters=12, set=small | {"M103": "off"})
    model.step()
    first = living(model.state.firms)
    before = dict(zip(first["uid"], first["energy_intensity"], strict=True))
    model.run()
    after = living(model.state.firms)
    stayed = [firm for firm in after if firm["uid"] in before]
    assert len(stayed) > 50
    assert all(firm["energy_intensity"] == before[firm["uid"]] for firm in stayed)
    np.testing.assert_array_equal(
        model.state.provinces["fossil_share"], model.state.provinces["fossil_share_start"]
    )


def test_M103_off_neither_phase_of_energy_acts(acted):
    before, after = (
        acted(*phases, settings={"M103": "off"}) for phases in ((), (renew_energy_use, shift_energy_mix))
    )
    assert same(before.firms, after.firms, "energy_intensity")
    assert same(before.provinces, after.provinces, "fossil_share")
    on = acted(renew_energy_use, shift_energy_mix)
    assert (on.provinces["fossil_share"] < before.provinces["fossil_share"]).all()


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M12_off_neither_entry_nor_founders_look_at_the_score(acted, setting, switch):
    base, high = (
        acted(
            found_firms,
            change=setting(provinces__score_z=z),
            settings={"M12": switch, "demography.entry": 0.016, "demography.entry_response": 1.0},
        )
        for z in (0.0, 4.0)
    )
    assert base.provinces["entries"].sum() > 0
    assert same(base.provinces, high.provinces, "entries") == (switch == "off")
    assert same(base.entrepreneurs, high.entrepreneurs, "orientation") == (switch == "off")


@pytest.mark.parametrize("switch", ["on", "off"])
def test_M43_off_nobody_moves_for_the_score(acted, switch):
    def flows(shift):
        def change(state):
            state.provinces["score"] = (shift + np.arange(12)) % 12 / 12

        return acted(migrate, change=change, settings={"M43": switch}).provinces

    assert same(flows(0), flows(5), "heads", "leavers", "arrivals") == (switch == "off")


def test_M05_off_styles_do_not_matter(acted, setting, living):
    calm, warm = (
        living(acted(lead, change=setting(entrepreneurs__style=x), settings={"M05": "off"}).entrepreneurs)
        for x in (0.1, 0.9)
    )
    np.testing.assert_array_equal(calm["leadership"], warm["leadership"])
