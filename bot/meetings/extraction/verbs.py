"""What people undertake in meetings: the verbs of doing something for somebody."""

import re

from bot.meetings.vocabulary import words_in

VERBS = words_in(
    "fill pull dig clear close expedite grab circle "
    "add adjust align answer approve arrange ask attach book bring build calculate call change chase check "
    "choose circulate clarify collect compare complete compile configure confirm connect coordinate count "
    "cover create credit cut decide define deliver demo discuss document download draft email escalate "
    "estimate evaluate explain export extend file finalise finalize find finish fix follow forward gather get "
    "give hand handle import inform install introduce investigate invite involve issue join keep lead let "
    "list look loop mail make match measure meet message migrate move name negotiate notify offer open order "
    "organise organize outline pass pay phone pick ping plan post prepare present print produce provide "
    "publish push put quote raise reach read rebuild refund register reissue remind remove rename replace "
    "reply report request reserve resolve respond return review revise ring run schedule seek select send set "
    "setup share ship show sign sort speak specify start submit summarise summarize supply support switch "
    "talk tell test track train transfer translate update upgrade upload validate verify visit walk work "
    "write take come try redo resend rework scope secure"
)
HANDS_OVER = words_in(
    "send give share show forward get bring email mail hand provide pass offer quote pay credit ask tell write call let"
)
"""Verbs that take whom it is for as their first object."""
COMMON = words_in(
    "send give prepare bring ask make put tell get share check write call take have let come look provide return keep"
)
"""Verbs that say nothing of what it is about."""
PLAIN_ASKS = words_in(
    "send put check write ask tell call book prepare share confirm forward email mail schedule give bring "
    "review sign arrange update add include draft provide make remind invite introduce keep get set talk "
    "speak"
)
"""Verbs that open a request when nothing stands before them ("Send it in three weeks")."""
HABITUAL = words_in(
    "get take run work keep measure read show move start come cut track order make offer involve evaluate "
    "estimate sort support lead speak talk walk try translate supply present produce use plan cover find look "
    "need reach test raise pay"
)
"""Verbs that in the present tense mostly say how things are; they need a day and a summing-up."""
VAGUE = words_in(
    "it that this them those these you me us him her one so do be again also then now here there back up out "
    "on in at for to with and or the a an of by as well just please too about into over off soon later today "
    "still if once when after before what which who how why my your our their his something anything "
    "everything thing things bit little moment minute all both some any more way time good during end day "
    "days week weeks month months two three four five six seven eight nine ten morning afternoon writing know "
    "let until"
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*|\d[\w.,%]*")


def content_words(text: str) -> frozenset[str]:
    """The words that say what it is about, roughly stemmed, so that "answers" and "answer" are one."""
    return frozenset(
        _stem(word) for word in _WORD.findall(text.lower().replace("’", "'")) if word not in VAGUE and len(word) > 1
    )


def plain_form(word: str) -> str | None:
    """The verb an -ing form belongs to ("sending" -> send, "writing" -> write); None when it is none of ours."""
    stem = word.lower().removesuffix("ing")
    doubled = stem[:-1] if len(stem) > 2 and stem[-1] == stem[-2] else stem
    return next((form for form in (stem, stem + "e", doubled) if form in VERBS), None)


def base_form(word: str) -> str | None:
    """The verb a present-tense third person belongs to ("sends" -> send); None when it is none of ours."""
    word = word.lower()
    for ending, put in (("ies", "y"), ("es", ""), ("s", "")):
        if word.endswith(ending) and (found := word.removesuffix(ending) + put) in VERBS:
            return found
    return None


def _stem(word: str) -> str:
    word = word.removesuffix("'s")
    for ending in ("ies", "es", "s", "ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending) + ("y" if ending == "ies" else "")
    return word
