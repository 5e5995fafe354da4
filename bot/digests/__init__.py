"""Summaries for managers and reps, made of typed reports alone: a week, what changed, where a quarter stands.

Each module has one builder that reads through the session it is given and returns a :class:`~bot.agent.turn.Found`,
so that the same words come from a question in Slack and from a scheduled digest."""
