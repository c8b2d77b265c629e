"""The process that does what is due: decides in running campaigns and sends what is in the outbox."""

from klantreis.worker.sending import Delivered, send_due
from klantreis.worker.working import Round, work, work_once

__all__ = ["Delivered", "Round", "send_due", "work", "work_once"]
