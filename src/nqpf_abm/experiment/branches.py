"""All scenarios of one seed: what they have in common is run once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nqpf_abm.data.scenario import Scenario, first_difference
from nqpf_abm.ecosystem import Ecosystem
from nqpf_abm.experiment.outcomes import Row, Scored, rows_of
from nqpf_abm.measure import FrozenScale


def differences(scenarios: Sequence[Scenario], base_year: int) -> list[int]:
    """Quarter in which each scenario begins to differ from the first: -1 from the start."""
    return [first_difference(scenarios[0], other, base_year) for other in scenarios[1:]]


def quarters_to_run(scenarios: Sequence[Scenario], base_year: int, horizon: int, burn_in: int) -> int:
    """Quarters that a seed takes, shared ones counted once."""
    since = differences(scenarios, base_year)
    return horizon + burn_in + sum(horizon - q if q >= 0 else horizon + burn_in for q in since)


def run_seed(
    scenarios: Sequence[Scenario], seed: int, settings: Mapping[str, Any], frozen: FrozenScale | None = None
) -> tuple[list[Row], list[str]]:
    """Run every scenario with one seed: their numbers, and in words what failed.

    settings  of `Ecosystem`: until, scale, set, regions
    frozen    scale of the scores; None: that of the shipped regions

    The first scenario is the reference; if it fails there is nothing to compare with. Others branch off where they
    begin to differ.
    """
    reference = Ecosystem(seed, scenarios[0], **settings).settle()
    rows, failed, branches = [], [], {}
    try:
        since = dict(enumerate(differences(scenarios, reference.geography.base_year), 1))
        while reference.quarters_done < reference.horizon:
            for k, quarter in since.items():
                if quarter == reference.quarters_done:
                    branches[k] = reference.branch(scenarios[k])
            reference.step()
        scored = Scored(reference, frozen)
        rows += list(rows_of(scored, scored, seed, scenarios[0].name))
        for k, scenario in enumerate(scenarios[1:], 1):
            model = None
            try:
                model = branches.pop(k, None) or Ecosystem(seed, scenario, **settings)
                rows += list(rows_of(Scored(model.run(), frozen), scored, seed, scenario.name))
            except Exception as error:  # recorded, so that the other runs go on
                failed.append(f"{scenario.name}, seed {seed}: {told(error)}")
            finally:
                if model is not None:
                    model.close()
    except Exception as error:
        failed.append(f"{scenarios[0].name}, seed {seed}: {told(error)}")
    finally:
        for model in (reference, *branches.values()):
            model.close()
    return rows, failed


def told(error: Exception) -> str:
    """An error on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
