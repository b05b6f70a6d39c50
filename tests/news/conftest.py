"""Fixtures that stand with trainings and mail."""

from tests.consultation.test_consultation_mail import kept, smtp_url
from tests.trainings.conftest import publish

__all__ = ["kept", "publish", "smtp_url"]
