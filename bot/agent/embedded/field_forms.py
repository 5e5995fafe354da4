"""The words around a field's label that tell a request to set, read, list or report by it; matched against masked text."""

import re

SET = re.compile(
    r"^(?:set|change|update|put|make|mark|flag|record|adjust|switch|correct|raise|lower|increase|decrease|reduce|bump|move|fill in|enter|note)\b"
)
CLEAR = re.compile(r"^(?:clear|empty|remove|delete|reset|unset|blank|wipe)\b")
STATED = re.compile(r"^\s*(?:(?:of|for|at|on) (?:the )?(?:ACCOUNT|DEAL|CONTACT)(?:'s)?(?: deal| account)? )?(?:is now|is|becomes|went (?:up |down )?to|=|:)\s*\S")
OWNED = re.compile(r"(?:\b(?:ACCOUNT|DEAL|CONTACT)(?:'s)?|\b(?:its|their|his|her))(?: current| latest)?(?: deal)?\s*$")
OF = re.compile(r"^\s*(?:of|for|on|at|with|in|does|do|has|have|is)?\s*(?:the )?(?:ACCOUNT|DEAL|CONTACT|(?:case|ticket|order) #?\S*\d|it|this|that|them|they|her|him)\b")
ASKED = re.compile(
    r"^(?:what|which|how|when|who|where|is|are|do|does|show|tell|give|get|see|check|look up|find|read|and|the|ACCOUNT|DEAL|CONTACT|its|their|his|her)\b"
)
BY = re.compile(r"\b(?:by|per|for each|each|across|split by|broken down by|grouped by)\s+(?:the |their |its |account |deal )?$")
MEASURES = (
    ("average", r"\b(?:average|avg|mean|typical)\s+(?:number of |amount of )?$"),
    ("median", r"\bmedian\s+(?:number of |amount of )?$"),
    ("largest", r"\b(?:highest|largest|biggest|maximum|max|most)\s+(?:number of )?$"),
    ("smallest", r"\b(?:lowest|smallest|minimum|min|fewest)\s+(?:number of )?$"),
    ("sum", r"\b(?:total|sum of(?: the)?|combined|overall|how many|how much|number of|all)\s+(?:number of )?$"),
)  # fmt: skip
SUBJECTS = (
    ("deals", r"\b(?:deals?|opportunit(?:y|ies)|pipeline)\b"), ("contacts", r"\b(?:contacts?|people|leads?)\b"),
    ("cases", r"\b(?:cases?|tickets?)\b"), ("orders", r"\b(?:orders?|purchases?)\b"),
    ("accounts", r"\b(?:accounts?|customers?|clients?|compan(?:y|ies)|prospects?|partners?|organi[sz]ations?)\b"),
)  # fmt: skip
JOINED = re.compile(
    r"\b(?:with|whose|where|having|has|have|had|that|which|who|without|lacking|missing|at|of|in|on|under)\b[^,.;]{0,40}$"
)
WITHOUT = re.compile(r"\b(?:without|with no|have no|has no|having no|lacking|missing|do not have|does not have)(?: an?| any| the)?\s*$")
EMPTY = re.compile(r"^\s*(?:is |are )?(?:empty|missing|unknown|blank|not (?:set|filled in|known|recorded))\b")
HOW = (
    ("at_least", r"^\s*(?:is |are |of )?(?:at least|>=|no less than|from)\b|\bor more\b"), ("at_most", r"^\s*(?:is |are |of )?(?:at most|<=|up to|no more than)\b|\bor less\b"),
    ("over", r"^\s*(?:is |are |of )?(?:over|above|more than|greater than|higher than|exceed\w*|>)"), ("under", r"^\s*(?:is |are |of )?(?:under|below|less than|lower than|fewer than|<)"),
    ("before", r"^\s*(?:is |are |falls? |ends? |ending )?(?:before|by|until|earlier than)\b"), ("after", r"^\s*(?:is |are |falls? |ends? |ending )?(?:after|since|from|later than)\b"),
    ("is_not", r"^\s*(?:is |are )?(?:not|other than|!=)\b"),
)  # fmt: skip
MORE_BEFORE = (("over", r"\b(?:more than|over|above)\s+\S+\s*$"), ("under", r"\b(?:less than|fewer than|under|below)\s+\S+\s*$"), ("at_least", r"\bat least\s+\S+\s*$"), ("at_most", r"\b(?:at most|up to)\s+\S+\s*$"))  # fmt: skip
ALL_FIELDS = re.compile(r"\b(?:custom|added|extra|additional|own) fields\b")
BEFORE_LABEL = re.compile(r"([A-Z][\w&-]*(?: (?:&|[A-Z][\w&-]*))*)'s (?:current |latest )?$")
AFTER_LABEL = re.compile(r"\s*(?:of|for|on|at|with|in) (?:the )?([A-Z][\w&-]*(?: (?:&|[A-Z][\w&-]*))*)")
HAS = re.compile(r"^(?:is|are|does|do|has|have|was)\b.*\b(?:ACCOUNT|DEAL|CONTACT|it|they|she|he)\b.*?(?:\b(?:an?|the|any|have|has|had)\s*)$")
NUMBERED = re.compile(r"\b(?:case|ticket|order)\s+#?((?=[\w-]*\d)[\w-]+)")
