"""What a cold start waits for: the libraries that a handler imports beyond what Lambda's boto3 has imported already."""

import subprocess
import sys

import pytest

SAY = """
import sys, boto3
boto3.client("s3", region_name="eu-central-1")
before = set(sys.modules)
import HANDLER
after = {name.partition(".")[0] for name in set(sys.modules) - before if "site-packages" in (getattr(sys.modules[name], "__file__", None) or "")}
print(*sorted(after))
"""
LEAN = {"_yaml", "aws_lambda_powertools", "frontmatter", "jinja2", "markupsafe", "nh3", "typing_extensions", "yaml"}


@pytest.mark.parametrize(("handler", "more"), [("handler", set()), ("search_handler", set()), ("images_handler", {"PIL"})])
def test_a_cold_start_imports_what_every_event_needs_and_no_more(handler: str, more: set[str]) -> None:
    """A library that some pages need waits for the first of them; docs/benchmarks.md says what each of these is for."""
    told = subprocess.run([sys.executable, "-c", SAY.replace("HANDLER", f"tilepress.{handler}")], check=True, capture_output=True, text=True).stdout
    assert set(told.split()) <= LEAN | more
