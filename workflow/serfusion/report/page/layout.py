"""What every page of the reports has in common."""

import re
from pathlib import Path

import altair as alt
import vl_convert
import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from serfusion import __version__
from serfusion.report.experiment.content import commit
from serfusion.study.resolution import spelled_out

FOLDER = Path(__file__).parent
REPORT = FOLDER.parent
alt.data_transformers.disable_max_rows()

BEHAVIOUR = ("contents.js", "saving.js", "figures.js", "tables.js")
SECTION = re.compile(r'<section id="([^"]+)"[^>]*>\s*<h2[^>]*>(.*?)</h2>', re.DOTALL)


def render_page(template: str, title: str, study: dict | None, **values) -> str:
    """Return a page as one HTML text that needs nothing else.

    Parameters
    ----------
    template : str
        The file in this folder that extends `layout.html`.
    title : str
    study : dict or None
        The part of the resolved configuration that the page speaks of and prints, if it does.
    **values
        What else the template names.
    """
    environment = Environment(
        loader=FileSystemLoader(
            [FOLDER, *(REPORT / page for page in ("experiment", "comparison", "summary"))]
        ),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":"), "sort_keys": True}
    environment.filters["headings"] = headings
    environment.filters["percent"] = lambda value, digits=1: f"{100 * value:.{digits}f}"
    return environment.get_template(template).render(
        title=title,
        study_yaml=study and _printed(study),
        commit=commit(),
        serfusion_version=__version__,
        style=_asset("style.css"),
        scheme=_asset("scheme.js"),
        behaviour="\n".join(map(_asset, BEHAVIOUR)),
        vega=vl_convert.javascript_bundle(
            "window.vegaEmbed = vegaEmbed;", vl_version=_vega_lite_version()
        ),
        **values,
    )


def headings(page: str) -> list[tuple[str, Markup]]:
    """Return the id and the heading of each section of a page that has both, in order."""
    return [(own, Markup(heading).striptags()) for own, heading in SECTION.findall(page)]


def _asset(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _printed(study: dict) -> str:
    return yaml.safe_dump(spelled_out(study), sort_keys=False, default_flow_style=None)


def _vega_lite_version() -> str:
    """Return the major and minor version of Vega-Lite that Altair writes for, such as v6.1."""
    return ".".join(alt.SCHEMA_VERSION.split(".")[:2])
