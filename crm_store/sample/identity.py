"""Ids of the sample: the same on every machine, whoever loads it and whenever."""

from hashlib import blake2b

_EPOCH_MS = 1_735_689_600_000  # 1 January 2025: any fixed moment keeps the ids shaped like UUIDv7
_SPREAD_MS = 200 * 86_400_000


def sample_id(kind: str, key: str) -> str:
    """The UUIDv7-shaped id of the sample's ``kind`` named ``key``, as in ``sample_id("account", "meridian")``."""
    digest = blake2b(f"{kind}\x1f{key}".encode(), digest_size=16).digest()
    moment = _EPOCH_MS + int.from_bytes(digest[:6]) % _SPREAD_MS
    tail = int.from_bytes(digest[6:]) & ((1 << 74) - 1)
    value = (moment << 80) | (0x7 << 76) | ((tail >> 62) << 64) | (0b10 << 62) | (tail & ((1 << 62) - 1))
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
