"""Typed reads, one module per noun. Every function takes a scoped session and returns frozen dataclasses; what the
session's person may not see is neither returned nor counted."""
