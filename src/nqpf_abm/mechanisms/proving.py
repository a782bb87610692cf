"""A proof-of-concept centre: a university sees its projects through the valley of death (M51).

Seed 003 §5.1 asks for centres that test what laboratories found before firms are asked to take it over; Hayter and Link
(2015) find more start-ups at American universities after they opened one. In a university with a centre a project
between TRL 4 and 6 advances faster, for eighteen months at most. The centre is paid from the university's own budget,
so that it creates fewer achievements; and of what was proven in a centre and is used in the province, a part is used by
firms its inventors found.
"""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Checked, Mechanism, SeedClaim, Topic, param
from nqpf_abm.mechanisms.uptake import uptake
from nqpf_abm.numerics.jit import rule


@dataclass(frozen=True, kw_only=True)
class ProvingParams(Checked):
    """What a centre does, for how long, and what it costs."""

    uptake: float = uptake("a centre")
    gain: float = param(
        1.0, low=0.0, high=2.0, unit="1", symbol="b",
        evidence=Assumed("the hazard of advance at TRL 4 to 6 rises by it; direction from Hayter & Link 2015"),
    )  # fmt: skip
    cap: float = param(
        6.0, low=2.0, high=12.0, unit="quarters", evidence=SeedClaim("a project is supported for 18 months", "003 §5.1")
    )  # fmt: skip
    cost: float = param(
        0.05, low=0.0, high=0.2, unit="share", evidence=Assumed("of a university's research, spent on the centre instead")
    )  # fmt: skip
    founding: float = param(
        0.05, low=0.0, high=0.2, unit="firms/conversion",
        evidence=Assumed("founded on what was proven: a tenth of entrants over the conversions of 2012"),
    )  # fmt: skip
    half: float = param(
        0.5, low=0.1, high=2.0, unit="achievements/quarter",
        evidence=Assumed("of a university to which a centre is worth half of what it can be"),
    )  # fmt: skip


@rule
def proving_factor(level, tested, gain, cap):
    """Factor on the hazard of a project in a centre, ``1 + b`` at TRL 4 to 6 until it was tested for `cap` quarters.

    By hand: level 5, b=1: 2 in its first six quarters, 1 later; level 7: 1.
    """
    return 1.0 + gain if 4 <= level <= 6 and tested < cap else 1.0


@rule
def worth_proving(created, half, orientation, need):
    """What a centre would bring a university, ``a/(a + a₀) · min(1, o/n)``, 0 to 1.

    created  a, achievements/quarter, in proportion to its budget;  orientation  o towards engineering
    need     n, the orientation that firms around it need: whoever looks at papers alone has little to prove

    By hand: a = a₀ and o = n give ½, o = n/2 gives ¼.
    """
    return created / (created + half) * min(orientation / need, 1.0)


TOPIC = Topic(
    "proving",
    ProvingParams,
    (
        Mechanism(
            "M51",
            "Proof-of-concept centre",
            layer="D",
            seed="003 §5.1",
            claim="more achievements are converted, and more firms are founded",
            neutral="no university has a centre",
        ),
    ),
)
