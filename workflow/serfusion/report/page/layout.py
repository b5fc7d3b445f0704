"""The frame of every page: its templates, its style and its scripts, put into one file."""

import re
from pathlib import Path

import altair as alt
import vl_convert
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from serfusion import __version__
from serfusion.report.page import significance, wording
from serfusion.report.page.provenance import commit
from serfusion.study.entries import Study
from serfusion.study.resolution import spelled_out

FOLDER = Path(__file__).parent
SCRIPTS = ("contents.js", "saving.js", "figures.js", "tables.js")
SECTION = re.compile(r'<section id="([^"]+)"[^>]*>\s*<h2[^>]*>(.*?)</h2>', re.DOTALL)

# Altair refuses data of more than 5,000 rows by default; curves of many folds have more.
alt.data_transformers.disable_max_rows()


def render_page(room: str, title: str, study: Study | None, **values) -> str:
    """Return a page as one HTML text that needs nothing else.

    Parameters
    ----------
    room : str
        The folder beside this one whose `page.html` extends `layout.html`.
    title : str
    study : Study or None
        The study, or the part of it, that the page prints; None if it prints none.
    **values
        What else the templates use.
    """
    environment = Environment(
        loader=FileSystemLoader([FOLDER.parent / room, FOLDER]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "sort_keys": True}
    environment.filters |= {
        "counted": wording.counted,
        "headings": headings,
        "listed": wording.listed,
        "p_value": significance.p_value,
        "percent": wording.percent,
        "points": wording.points,
    }
    environment.globals["level"] = significance.LEVEL
    return environment.get_template("page.html").render(
        title=title,
        study_yaml=study and _as_yaml(study),
        commit=commit(),
        serfusion_version=__version__,
        style=_asset("style.css"),
        scheme=_asset("scheme.js"),
        scripts="\n".join(map(_asset, SCRIPTS)),
        vega=vl_convert.javascript_bundle(
            "window.vegaEmbed = vegaEmbed;", vl_version=_vega_lite_version()
        ),
        **values,
    )


def headings(page: str) -> list[tuple[str, Markup]]:
    """Return the id and the heading of each section of a page that has both, in order."""
    return [(name, Markup(heading).striptags()) for name, heading in SECTION.findall(page)]


def _asset(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _as_yaml(study: Study) -> str:
    return yaml.safe_dump(spelled_out(study.resolved), sort_keys=False, default_flow_style=None)


def _vega_lite_version() -> str:
    """Return the major and minor version of Vega-Lite that Altair writes for, such as v6.1."""
    return ".".join(alt.SCHEMA_VERSION.split(".")[:2])
