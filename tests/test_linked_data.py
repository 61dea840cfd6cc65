"""What search engines read of a page."""

import json

import pytest
from builders import ledger, page, record, root_artifacts, section_artifacts, site, theme
from tilepress.ledger import settle
from tilepress.linked_data import graph
from tilepress.render import page_artifact
from tilepress.root import Root

SITE = site("title: X & Y\nbase_url: https://x.de\nlogo: logo.svg")
LOOK = theme(**dict.fromkeys(("project", "page", "section", "home"), "{{ page.json_ld }}"))


def nodes(text: bytes) -> dict[str, dict[str, object]]:
    """The things that a text of JSON-LD speaks of, by type."""
    return {node["@type"]: node for node in json.loads(text)["@graph"]}


def test_page_says_what_it_is():
    """A project is a creative work of the organisation, with its times, its people and its picture."""
    found = page(title="Über", date="2024-01-02", lastmod="2025-01-02", people="[A]", img="x.jpg", kategorien="[B]", tags="[C]")
    work = nodes(page_artifact(found, [found], SITE, LOOK).body)["CreativeWork"]
    assert (work["name"], work["datePublished"], work["dateModified"], work["image"], work["keywords"], work["contributor"]) == (
        "Über",
        "2024-01-02T00:00:00+00:00",
        "2025-01-02T00:00:00+00:00",
        "https://x.de/files/x.jpg",
        "B, C",
        [{"@type": "Person", "name": "A"}],
    )


def test_page_in_no_folder_is_a_web_page():
    """An imprint is no creative work; the way to it starts at the home page."""
    found = page(key="content/impressum.md", title="Impressum")
    things = nodes(page_artifact(found, [found], SITE, LOOK).body)
    assert [step["name"] for step in things["BreadcrumbList"]["itemListElement"]] == ["X & Y", "Impressum"]  # type: ignore[attr-defined]
    assert "WebPage" in things


def test_organisation_has_its_logo():
    """The organisation is named with its logo."""
    found = page()
    assert nodes(page_artifact(found, [found], SITE, LOOK).body)["Organization"]["logo"] == "https://x.de/files/logo.svg"


def test_lists_and_home_page_say_what_they_are():
    """An overview is a collection, the home page a web page."""
    lists = section_artifacts(settle(ledger(a=record("a", categories=("B",))), (), 0, 240), SITE, LOOK)
    names = [nodes(found.body)["CollectionPage"]["name"] for found in lists if found.key.endswith("index.html")]
    home = next(found for found in root_artifacts(Root(), SITE, LOOK) if found.key == "index.html")
    assert (names, nodes(home.body)["WebPage"]["name"]) == (["Projekte", "B"], "X & Y")


@pytest.mark.parametrize("text", ["</script>", "<!--", "&amp;", "'"])
def test_nothing_ends_the_script_element(text):
    """Whatever a title holds, it stays a text in JSON."""
    found = str(graph(SITE, "de", {"@type": "Thing", "name": text}))
    assert not {"<", ">", "&", "'"} & set(found)
    assert nodes(found.encode())["Thing"]["name"] == text


def test_site_without_an_address_says_nothing():
    """Whole addresses need a base_url."""
    assert graph(site(), "de") == ""
