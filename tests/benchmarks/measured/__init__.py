"""The questions that :mod:`tests.benchmarks.record` times: our answer, and the same answer from SQL written by hand."""
