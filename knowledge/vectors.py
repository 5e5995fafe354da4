"""Vectors as unit rows of float32, and as the bytes in which the relational store keeps them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from knowledge.errors import WrongVector

Vectors = NDArray[np.float32]


def unit_rows(rows: ArrayLike) -> Vectors:
    """`rows` [n, d] scaled to length 1 each, so that a dot product is a cosine; a zero row stays zero."""
    matrix = np.asarray(rows, dtype=np.float32)
    lengths = np.linalg.norm(matrix, axis=-1, keepdims=True)
    scaled: Vectors = (matrix / np.maximum(lengths, 1e-12)).astype(np.float32)
    return scaled


def to_bytes(vector: ArrayLike) -> bytes:
    """One vector [d] as little-endian float32, four bytes a number."""
    return np.asarray(vector, dtype="<f4").tobytes()


def from_bytes(stored: Sequence[bytes], dimension: int) -> Vectors:
    """Stored vectors as one matrix [n, dimension].

    Raises WrongVector when one of them has another length.
    """
    for one in stored:
        if len(one) != dimension * 4:
            raise WrongVector(dimension, len(one) // 4)
    matrix = np.frombuffer(b"".join(stored), dtype="<f4").reshape(len(stored), dimension)
    return matrix.astype(np.float32)
