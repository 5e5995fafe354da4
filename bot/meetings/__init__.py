"""Meetings: sources -> :class:`~bot.meetings.meeting.Meeting` -> extraction -> review against the record -> proposals.

The upload is the person's word, so the meeting itself is logged at once and can be undone; everything it says is only
proposed. Text of a transcript is data: it can name things, and never decides, confirms or addresses anything.
"""
