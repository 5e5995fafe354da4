"""Reports: typed questions to the record and the exact numbers that answer them."""

from crm_store.currencies import amount_text, decimals
from crm_store.reports.money import Rates
from crm_store.reports.period_names import compared_with, resolve
from crm_store.reports.periods import Days, ReportSettings
from crm_store.reports.result import Kept, ReportColumn, ReportResult, ReportRow, Unconverted
from crm_store.reports.run import drill_down, run
from crm_store.reports.spec import AllOf, AnyOf, Condition, Filter, Keep, NotThis, Order, ReportSpec, Span
from crm_store.reports.subjects import SUBJECTS, measure_names

__all__ = [
    "SUBJECTS", "AllOf", "AnyOf", "Condition", "Days", "Filter", "Keep", "Kept", "NotThis", "Order", "Rates", "ReportColumn",
    "ReportResult", "ReportRow", "ReportSettings", "ReportSpec", "Span", "Unconverted", "amount_text", "compared_with",
    "decimals", "drill_down", "measure_names", "resolve", "run",
]  # fmt: skip
