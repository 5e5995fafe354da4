"""How many digits a currency's minor unit has (ISO 4217), in one place: whoever reads, writes or shows an amount asks
here, because two tables that differ write an amount a hundred times too large."""

NO_DECIMALS = frozenset(
    ["BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"]
)
THREE_DECIMALS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])


def decimals(currency: str) -> int:
    """Digits after the point: 2 for most currencies, 0 or 3 for a few."""
    return 0 if currency in NO_DECIMALS else 3 if currency in THREE_DECIMALS else 2


def amount_text(amount_minor: int, currency: str) -> str:
    """``EUR 84,000``, with the minor part only when there is one."""
    digits = decimals(currency)
    whole, part = divmod(abs(amount_minor), 10**digits)
    tail = f".{part:0{digits}d}" if part else ""
    return f"{currency} {'-' if amount_minor < 0 else ''}{whole:,}{tail}"
