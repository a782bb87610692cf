"""A study of eight rows, six of them different, that takes a second or two."""

TINY = """
title = "tiny"
until = 2013
outcomes = ["nqpf", "output"]
replicates = 2
seed = 3

[set]
"start.firms" = 96
"start.least_firms" = 6
"start.universities" = 12
"start.burn_in" = 4

[method]
name = "sobol"
size = 2

[[factor]]
parameter = "leadership.openness"

[[factor]]
switch = "M06"
"""
