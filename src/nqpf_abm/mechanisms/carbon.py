"""Energy, carbon and the market's green screen (M28, M103)."""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, collective_phase, param, row_phase
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip, exp


@dataclass(frozen=True, kw_only=True)
class CarbonParams(Checked):
    """Screening by the market, and what lowers the use of energy."""

    ceiling_start: float = param(
        1.3,
        low=1.0,
        high=2.0,
        unit="relative to 2012 mean",
        evidence=Assumed("one firm in five is above it in 2012"),
    )
    ceiling_fall: float = param(
        0.03, low=0.0, high=0.06, unit="1/year", evidence=Assumed("about the 2012-2022 fall")
    )
    breach_cost: float = param(
        0.05,
        low=0.0,
        high=0.2,
        unit="fitness/unit",
        evidence=Assumed("fitness lost per 100 % above the ceiling"),
    )
    green_base: float = param(
        0.15, low=0.05, high=0.3, unit="share", evidence=Assumed("search that is green anyway")
    )
    green_pull: float = param(
        0.4,
        low=0.0,
        high=0.8,
        unit="share/unit",
        evidence=Assumed("search turned green per 100 % above the ceiling"),
    )
    green_step: float = param(
        0.04, low=0.01, high=0.1, unit="log points", evidence=Assumed("energy saved by one green win")
    )
    vintage_gain: float = param(
        0.25, low=0.0, high=0.5, unit="log points",
        evidence=Assumed("new capital against replaced: about 3 % a year at normal replacement"),
    )  # fmt: skip
    mix_shift: float = param(
        0.0025, low=0.0, high=0.01, unit="1/quarter",
        evidence=Assumed("fall of the fossil share where all power was clean in 2012"),
    )  # fmt: skip
    backbone_shift: float = param(
        0.0025, low=0.0, high=0.01, unit="1/quarter",
        evidence=Assumed("fall of the fossil share with a full digital backbone"),
    )  # fmt: skip
    entrant_intensity: float = param(
        0.9,
        low=0.6,
        high=1.0,
        unit="relative to mean",
        evidence=Assumed("entrants start with newer equipment"),
    )
    spread: float = param(
        0.3, low=0.0, high=0.6, unit="log", evidence=Assumed("spread of energy intensity, 2012")
    )


@rule
def green_direction(relative_intensity, base, pull):
    """Share of search that is green, ``base + pull·breach`` within [0, 0.9]; breach counts from the ceiling.

    By hand: intensity 1.5 times the ceiling, base .15, pull .4 gives .35.
    """
    return clip(base + pull * max(relative_intensity - 1.0, 0.0), 0.0, 0.9)


@rule
def breach_penalty(relative_intensity, cost):
    """Factor on market fitness of a firm above the carbon ceiling, ``exp(-cost·breach)``; 1 below it."""
    return exp(-cost * max(relative_intensity - 1.0, 0.0))


@rule
def renewed_intensity(intensity, vintage_share, green_wins, vintage_gain, green_step):
    """Energy intensity after a quarter: it falls with the share of new capital and with green wins.

    By hand: intensity 1, vintage share .03, one green win, gains .25 and .04 gives exp(-.0475) = .9536.
    """
    return intensity * exp(-vintage_gain * vintage_share - green_step * green_wins)


@rule
def next_fossil_share(share, clean_endowment, backbone, shift, backbone_shift):
    """Fossil share of energy after a quarter: it falls with clean endowment and digital backbone.

    share  0 to 1;  clean_endowment  non-fossil share of 2012;  backbone  0 to 1;  shift, backbone_shift  1/quarter

    By hand: .8, endowment .6, backbone .2, shifts .0025 give .8·(1 - .0025·.8) = .7984.
    """
    return share * (1.0 - shift * clean_endowment - backbone_shift * backbone)


@row_phase("firms", mechanisms="M28 M103", writes="energy_intensity")
def renew_energy_use(i, s, p, key):
    """New capital and green wins lower the energy a firm needs per unit of output."""
    firm = s.firms[i]
    if p.on.M103 == 0 or s.world[0].is_burn_in == 1:
        return
    vintage = firm.investment / max(firm.capital, 1e-9)
    firm.energy_intensity = renewed_intensity(
        firm.energy_intensity, min(vintage, 1.0), firm.green_wins, p.carbon.vintage_gain, p.carbon.green_step
    )


@collective_phase(mechanisms="M103", writes="provinces.fossil_share")
def shift_energy_mix(s, p, key):
    """The fossil share falls with clean endowment and with the digital backbone."""
    if p.on.M103 == 0 or s.world[0].is_burn_in == 1:
        return
    for r in range(s.provinces.size):
        province = s.provinces[r]
        backbone = clip(province.digital_start * province.adopter_share, 0.0, 1.0)
        province.fossil_share = next_fossil_share(
            province.fossil_share,
            1.0 - province.fossil_share_start,
            backbone,
            p.carbon.mix_shift,
            p.carbon.backbone_shift,
        )


TOPIC = Topic(
    "carbon",
    CarbonParams,
    (
        Mechanism(
            "M28",
            "Green screening",
            layer="B",
            seed="003 §2.3, 3.3",
            claim="off, the carbon-intensive share is higher in 2022",
            neutral="the market does not look at carbon, search takes no green direction from it",
        ),
        Mechanism(
            "M103",
            "Energy base and vintage of equipment",
            layer="G",
            seed="002 §5.4; 001 §3.1",
            claim="without the digital backbone CO2 per output falls slower",
            neutral="energy intensity and mix stay as in 2012",
        ),
    ),
)
