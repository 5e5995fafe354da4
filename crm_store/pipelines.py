"""Pipelines and their stages, which everyone in the company may see."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm_store.models import Stage


def stages_beside(session: Session, stage_id: str) -> Sequence[Stage]:
    """The stages of the pipeline that this stage is in, in order; none for an unknown id."""
    pipeline = select(Stage.pipeline_id).where(Stage.id == stage_id).scalar_subquery()
    return session.scalars(select(Stage).where(Stage.pipeline_id == pipeline).order_by(Stage.position)).all()
