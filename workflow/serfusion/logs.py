"""What a job tells: to its log file, to the terminal, and in one sentence when it must refuse."""

import logging
import sys
from pathlib import Path

from serfusion.errors import Refusal

logger = logging.getLogger("serfusion")


def start(log_file: str | Path) -> None:
    """Send this job's messages to `log_file` and to standard error.

    A `Refusal` that nobody catches then ends the job with its sentence alone; any other error
    with its full traceback.
    """
    form = logging.Formatter("%(asctime)s %(message)s", datefmt="%H:%M:%S")
    for handler in (
        logging.FileHandler(log_file, mode="w"),
        logging.StreamHandler(sys.stderr),
    ):
        handler.setFormatter(form)
        logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").addHandler(logger.handlers[0])
    sys.excepthook = _report


def _report(kind, error, traceback) -> None:
    if issubclass(kind, Refusal):
        logger.error("Refused: %s", error)
    elif issubclass(kind, PermissionError):
        logger.error("Refused: %s cannot be written or read: permission denied.", error.filename)
    else:
        logger.error("The job failed.", exc_info=(kind, error, traceback))
