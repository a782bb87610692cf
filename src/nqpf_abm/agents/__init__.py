"""The Mesa shell: an agent is a view of one row, and acts by the same row functions as the columns engine."""
