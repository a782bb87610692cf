# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # A policy experiment in twenty minutes
#
# Something is changed from a date on. What does it do to new quality productive forces (NQPF), how sure are we, and
# would another way of scoring say the same? We go step by step through what `nqpf compare` does. Run the cells from top
# to bottom. Open this file in Jupyter (with jupytext) or run it with `python notebooks/03_policy_experiment.py`.
#
# Nothing here is calibrated: these are statements about the model, not findings about provinces.

# %%
import tempfile
from pathlib import Path

import numpy as np
from scipy.stats import t

from nqpf_abm import Ecosystem
from nqpf_abm.data.scenario_file import load_scenario
from nqpf_abm.experiment.compare import compare
from nqpf_abm.experiment.compare_report import sentence
from nqpf_abm.experiment.outcomes import OUTCOMES
from nqpf_abm.experiment.stopping import confidence_sequence
from nqpf_abm.experiment.study import study
from nqpf_abm.viz.effects import effect_bands, forest

SEEDS = 8  # more seeds, more certainty

# %% [markdown]
# ## 1. Write the scenario down (3 minutes)
#
# A scenario is a file. It inherits (`extends`), says what is expected *before* anything is run, and changes one thing.
# Here the quality of institutions rises by .1 at the beginning of 2016 (quarter 16), once. Levers of government stand in
# `[[policy]]` blocks (instrument, strength, from, until, echelons), what nobody knows in `[set]`, shocks in `[[event]]`.

# %%
TEXT = """
extends = "baseline"
title = "better institutions in 2016"
expected = "NQPF higher while they last"
cost = "none is counted"

[[event]]
column = "provinces.institutions"
add = 0.1
at = 16
"""
with tempfile.TemporaryDirectory() as folder:
    file = Path(folder) / "institutions.toml"
    file.write_text(TEXT, encoding="utf-8")
    better = load_scenario(file)
baseline = load_scenario("baseline")
print(better.title, "| expected:", better.expected)

# %% [markdown]
# **Exercise 1.** Why is the expectation written into the file, and not into the paper afterwards?

# %% [markdown]
# ## 2. One past, two futures (3 minutes)
#
# History until 2016 is the same in both, so it is run once. `branch` gives a second model with the same past and
# another future. Draws are keyed by who draws, when and what for, so that the same seed is the same luck in both.

# %%
past = Ecosystem(seed=1, scenario=baseline, until=2018).settle()
while past.quarters_done < 16:
    past.step()
branch = past.branch(better).run()
past.run()
whole = Ecosystem(seed=1, scenario=better, until=2018).run()
print("a branch ends where a whole run of its scenario ends:", branch.state_hash() == whole.state_hash())

gdp = {
    name: m.results.series.groupby(["year", "quarter"])["gdp"].sum()
    for name, m in (("a", past), ("b", branch))
}
gap = (gdp["b"] / gdp["a"] - 1).round(6)
print(gap.loc[2015:2016])

# %% [markdown]
# **Exercise 2.** How large is the difference before 2016, and why is it not just small?

# %% [markdown]
# ## 3. Many pairs (4 minutes)
#
# One seed is an anecdote. We take several, and one primary outcome chosen beforehand; all others are corrected for their
# number (Holm 1979).

# %%
plan = study([baseline, better], seeds=SEEDS, until=2018, primary="nqpf_window")
found = compare(plan)
overall = found.effects[found.effects["province"] == ""]
for row in overall.itertuples():
    print("primary:" if row.primary else "-", sentence(row, "baseline"))

# %%
forest(found.effects, {o.name: o.title for o in OUTCOMES if not o.per_province}, reference="baseline")

# %%
effect_bands(found.runs, reference="baseline", since=plan.first)

# %% [markdown]
# **Exercise 3.** In the upper panel the bands of the two scenarios lie on each other; in the lower one the band is far
# from zero at first. Which of the two is about the policy?

# %% [markdown]
# ## 4. What pairing is worth (3 minutes)

# %%
primary = overall.iloc[0]
print(f"variance taken off by shared luck: {primary['variance_reduction']:.4f}")
print(f"more runs that independent seeds would need: {primary['runs_saved']:,.0f}")

# %% [markdown]
# **Exercise 4.** Scenarios of 8 seeds differ by $d$ with variance $v_d$; each alone varies with $v$. How many independent
# runs per scenario give the same standard error?

# %% [markdown]
# ## 5. Stop when it is enough, without fooling oneself (4 minutes)
#
# Looking at Student's interval after every seed, and stopping when zero is outside, finds effects that are not there.
# A confidence sequence holds at all numbers of seeds at once. Two thousand studies of nothing, at most 60 seeds each:

# %%
x = np.random.default_rng(1).normal(size=(2000, 60))
n = np.arange(1, 61)
mean = np.cumsum(x, axis=1) / n
spread = np.sqrt(np.maximum(np.cumsum(x**2, axis=1) / n - mean**2, 1e-12) * n / np.maximum(n - 1, 1))
half = t.ppf(0.975, np.maximum(n - 1, 1)) * spread / np.sqrt(n)
looks = slice(4, None)
fooled = (np.abs(mean) > half)[:, looks].any(axis=1).mean()
low, high = confidence_sequence(x)
fooled_not = ((low > 0) | (high < 0))[:, looks].any(axis=1).mean()
print(
    f"an effect of nothing is 'found' in {fooled:.0%} of studies by peeking, in {fooled_not:.1%} by the sequence"
)

# %% [markdown]
# **Exercise 5.** `nqpf compare baseline mine.toml --until-ci 0.002 --max-seeds 100` stops by such a sequence. What is the
# price of being allowed to look?

# %% [markdown]
# ## 6. The index is part of the result (3 minutes)
#
# Entropy weights come from the data, so a policy may change the *weights*. On the frozen scale they cannot; on scales
# that each run makes for itself the effect is the sum of what agents do and what new weights do.

# %%
index = found.index[found.index["province"] == ""]
parts = index.pivot(index="scale", columns="part", values="difference")[
    ["effect", "behaviour", "reweighting"]
]
print(parts.round(5))

# %% [markdown]
# **Exercise 6.** On which scale would you compare policies, and what does the other one teach?

# %% [markdown]
# ## Answer key
#
# 1. With many outcomes something always moves; an expectation that was written down first can fail.
# 2. It is exactly zero: the two share their past bit for bit, not only in the mean.
# 3. The lower one. The upper bands show how much seeds differ, which is luck that both scenarios share.
# 4. $2v/m = v_d/8$, so $m = 16 v/v_d$; pairing saves runs where $v_d < 2v$.
# 5. The interval is wider than Student's for the same seeds; in return the number of seeds may depend on what was seen.
# 6. On the frozen one, for there a point means the same in both scenarios. The others show how much of an effect that is
#    published on its own scale would be the scale.

# %% [markdown]
# The last cell checks what the key says, so that it stays true when the model changes.

# %%
assert branch.state_hash() == whole.state_hash() != past.state_hash()
assert (gap.loc[:2015] == 0).all() and (gap.loc[2016:] != 0).any()
assert primary["outcome"] == "nqpf_window" and primary["low"] > 0
assert primary["variance_reduction"] > 0.5 and primary["runs_saved"] > 0
assert fooled > 0.15 and fooled_not <= 0.05
assert np.allclose(parts["effect"], parts["behaviour"] + parts["reweighting"])
assert parts.loc["frozen", "reweighting"] == 0 != parts.loc["pooled", "reweighting"]
