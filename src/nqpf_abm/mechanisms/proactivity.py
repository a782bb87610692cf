"""When employees act beyond their job, and what becomes of their ideas (M08, M09, M45)."""

from __future__ import annotations

from dataclasses import dataclass

from nqpf_abm.declare import Assumed, Calibrated, Checked, Literature, Mechanism, Topic, param, row_phase
from nqpf_abm.mechanisms.equity import own_stake
from nqpf_abm.mechanisms.spirit import RAUCH, STRENGTH
from nqpf_abm.mechanisms.units import layers_to_climb
from nqpf_abm.numerics.draws import binomial, logistic_number, lognormal, normal, poisson, stream, uniform
from nqpf_abm.numerics.jit import rule
from nqpf_abm.numerics.mathx import exp, logistic, power
from nqpf_abm.state.paths import M56
from nqpf_abm.state.tables import IDEA_QUEUE, N_TRAITS

ACT = stream("proactivity.act")
RAISE = stream("proactivity.raise")
SCREEN = stream("proactivity.screen")
WORTH = stream("proactivity.worth")


@dataclass(frozen=True, kw_only=True)
class ProactivityParams(Checked):
    """Thresholds of behaviour, and the climb of ideas."""

    contagion: float = param(
        0.5, low=0.0, high=1.0, unit="1", symbol="ω",
        evidence=Assumed("weight of the team's acting share (threshold model, Granovetter 1978)"),
    )  # fmt: skip
    noise: float = param(
        0.07,
        low=0.035,
        high=0.2,
        unit="1",
        symbol="η",
        evidence=Calibrated("spread of the threshold, " + STRENGTH, RAUCH),
    )
    threshold_mean: float = param(
        0.8, low=0.6, high=0.9, unit="0 to 1", symbol="θ",
        evidence=Assumed("at .70 six teams of ten saturate in a coupled run; .80 leaves all three states alive"),
    )  # fmt: skip
    autonomy_effect: float = param(
        0.3, low=0.0, high=0.6, unit="1", symbol="b_a",
        evidence=Assumed("threshold lowered by autonomy; meta-analytic correlation of empowering leadership with "
        "employees' behaviour is .31 (Kim, Beehr & Prewett 2018); the strength is not fitted to it"),
    )  # fmt: skip
    threshold_sd: float = param(
        0.1, low=0.0, high=0.2, unit="0 to 1", evidence=Assumed("spread between persons")
    )
    ideas_per_act: float = param(
        0.1,
        low=0.025,
        high=0.2,
        unit="1/quarter",
        symbol="ν",
        evidence=Calibrated("one idea in ten acts, " + STRENGTH, RAUCH),
    )
    screen_pass: float = param(
        0.7, low=0.5, high=0.9, unit="probability", symbol="g",
        evidence=Literature("series screening; the level is assumed", "Sah & Stiglitz 1986"),
    )  # fmt: skip
    layer_delay: float = param(
        1.0, low=0.0, high=1.15, unit="quarters/layer", symbol="d", evidence=Assumed("a quarter a layer")
    )
    decay: float = param(
        0.1, low=0.05, high=0.2, unit="1/quarter", symbol="δ_q", evidence=Assumed("ideas age")
    )
    upward: float = param(
        0.05,
        low=0.0,
        high=0.15,
        unit="1/quarter",
        symbol="κ_U",
        evidence=Assumed("leaders learn from accepted ideas"),
    )
    idea_value: float = param(
        0.2,
        low=0.0,
        high=0.4,
        unit="log points x employees",
        symbol="q",
        evidence=Calibrated("of the median accepted idea, " + STRENGTH, RAUCH),
    )
    idea_sd: float = param(
        0.5, low=0.0, high=1.0, unit="log", evidence=Assumed("lognormal spread of idea value")
    )


@rule
def acting_probability(orientation, acting_share, threshold, contagion, noise):
    r"""Probability of proactive behaviour, :math:`σ((\bar x + ω·share - θ)/η)` (E4; Granovetter 1978).

    By hand: x̄=.5, share=.5, θ=.75, ω=.5, η=.1 gives σ(0) = .5. People act by `drive_to_act`, which comes to the same.
    """
    return logistic(drive_to_act(orientation, acting_share, threshold, contagion, noise))


@rule
def drive_to_act(orientation, acting_share, threshold, contagion, noise):
    r"""Drive to proactive behaviour, :math:`(\bar x + ω·share - θ)/η`, in units of its noise (E4).

    A person acts if a standard logistic number falls below it, so with `acting_probability`.

    By hand: x̄=.6, share=.5, θ=.75, ω=.5, η=.1 gives 1.
    """
    return (orientation + contagion * acting_share - threshold) / noise


@rule
def eased_threshold(threshold, autonomy, usual, effect):
    """Threshold of proactive behaviour under a team's autonomy, ``θ - b_a (a - ā)``.

    By hand: θ=.75, a=.8, ā=.6, b_a=.3 gives .69. The form is our assumption.
    """
    return threshold - effect * (autonomy - usual)


@rule
def acceptance_probability(screen_pass, layers):
    """Probability that an idea passes every layer, ``g^ℓ`` (Sah & Stiglitz 1986).

    By hand: g=.7, ℓ=2 gives .49.
    """
    return power(screen_pass, layers)


@rule
def idea_worth(value, decay, wait):
    """Worth of an idea after waiting, ``q exp(-δ_q w)``; `wait` in quarters (E5)."""
    return value * exp(-decay * wait)


@row_phase(
    "employees",
    mechanisms="M08 M56 M102",
    writes="is_proactive",
    draws="proactivity.act",
    lot=ACT,
    form=logistic_number,
)
def act_proactively(i, s, p, key, luck):
    """Employees act beyond the job when spirit and the acting share of the team pass their threshold."""
    person = s.employees[i]
    if person.firm < 0:
        person.is_proactive = 0
        return
    q = p.proactivity
    mean = (person.orientation[0] + person.orientation[1] + person.orientation[2]) / 3.0
    contagion = q.contagion if p.on.M08 else 0.0
    team = s.teams[person.team]
    threshold = eased_threshold(
        person.threshold, team.autonomy, p.leadership.neutral_style, q.autonomy_effect
    )
    if p.equity.uptake > 0.0 and s.firms[person.firm].paths[M56] > 0:
        threshold -= p.equity.effort * own_stake(s, person.firm, person.tier, p)
    drive = drive_to_act(mean, team.proactive_share, threshold, contagion, q.noise)
    person.is_proactive = 1 if luck < drive else 0


@row_phase(
    "firms",
    mechanisms="M09 M45 M58",
    writes="ideas accepted idea_queue idea_gain log_tfp",
    draws="proactivity.raise proactivity.screen proactivity.worth",
)
def screen_ideas(i, s, p, key):
    """Ideas of last quarter's proactive staff climb the layers; accepted ones raise productivity later (E5)."""
    firm = s.firms[i]
    q = p.proactivity
    firm.ideas = poisson(q.ideas_per_act * firm.n_proactive, uniform(key, firm.uid, RAISE, 0))
    layers = layers_to_climb(firm, p)
    firm.accepted = binomial(
        firm.ideas,
        acceptance_probability(q.screen_pass, float(layers)),
        uniform(key, firm.uid, SCREEN, 0),
    )
    now = int(key.quarter) % IDEA_QUEUE
    if p.on.M09 and firm.accepted > 0:
        wait = layers * q.layer_delay
        value = q.idea_value * firm.accepted * lognormal(normal(key, firm.uid, WORTH, 0), 0.0, q.idea_sd)
        arrival = (now + min(int(wait), IDEA_QUEUE - 1)) % IDEA_QUEUE
        firm.idea_queue[arrival] += idea_worth(value, q.decay, wait) / max(firm.staff, 1.0)
    firm.idea_gain = firm.idea_queue[now]
    firm.log_tfp += firm.idea_gain
    firm.idea_queue[now] = 0.0


@row_phase("entrepreneurs", mechanisms="M09", writes="orientation")
def learn_from_below(i, s, p, key):
    """A leader whose staff's ideas were accepted moves towards the staff that acts (E5)."""
    e = s.entrepreneurs[i]
    firm = s.firms[e.firm]
    if p.on.M09 and firm.accepted > 0 and firm.n_proactive > 0.0:
        for k in range(N_TRAITS):
            e.orientation[k] += p.proactivity.upward * (firm.proactive_mean[k] - e.orientation[k])


TOPIC = Topic(
    "proactivity",
    ProactivityParams,
    (
        Mechanism(
            "M08",
            "Proactive change behaviour",
            layer="A",
            seed="000 §3.3",
            claim="without contagion the bimodality of teams' acting shares vanishes",
            neutral="employees do not look at the share of their team that acts",
        ),
        Mechanism(
            "M09",
            "Bottom-up emergence: ideas, upward influence, spin-offs",
            layer="A",
            seed="000 §3.3, 5.2.1",
            claim="off, the non-founder share of value is zero",
            neutral="ideas of employees are worth nothing, teach leaders nothing and found no firms",
        ),
        Mechanism(
            "M45",
            "Bureaucratic layers",
            layer="C",
            seed="003 §4.3",
            claim="from six layers to one, acceptance rises from .12 to .70 and delay falls from 18 months to 3",
            neutral="every idea is screened once, whatever the layers of the firm",
        ),
    ),
)
