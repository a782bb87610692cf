"""A subsidy of improvement paths: firms are paid for following one, so that more do (M105, of our own).

The catalogue's scenario S27 has the paths of layer D subsidised and names no instrument that does so. Here a firm is paid a
voucher per employee for each path it follows; of the part meant for firms, what nobody claims is not spent. The fit of a
path is read as what it would bring the firm over that and its cost together, of which cost the subsidy bears a part. How
great a part is assumed, not reckoned from the money: paths have no price in the model that it could be set against.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, Topic, param
from nqpf_abm.numerics.jit import routine, rule
from nqpf_abm.policy.costs import unit_cost
from nqpf_abm.state.instruments import M105
from nqpf_abm.state.paths import N_PATHS


@dataclass(frozen=True, kw_only=True)
class SubsidyParams(Checked):
    """Cost, and what money does to the choice."""

    unit_cost: float = unit_cost(0.1)
    borne: float = param(
        0.5, low=0.0, high=1.0, unit="share", symbol="b",
        evidence=Assumed("of a path's cost to the firm, borne by the subsidy at full strength; not reckoned from its money"),
    )  # fmt: skip


@rule
def subsidised_fit(fit, borne, strength):
    """What a path brings over that and the cost left to the firm, ``f/(f + (1 - b e)(1 - f))``, 0 to 1.

    By hand: f=.4, b=.5, e=1 give .4/(.4 + .3) = .571; what brings nothing is not followed for money.
    """
    left = (1.0 - borne * strength) * (1.0 - fit)
    return fit / (fit + left) if fit > 0.0 else 0.0


@rule
def voucher(delivered, weight, staff, paths):
    """What a firm is paid per employee for following a path, ``D/(w n k)``; 10^6 yuan/quarter.

    delivered  D, 10^6 yuan for the province;  weight  w, firms that a firm stands for
    staff      n, of all its firms;  paths  k, that there are: if all firms follow all of them, all the money is spent

    By hand: D=10, w=2, n=50, k=5 give .02.
    """
    return delivered / (weight * staff * paths) if staff > 0.0 else 0.0


@routine
def support_of_paths(s, firm):
    """What the firm is paid this quarter for following improvement paths, 10^6 yuan."""
    delivered = s.governments[firm.province].delivered[M105]
    if delivered <= 0.0:
        return 0.0
    followed = 0
    for k in range(N_PATHS):
        followed += 1 if firm.paths[k] > 0 else 0
    province = s.provinces[firm.province]
    staff = province.n_firms * province.mean_staff
    return followed * firm.staff * voucher(delivered, province.weight, staff, N_PATHS)


TOPIC = Topic(
    "subsidy",
    SubsidyParams,
    (
        Mechanism(
            "M105",
            "Subsidy of improvement paths",
            layer="E",
            seed="003 §5; S27",
            claim="more firms follow the paths, and provinces are the better for it",
            neutral="nobody is paid for following a path, whatever is planned",
        ),
    ),
)
