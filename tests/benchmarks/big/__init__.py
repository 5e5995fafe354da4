"""An invented company of any size, the same for the same seed; :mod:`tests.benchmarks.generate` writes it to a database."""
