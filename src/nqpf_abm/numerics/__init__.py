"""Compilation, portable functions and keyed draws: no science here."""
