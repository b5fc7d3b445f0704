"""The messages of a job, in its log file and on the terminal."""

import logging
import sys
from pathlib import Path

from serfusion.errors import Refusal

logger = logging.getLogger("serfusion")


def start(log_file: str | Path) -> None:
    """Send the messages of this job to `log_file` and to standard error.

    From then on, an uncaught `Refusal` or `PermissionError` ends the job with a single sentence,
    and any other error with its full traceback.
    """
    formatter = logging.Formatter("%(asctime)s %(message)s", datefmt="%H:%M:%S")
    for handler in (
        logging.FileHandler(log_file, mode="w"),
        logging.StreamHandler(sys.stderr),
    ):
        handler.setFormatter(formatter)
        logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").addHandler(logger.handlers[0])
    sys.excepthook = _log_uncaught


def _log_uncaught(kind, error, traceback) -> None:
    if issubclass(kind, Refusal):
        logger.error("Refused: %s", error)
    elif issubclass(kind, PermissionError):
        logger.error("Refused: %s cannot be written or read: permission denied.", error.filename)
    else:
        logger.error("The job failed.", exc_info=(kind, error, traceback))
