"""Whether what a hosted model says stands in the tool results of its turn.

- ``evidence.gathered(found, ...)``: the words, figures and days that the turn's tools returned.
- ``claims.unsupported(sentence, evidence)``: what a sentence states that is not among them.
- ``checking.checked(text, evidence)``: the text without the sentences that hold such a thing, and which those were.

Only what can be looked up is checked: amounts, counts, percentages, days, names, addresses and verbatim quotes. A claim
without any of them passes; its citation is what a reader has.
"""
