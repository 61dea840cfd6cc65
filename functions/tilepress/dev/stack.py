"""infra/template.yaml → what it says of its resources, with the parameters filled in. Only as much of CloudFormation as that takes."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tilepress.errors import GiveUp

TEMPLATE = Path(__file__).parents[3] / "infra" / "template.yaml"
"""Beside `functions/` in a checkout."""


class Stack:
    """A template with its parameters: the defaults, and those that are given. `conditions` are those that hold."""

    def __init__(self, template: Mapping[str, Any], given: Mapping[str, str] | None = None, conditions: frozenset[str] = frozenset()) -> None:
        self.template = template
        self._values = {name: str(parameter.get("Default", "")) for name, parameter in template["Parameters"].items()} | dict(given or {})
        self._conditions = conditions

    def properties(self, resource: str) -> Any:
        """A resource's properties, with what the parameters say filled in. What refers to other resources stays as it is."""
        return self._filled(self.template["Resources"][resource]["Properties"])

    def _filled(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._filled(one) for one in value]
        if not isinstance(value, dict):
            return value
        if value.keys() == {"Ref"}:
            return self._values.get(value["Ref"], value)
        if value.keys() == {"Fn::GetAtt"}:
            return self._values.get(".".join(value["Fn::GetAtt"]), value)
        if value.keys() == {"Fn::If"}:
            condition, then, otherwise = value["Fn::If"]
            return self._filled(then if condition in self._conditions else otherwise)
        if value.keys() == {"Fn::Sub"} and isinstance(value["Fn::Sub"], str):
            return re.sub(r"\$\{([\w:.]+)\}", lambda found: self._values.get(found[1], found[0]), value["Fn::Sub"])
        return {name: self._filled(one) for name, one in value.items()}


def read_stack(path: Path = TEMPLATE, given: Mapping[str, str] | None = None, conditions: frozenset[str] = frozenset()) -> Stack:
    """The stack of a template. Raises GiveUp where there is none: the local site is served as the template says."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise GiveUp(f"{path}: {error.strerror}; the site is served as this file says") from error
    return Stack(yaml.load(text, _Loader), given, conditions)  # noqa: S506 - a safe loader, and our own file


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms: `!Sub x` is `{"Fn::Sub": x}`."""


def _short_form(loader: yaml.SafeLoader, name: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]  # there is no fourth kind of node
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {name if name in {"Ref", "Condition"} else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _short_form)
