"""Authors hear, at the right line, of what came out otherwise than they may have meant."""

import pytest
from builders import page_text, parsed
from tilepress.pages import Severity

HOSTS = "markdown: {embed_hosts: [film.example]}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("a\n\n# B", ("heading-level", 6)),
        ("a\n\nB\n==", ("heading-level", 7)),
        ("a\n<h1>b</h1>", ("heading-level", 5)),
        ('a\n\n<iframe src="https://other.example/1"></iframe>', ("embed-host", 6)),
        ("a\n{{< b >}}", ("shortcode", 5)),
    ],
    ids=["heading", "underlined heading", "heading in HTML", "embed", "shortcode"],
)
def test_warning_is_located(body, expected):
    """It stands at the line of the file that causes it, and the page is published."""
    found = parsed(page_text(body), settings=HOSTS)
    assert [(problem.code, problem.line) for problem in found.problems] == [expected]
    assert found.problems[0].severity is Severity.WARNING
    assert found.pages


@pytest.mark.parametrize("body", ["## B", "```\n# B\n```", '<iframe src="https://film.example/1"></iframe>', "{{ b }}"])
def test_what_is_as_meant_is_not_remarked(body):
    """Headings of lower levels, code, embeds of allowed hosts and mere braces cause no warning."""
    assert parsed(page_text(body), settings=HOSTS).problems == ()
