"""The configuration's JSON schema: what it allows, its defaults, a sentence for each mistake."""

from collections.abc import Iterable
from copy import deepcopy
from functools import cache
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from serfusion import registry
from serfusion.errors import Refusal

SCHEMA_FILE = Path(__file__).parents[2] / "schemas" / "config.schema.yaml"


@cache
def schema() -> dict:
    """Return the frame of the configuration's JSON schema, without the settings of modules."""
    return yaml.safe_load(SCHEMA_FILE.read_text(encoding="utf-8"))


def settings_schema(properties: dict, required: Iterable[str] = ()) -> dict:
    """Return the schema of an entry with these properties and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
        "$defs": schema()["$defs"],
    }


def check_keys(value, place: str = "") -> None:
    """Refuse keys such as 1 and no, which YAML does not take for text."""
    for key, child in value.items() if isinstance(value, dict) else ():
        if not isinstance(key, str):
            raise Refusal(
                f"{place or 'config.yaml'}: the key {key!r} is not text; put it in quotes."
            )
        check_keys(child, f"{place}.{key}".removeprefix("."))


def dereferenced(part: dict) -> dict:
    """Return a part of the schema with the definition that its `$ref` names under its own keys."""
    reference = part.get("$ref")
    return part if reference is None else schema()["$defs"][reference.rpartition("/")[2]] | part


def complete(value: dict, against: dict, place: str) -> None:
    """Refuse `value` unless it fits the schema `against`, then fill in the schema's defaults.

    Parameters
    ----------
    value : dict
        Changed in place.
    against : dict
        A JSON schema with `$defs`.
    place : str
        Where `value` stands in the configuration, for the refusal.

    Raises
    ------
    Refusal
        If a key is unknown or missing, or a value is not allowed.
    """
    error = best_match(Draft202012Validator(against).iter_errors(value))
    if error:
        raise Refusal(_sentence(error, place))
    _fill(value, against)


def _fill(value, against: dict) -> None:
    against = dereferenced(against)
    if isinstance(value, list):
        for child in value:
            _fill(child, against.get("items", {}))
    if not isinstance(value, dict):
        return
    properties = against.get("properties", {})
    for key, property_schema in properties.items():
        whole = dereferenced(property_schema)
        if key not in value and "default" in whole:
            value[key] = deepcopy(whole["default"])
    others = against.get("additionalProperties")
    for key, child in value.items():
        child_schema = properties.get(key, others)
        if isinstance(child_schema, dict):
            _fill(child, child_schema)


def _sentence(error: ValidationError, place: str) -> str:
    where = ".".join([place] * bool(place) + [str(step) for step in error.absolute_path])
    where = where or "config.yaml"
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        unknown = next(key for key in error.instance if key not in known)
        return f"{where}: unknown key {unknown!r}; {registry.hint(unknown, known)}"
    if error.validator == "required":
        missing = next(key for key in error.validator_value if key not in error.instance)
        return f"{where}: the key {missing!r} is missing."
    if "propertyNames" in error.absolute_schema_path:
        return (
            f"{where}: {error.message}; a name has lower-case letters, digits and underscores, "
            "and begins with a letter."
        )
    if error.validator == "anyOf" and "description" in error.schema:
        return f"{where}: {error.instance!r} is not allowed; {error.schema['description']}"
    if error.validator == "type":
        value = "empty" if error.instance is None else repr(error.instance)
        types = error.validator_value
        wanted = types if isinstance(types, str) else " or ".join(types)
        return f"{where}: should be of type {wanted}, but is {value}."
    return f"{where}: {error.message}."
