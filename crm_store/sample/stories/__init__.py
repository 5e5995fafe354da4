"""The hand-written stories, each of one account; together they hold what a sales team meets in a year."""

from crm_store.sample.forms import Story
from crm_store.sample.stories.agenda import AGENDA
from crm_store.sample.stories.decisions import DECISIONS
from crm_store.sample.stories.people_matters import PEOPLE_MATTERS
from crm_store.sample.stories.promises import PROMISES
from crm_store.sample.stories.renewals import RENEWALS

STORIES: tuple[Story, ...] = (*RENEWALS, *PROMISES, *DECISIONS, *PEOPLE_MATTERS, *AGENDA)
