"""The quarter is data: every phase declared, every mechanism alive, every stream declared."""

import numpy as np

from nqpf_abm.agents.kinds import KINDS
from nqpf_abm.engine.schedule import QUARTER
from nqpf_abm.mechanisms import topics
from nqpf_abm.state.tables import DTYPES, State


def test_every_mechanism_lives_in_a_phase():
    declared = {m.id for topic in topics() for m in topic.mechanisms}
    alive = {mechanism for phase in QUARTER for mechanism in phase.mechanisms}
    assert declared == alive
    wanted = "M01 M05 M06 M07 M08 M13 M28 M30 M31 M32 M39 M43 M103".split()
    assert set(wanted) <= declared


def test_every_phase_says_what_it_does_and_writes():
    assert len({phase.name for phase in QUARTER}) == len(QUARTER)
    for phase in QUARTER:
        assert phase.doc.strip(), phase.name
        assert phase.writes, phase.name
        for written in phase.writes:
            if written == "ledger":
                continue
            table, column = written.split(".")
            assert column == "*" or column in DTYPES[table].names, f"{phase.name}: {written}"
            if not phase.is_collective:
                assert table == phase.kind


def test_every_row_phase_is_a_method_of_its_kind():
    for phase in QUARTER:
        if not phase.is_collective:
            assert callable(getattr(KINDS[phase.kind], phase.name)), phase.name


def test_the_audit_would_see_every_table():
    assert set(DTYPES) <= set(State._fields)
    assert all(np.dtype(dtype).fields for dtype in DTYPES.values())
