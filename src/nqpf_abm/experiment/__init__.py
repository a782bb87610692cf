"""Experiments: many runs that share their luck, and what their differences say."""
