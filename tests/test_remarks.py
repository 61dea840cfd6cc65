"""Authors hear, at the right line, of what came out otherwise than they may have meant."""

import pytest
from builders import page_text, parsed
from tilepress.pages import Severity

HOSTS = "base_url: https://eigen.example\nmarkdown: {embed_hosts: [film.example]}"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("a\n\n# B", ("heading-level", 6)),
        ("a\n\nB\n==", ("heading-level", 7)),
        ("a\n<h1>b</h1>", ("heading-level", 5)),
        ('a\n\n<iframe src="https://other.example/1"></iframe>', ("embed-host", 6)),
        ("a\n{{< b >}}", ("shortcode", 5)),
        ("a\n\n![B](https://other.example/b.png) ![C](https://other.example/c.png)", ("picture-elsewhere", 6)),
        ('a\n\n<video controls src="//other.example/b.mp4"></video>', ("picture-elsewhere", 6)),
        ('a\n<video src="/b.mp4" controls poster="HTTP://other.example/b.png"></video>', ("picture-elsewhere", 5)),
        ("a\n\n![](x.png)", ("alt", 6)),
        ("a\n<img src='/x y.png' alt=' '>", ("alt", 5)),
        ("![gut](x.png)\n![ ](b.png)", ("alt", 5)),
        ("b.png ist da.\n\n![gut](b.png)\n\n![](b.png)", ("alt", 8)),
        ("a\n\n![](<ä b.png>)", ("alt", 6)),
        ("## A\n\n#### B\n\n#### C", ("heading", 6)),
        ("## A\n\n### B\n\n## A\n\n#### C *d*", ("heading", 10)),
        ("a\n\nLorem ipsum dolor.", ("placeholder", 6)),
        ("a\n\n<!-- TODO -->\n\nNoch: **TBD**", ("placeholder", 8)),
    ],
    ids=[
        "heading",
        "underlined heading",
        "heading in HTML",
        "embed",
        "shortcode",
        "image of another host",
        "film of another host",
        "poster of another host",
        "image",
        "image in HTML",
        "second image",
        "image that is shown twice",
        "image with an umlaut",
        "heading skips a level",
        "heading skips a level later",
        "placeholder",
        "emphasized placeholder",
    ],
)
def test_warning_is_located(body, expected):
    """It stands at the line of the file that causes it, and the page is published."""
    found = parsed(page_text(body), settings=HOSTS)
    assert [(problem.code, problem.line) for problem in found.problems] == [expected]
    assert found.problems[0].severity is Severity.WARNING
    assert found.pages


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"img": "x.png"}, [("alt", 3)]),
        ({"img_header": "x.png"}, [("alt", 3)]),
        ({"img": "x.png", "img_alt": "Ein X"}, []),
        ({"subtitle": "TODO"}, [("placeholder", 3)]),
        ({"cta_text": "'![](x.png) TBD'"}, [("alt", 3), ("placeholder", 3)]),
        ({"more_text": "'[x](/y/)'"}, []),
    ],
)
def test_texts_in_fields_are_looked_at(fields, expected):
    """A subtitle, a call, where to read on, and what an image shows are an author's text as well."""
    assert [(problem.code, problem.line) for problem in parsed(page_text(**fields)).problems] == expected


@pytest.mark.parametrize("key", ["content/_index.md", "content/projekte/_index.md", "content/projekte/_index.en.md"])
def test_openings_of_home_and_overviews_are_looked_at(key):
    """What most readers see first is looked at like a page."""
    found = parsed(page_text("TODO ![](/files/x.png)", img_header="x.png"), key, "languages: [de, en]")
    assert [(problem.code, problem.line) for problem in found.problems] == [("alt", 3), ("alt", 5), ("placeholder", 5)]


@pytest.mark.parametrize(
    "body",
    [
        "## A\n\n### B\n\n## C",
        "Methodologie.",
        "Todo el mundo.",
        "Ein Platzhalter ist ein Zeichen.",
        "<!-- TODO --> Text.",
        "![Ein X](x.png)",
        "![Ein X](https://Eigen.example/x.png)",
        '```html\n<img src="https://other.example/x.png">\n```',
        "[Ein X](https://other.example/x.png)",
        "## B",
        "```\n# B\n```",
        '<iframe src="https://film.example/1"></iframe>',
        "{{ b }}",
    ],
)
def test_what_is_as_meant_is_not_remarked(body):
    """Headings of lower levels, code, embeds of allowed hosts and mere braces cause no warning."""
    assert parsed(page_text(body), settings=HOSTS).problems == ()
