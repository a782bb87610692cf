"""How a person's three dimensions of orientation are drawn: alike in part, and apart in part.

Innovativeness, proactiveness and risk-taking go together in most samples, which is why studies use their mean. What
studies measured of that mean and the performance of firms is what the strengths of several laws were set to.
"""

from __future__ import annotations

from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import clip01, sqrt
from nqpf_abm.state.tables import N_TRAITS

STRENGTH = (
    "set with others so that orientation and performance of firms correlate at about .24, as in 51 studies "
    "(experiments/central_claim.py)"
)
RAUCH = "Rauch, Wiklund, Lumpkin & Frese 2009, doi:10.1111/j.1540-6520.2009.00308.x"


@rule
def drawn_trait(mean, sd, common, own, coherence):
    r"""One dimension of orientation, :math:`m + σ(\sqrt{c}\,z_0 + \sqrt{1-c}\,z_k)` within [0, 1].

    mean  m, sd  σ, 0 to 1;  common  z₀ and own  z_k, standard normal;  coherence  c, correlation of any two
    dimensions of a person

    By hand: m=.5, σ=.15, z₀=1, z_k=0, c=.25 gives .575.
    """
    return clip01(mean + sd * (sqrt(coherence) * common + sqrt(1.0 - coherence) * own))


@rule
def orientation_spread(sd, coherence):
    r"""Standard deviation between persons of the mean of the three dimensions, :math:`σ\sqrt{(1+2c)/3}`.

    By hand: σ=.15, c=1 gives .15; c=.25 gives .106.
    """
    return sd * sqrt((1.0 + (N_TRAITS - 1.0) * coherence) / N_TRAITS)
