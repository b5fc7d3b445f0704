"""Which code and which packages a page came from."""

from importlib.metadata import version
from subprocess import CalledProcessError, run

import pandas as pd

PACKAGES = ("snakemake", "librosa", "audiomentations", "numpy", "pandas", "pyarrow", "scipy")


def commit() -> str | None:
    """Return the git commit of the working directory; None outside a checkout."""
    try:
        head = run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
        changes = run(["git", "status", "--porcelain"], capture_output=True, text=True, check=True)
    except (OSError, CalledProcessError):
        return None
    return head.stdout.strip() + (" with uncommitted changes" if changes.stdout else "")


def package_versions(records: pd.DataFrame) -> dict[str, str]:
    """Return the versions of the packages behind the figures.

    Parameters
    ----------
    records : DataFrame
        A row per trained model and fold, with the content of its `fit.json`: its `versions` are
        those of the training, and are preferred to those installed here.
    """
    versions = {package: version(package) for package in PACKAGES}
    for recorded in records["versions"]:
        versions |= recorded
    return versions
