"""The process that does what is due: decides in running campaigns and sends what is in the outbox."""

from klantreis.worker.sending import Delivered, send_due
from klantreis.worker.working import Round, tidy, work, work_once

__all__ = ["Delivered", "Round", "send_due", "tidy", "work", "work_once"]
