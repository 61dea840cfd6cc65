"""What is said after a deployment."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from builders import source
from tilepress.dev.stack import Stack
from tilepress.pages import SourceFile

from .conftest import script


@pytest.fixture
def forbidden_embeds() -> Callable[[SourceFile | None, str], list[str]]:
    """The check, from its script."""
    found: Callable[[SourceFile | None, str], list[str]] = script("after_deploy").forbidden_embeds
    return found


@pytest.mark.parametrize(
    ("hosts", "forbidden"),
    [
        ("[video.example, player.vimeo.com]", ["video.example"]),
        ("[a.peertube.example]", []),
        ("[peertube.example]", ["peertube.example"]),
        ("[]", []),
    ],
)
def test_hosts_that_browsers_will_not_show_are_named(forbidden_embeds: Any, stack: Stack, hosts: str, forbidden: list[str]) -> None:
    """Those of site.yaml that the policy lacks, a star standing for any name before it."""
    allowed = stack.template["Parameters"]["EmbedHosts"]["Default"] + " https://*.peertube.example"
    assert forbidden_embeds(source(f"markdown: {{embed_hosts: {hosts}}}", "site.yaml"), allowed) == forbidden


def test_without_settings_there_is_nothing_to_say(forbidden_embeds: Any) -> None:
    """A new stack has no site.yaml yet."""
    assert forbidden_embeds(None, "") == []


def test_a_stack_that_was_declined_has_nothing_to_say(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """SAM ends well when nobody wants its changes; the stack has no outputs then."""
    module = script("after_deploy")
    client = SimpleNamespace(describe_stacks=lambda **_: {"Stacks": [{"StackStatus": "REVIEW_IN_PROGRESS"}]})
    monkeypatch.setattr(module.boto3, "Session", lambda **_: SimpleNamespace(client=lambda _: client))
    monkeypatch.setattr("sys.argv", ["after_deploy.py"])
    assert module.main() == 1
    assert "declined" in capsys.readouterr().out
