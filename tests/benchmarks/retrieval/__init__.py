"""How well passages are found, and how fast: ``python -m tests.benchmarks.retrieval --help``."""
