"""The library's loggers, kept from writing what comes over the wire into our log."""

from __future__ import annotations

import logging

from cockpit.adapters.foreign_text import clean

_LOGGERS = (
    "ib_async",
    "ib_async.client",
    "ib_async.Decoder",
    "ib_async.wrapper",
    "ib_async.ib",
    "eventkit",
    "eventkit.event",
)
_LONGEST = 200


class ShortAndClean(logging.Filter):
    """Cuts and cleans a record's text, and drops the traceback: both can hold whole frames."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let the record pass, shortened."""
        record.msg, record.args = clean(record.getMessage(), _LONGEST), None
        record.exc_info = record.exc_text = None
        return True


_FILTER = ShortAndClean()


def quieten_library() -> None:
    """Let the library log warnings only, short and clean; doing it again changes nothing."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.addFilter(_FILTER)
