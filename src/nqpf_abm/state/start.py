"""Size of the simulated world and what is assumed about its first quarter."""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Topic, param


@dataclass(frozen=True, kw_only=True)
class StartParams(Checked):
    """Size of the simulated world and what is assumed about 2012."""

    burn_in: float = param(
        20.0, low=4.0, high=60.0, unit="quarters", evidence=Assumed("micro distributions settle")
    )
    firms: float = param(
        480.0, low=60.0, high=1e6, unit="firms", evidence=Assumed("default size, before --scale")
    )
    least_firms: float = param(
        14.0, low=4.0, high=100.0, unit="firms", evidence=Assumed("in the smallest region")
    )
    universities: float = param(
        60.0, low=12.0, high=1e4, unit="universities", evidence=Assumed("default size")
    )
    employment: float = param(
        0.55,
        low=0.45,
        high=0.65,
        unit="share of residents",
        evidence=Assumed("no total of employed persons was found"),
    )
    size_log_mean: float = param(2.36, low=1.5, high=3.0, unit="log employees", evidence=Assumed("firm size"))
    size_log_sd: float = param(0.8, low=0.4, high=1.2, unit="log employees", evidence=Assumed("firm size"))
    size_low: float = param(3.0, low=2.0, high=5.0, unit="employees", evidence=Assumed("smallest firm"))
    size_high: float = param(120.0, low=60.0, high=400.0, unit="employees", evidence=Assumed("largest firm"))
    capital_output: float = param(
        10.0, low=6.0, high=16.0, unit="quarters of output", evidence=Assumed("2012")
    )
    tfp_spread: float = param(
        0.33, low=0.1, high=0.5, unit="log points", evidence=Assumed("among firms of a province")
    )
    loan_share: float = param(0.2, low=0.0, high=0.5, unit="share of capital", evidence=Assumed("2012"))
    household_deposits: float = param(
        2.4, low=1.0, high=5.0, unit="quarters of output", evidence=Assumed("2012")
    )
    firm_deposits: float = param(1.0, low=0.3, high=2.0, unit="quarters of sales", evidence=Assumed("2012"))
    fund_deposits: float = param(0.2, low=0.05, high=1.0, unit="quarters of output", evidence=Assumed("2012"))
    unemployment: float = param(0.05, low=0.02, high=0.1, unit="share", evidence=Assumed("2012Q1"))
    adopters: float = param(
        0.04, low=0.01, high=0.1, unit="share of firms", evidence=Assumed("2012, mean region")
    )
    skill_low: float = param(
        0.2, low=0.0, high=0.4, unit="0 to 1", evidence=Assumed("of 2012's staff, lower end")
    )
    skill_high: float = param(
        0.5, low=0.4, high=0.8, unit="0 to 1", evidence=Assumed("of 2012's staff, upper end")
    )
    institutions_1: float = param(0.6, low=0.3, high=0.9, unit="0 to 1", evidence=Assumed("first echelon"))
    institutions_2: float = param(0.45, low=0.2, high=0.8, unit="0 to 1", evidence=Assumed("second echelon"))
    institutions_3: float = param(0.35, low=0.1, high=0.7, unit="0 to 1", evidence=Assumed("third echelon"))


TOPIC = Topic("start", StartParams)
