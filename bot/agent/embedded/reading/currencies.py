"""Currencies: their signs, names and minor-unit exponents."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.agent.embedded.reading.vocabulary import listed
from crm_store.currencies import decimals

DOLLARS = listed("USD CAD AUD NZD HKD SGD TWD")
CODES = listed(
    "AED ARS AUD BBD BDT BGN BHD BIF BRL BSD BWP CAD CHF CLP CNY COP CRC CZK DJF DKK DOP DZD EGP ETB EUR GBP "
    "GEL GHS GNF GTQ HKD HNL HRK HUF IDR ILS INR IQD ISK JMD JOD JPY KES KMF KRW KWD KZT LAK LBP LKR LYD MAD "
    "MXN MYR NGN NOK NPR NZD OMR PEN PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SEK SGD THB TND TRY TTD TWD TZS "
    "UAH UGX USD UYU VND VUV XAF XOF XPF ZAR ZMW"
)
# Written in small letters too; the others ("pen", "try", "all") are codes only in capitals.
COMMON_CODES = listed("AUD CAD CHF CNY CZK DKK EUR GBP HKD INR JPY NOK NZD PLN SEK SGD USD ZAR")
_DOLLAR_PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        prefix: code
        for code, prefixes in {
            "USD": "us usd u.s. u.s",
            "AUD": "a au aud",
            "CAD": "c ca can cad",
            "NZD": "nz nzd",
            "HKD": "hk hkd",
            "SGD": "s sg sgd",
            "MXN": "mex mx",
            "TWD": "nt",
            "BRL": "r",
        }.items()
        for prefix in prefixes.split()
    }
)
_PLAIN_SIGNS = (
    "$ USD € EUR £ GBP ¥ JPY ₹ INR ₩ KRW ₽ RUB ₺ TRY ₴ UAH ₪ ILS ₫ VND ₱ PHP ฿ THB ₦ NGN ₡ CRC ₭ LAK ₸ KZT ₾ GEL "
    "fr. CHF sfr. CHF sfr CHF zł PLN kč CZK rs. INR rs INR rmb CNY 元 CNY 円 JPY"
)
SIGNS: Mapping[str, str] = MappingProxyType(
    {f"{prefix}{space}$": code for prefix, code in _DOLLAR_PREFIXES.items() for space in ("", " ")}
    | dict(zip(_PLAIN_SIGNS.split()[::2], _PLAIN_SIGNS.split()[1::2], strict=True))
)
NAMES: Mapping[str, str] = MappingProxyType(
    {
        name: code
        for code, names in {
            "USD": "dollar,dollars,buck,bucks,us dollar,us dollars,u.s. dollar,u.s. dollars,united states dollar,"
            "united states dollars,american dollar,american dollars",
            "EUR": "euro,euros",
            "GBP": "pound,pounds,pounds sterling,pound sterling,british pound,british pounds,quid,sterling",
            "JPY": "yen,japanese yen",
            "CNY": "yuan,chinese yuan,renminbi",
            "INR": "rupee,rupees,indian rupee,indian rupees",
            "CHF": "swiss franc,swiss francs,franken,franc,francs",
            "AUD": "australian dollar,australian dollars,aussie dollars",
            "CAD": "canadian dollar,canadian dollars",
            "NZD": "new zealand dollar,new zealand dollars",
            "HKD": "hong kong dollar,hong kong dollars",
            "SGD": "singapore dollar,singapore dollars",
            "TWD": "taiwan dollar,taiwan dollars,new taiwan dollars",
            "MXN": "mexican peso,mexican pesos,peso,pesos",
            "BRL": "brazilian real,brazilian reais,reais",
            "SEK": "swedish krona,swedish kronor,swedish crowns,krona,kronor",
            "NOK": "norwegian krone,norwegian kroner,norwegian crowns,krone,kroner",
            "DKK": "danish krone,danish kroner,danish crowns",
            "PLN": "zloty,zlotys,zlotych,polish zloty",
            "CZK": "czech koruna,koruna,czech crowns",
            "TRY": "turkish lira,turkish liras,lira,liras",
            "RUB": "ruble,rubles,rouble,roubles,russian rubles,russian ruble",
            "KRW": "korean won,south korean won",
            "ILS": "shekel,shekels",
            "THB": "baht,thai baht",
            "ZAR": "south african rand,rand",
            "HUF": "forint,forints",
            "AED": "dirham,dirhams",
            "KWD": "kuwaiti dinar,kuwaiti dinars",
            "BHD": "bahraini dinar,bahraini dinars",
            "SAR": "riyal,riyals,saudi riyal,saudi riyals",
            "MYR": "ringgit,malaysian ringgit",
            "IDR": "rupiah,rupiahs,indonesian rupiah",
            "VND": "dong,vietnamese dong",
            "PHP": "philippine peso,philippine pesos",
            "ARS": "argentine peso,argentine pesos",
            "CLP": "chilean peso,chilean pesos",
            "COP": "colombian peso,colombian pesos",
            "EGP": "egyptian pound,egyptian pounds",
            "NGN": "naira,nigerian naira",
            "KES": "kenyan shilling,kenyan shillings",
            "UAH": "hryvnia,hryvnias",
            "RON": "romanian leu,romanian lei,lei",
            "BGN": "bulgarian lev,leva",
            "ISK": "icelandic krona",
            "JOD": "jordanian dinar,jordanian dinars",
            "TND": "tunisian dinar,tunisian dinars",
            "IQD": "iraqi dinar,iraqi dinars",
            "QAR": "qatari riyal,qatari riyals",
            "OMR": "omani rial,omani rials",
            "PKR": "pakistani rupee,pakistani rupees",
            "LKR": "sri lankan rupee,sri lankan rupees",
            "BDT": "taka",
            "KZT": "tenge",
        }.items()
        for name in names.split(",")
    }
)
COINS: Mapping[str, str] = MappingProxyType(
    {"cent": "USD", "cents": "USD", "pence": "GBP", "penny": "GBP", "pennies": "GBP"}
)


def exponent(currency: str | None) -> int:
    """How many decimal places the minor unit of a currency has; two when the currency is not known."""
    return 2 if currency is None else decimals(currency)
