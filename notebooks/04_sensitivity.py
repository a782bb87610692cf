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
# # A sensitivity study in twenty minutes
#
# A model has numbers that nobody knows. Which of them matter for what we ask, how sure can we be, and how much of what
# comes out is chance? We go through what `nqpf sweep` and `nqpf analyse` do. Run the cells from top to bottom. Open this
# file in Jupyter (with jupytext) or run it with `python notebooks/04_sensitivity.py`.
#
# The world is kept small so that hundreds of runs take seconds, and nothing is calibrated: these are statements about a
# small version of the model, not findings about provinces.

# %%
import tempfile
from pathlib import Path

import numpy as np

from nqpf_abm.sweep import Study
from nqpf_abm.sweep.analysis_report import rank_factors, settled_sentence
from nqpf_abm.sweep.replay import replay
from nqpf_abm.viz import convergence_curves, index_bars, morris_plane, tornado

TEXT = """
title = "what moves output in a small world"
until = 2014
outcomes = ["output", "nqpf"]
replicates = 2
seed = 1

[set]
"start.firms" = 96
"start.least_firms" = 6
"start.universities" = 12
"start.burn_in" = 4

[method]
name = "{method}"
size = {size}
"""
FACTOR = '\n[[factor]]\nparameter = "{}"\n'
FACTORS = (
    "market.consume_income", "market.markup_plan", "leadership.openness", "proactivity.contagion", "finance.payout",
    "demography.entry",
)  # fmt: skip

folder = tempfile.TemporaryDirectory()
HERE = Path(folder.name)


def study(name, method, size, factors):
    """A study file, read back as the command would read it."""
    file = HERE / f"{name}.toml"
    file.write_text(
        TEXT.format(method=method, size=size) + "".join(map(FACTOR.format, factors)), encoding="utf-8"
    )
    return Study.load(file)


# %% [markdown]
# ## 1. Write the study down (2 minutes)
#
# A study is a file: scenario, outcomes, what is shared (`[set]`), a design and factors, each over its declared range. The
# design of Morris walks through the space and moves one factor at a time, from many places.

# %%
screening = study("screening", "morris", 8, FACTORS)
print(screening.n_rows, "rows, two runs each, of", len(screening.factors), "factors")

# %% [markdown]
# **Exercise 1.** Eight trajectories of six factors: why 56 rows?

# %% [markdown]
# ## 2. Run it (2 minutes)
#
# Every run is on disk as it ends. Running the study again does nothing, and any run can be repeated bit for bit.

# %%
tables = screening.run(HERE / "screening", jobs=1)
again = screening.run(HERE / "screening", jobs=1)
print("nothing was run twice:", tables.outcomes.equals(again.outcomes))
seventh = replay(HERE / "screening", 7)
print("run 7 repeated, the same bit for bit:", seventh["same"])

# %% [markdown]
# ## 3. Which factors matter? (4 minutes)
#
# µ* is the mean size of the effect of moving a factor over its range, σ how much that effect differs from place to place.

# %%
found = tables.analyse(resamples=100)
output = found.indices[(found.indices["outcome"] == "output") & (found.indices["target"] == "mean")]
order = rank_factors(output, "mu_star")
print(
    output[output["index"] == "mu_star"][["factor", "value", "low", "high"]].round(1).to_string(index=False)
)

# %%
morris_plane(output, outcome="output", unit=tables.units["output"])

# %%
tornado(found.tornado[found.tornado["outcome"] == "output"], outcome="output", unit=tables.units["output"])

# %% [markdown]
# **Exercise 2.** A factor has a large µ* and a σ as large. What does that say, and why would its mean effect with its sign
# (µ) mislead?

# %% [markdown]
# ## 4. How much is chance? (3 minutes)
#
# Replicate r has seed + r in every row, so that differences between rows do not differ by luck. What is left of the variance
# is told apart: of factors, and of seeds.

# %%
shares = found.summary.set_index("outcome")[["parametric", "noise"]]
print(shares.round(2))

# %% [markdown]
# **Exercise 3.** Which outcome says more about the seed than about the factors? What follows for the number of replicates?

# %% [markdown]
# ## 5. Were there enough rows? (3 minutes)

# %%
verdicts = found.verdicts.set_index("outcome", drop=False)
for row in verdicts.itertuples():
    print(f"{row.outcome}: {settled_sentence(row)}")

# %%
convergence_curves(found.convergence[found.convergence["outcome"] == "output"], outcome="output")

# %% [markdown]
# **Exercise 4.** Widths of intervals fall with the root of the number of rows. How many times as many rows halve a width?

# %% [markdown]
# ## 6. Shares of variance of those that survive (4 minutes)
#
# Screening is cheap and coarse. The first three factors go on to Sobol's indices: S1 is the share of variance of a factor
# alone, ST that with all its interactions.

# %%
survivors = order[:3]
closer = study("closer", "sobol", 32, survivors)
shared = closer.run(HERE / "closer", jobs=1).analyse(outcomes=["output"], resamples=100)
sobol = shared.indices[shared.indices["target"] == "mean"]
wide = sobol.pivot(index="factor", columns="index", values="value")[["S1", "ST"]]
print(wide.round(2))

# %%
index_bars(sobol, ("S1", "ST"), outcome="output")

# %% [markdown]
# **Exercise 5.** What would S1 adding up to 1 say about interactions? And what does an ST near 0 allow you to do?

# %% [markdown]
# ## Answer key
#
# 1. A trajectory takes a row where it begins and one per factor: $8 \times (6 + 1) = 56$.
# 2. The effect depends on where one stands: curvature or interaction. Effects of both signs cancel in µ, not in µ*.
# 3. That with the larger share of noise; its mean over replicates needs more of them before factors can be told apart.
# 4. Four times.
# 5. There are none: the outcome is a sum of functions of single factors. A factor with ST near 0 may be fixed anywhere in
#    its range without changing the outcome, for this outcome and these ranges.

# %% [markdown]
# The last cell checks what the key says, so that it stays true when the model changes.

# %%
assert screening.n_rows == 56 and len(tables.outcomes) == 112
assert tables.outcomes.equals(again.outcomes) and seventh["same"]
assert shares.loc["nqpf", "noise"] > shares.loc["output", "noise"]
first = output[output["index"] == "mu_star"].set_index("factor")["value"]
assert first[order[0]] > 2 * first[order[-1]]
assert wide["ST"].sum() > 0.8 and np.isfinite(wide.to_numpy()).all()
assert (wide["ST"] > wide["S1"] - 0.25).all()
folder.cleanup()
