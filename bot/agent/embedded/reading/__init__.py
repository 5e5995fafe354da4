"""How the embedded model reads time, money and numbers in a message: rules over words, no model and no clock.

- ``times.read_times(text, now, ...)``: days, instants, ranges, durations, times of day and recurrences.
- ``money.read_money(text, default_currency)``: amounts in minor units.
- ``numbers.read_numbers(text)``: counts, percents and ordinals.

Every reading carries the ``spans.Span`` it was found at; ``spans.without`` blanks spans so the rest can be parsed.
Time is a chart grammar (``grammar``) over ``tokens``; each topic module ends in its ``RULES``. To teach a new
phrase, add a rule to the module of its topic and a case to its test.
"""
