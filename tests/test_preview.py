"""A page before it is published, for those who are given its address; and the site that knows nothing of it."""

import re

import pytest
from builders import memory_cloud, page_text, theme
from tilepress.errors import GiveUp
from tilepress.ports import Cloud
from tilepress.preview import PREVIEWS, SECONDS_MAX, previews, seconds_of
from tilepress.resync import resync

KEY = "content/projekte/geheim.md"
PAGE = (
    "<html><head></head>{{ page.title }} {{ page.body }} {% for l in page.languages %}{{ l.lang }} {% endfor %}"
    '<link rel="stylesheet" href="{{ site.assets["style.css"] }}"><a href="/projekte/">x</a>'
)
THEME = theme(project=PAGE, page=PAGE)
FILES = {
    "site.yaml": "base_url: https://x.de\n",
    KEY: page_text("![i](/files/i.svg) ![j](/files/fehlt.svg)", draft="true", title="Geheim"),
    "content/projekte/geheim.en.md": page_text(draft="true", title="Secret"),
    "content/projekte/_index.md": page_text(),
    "content/projekte/offen.md": page_text(),
    "static/files/i.svg": "<svg/>",
}


@pytest.fixture
def cloud() -> Cloud:
    """A site with a draft in two languages."""
    return memory_cloud(FILES)


def html(cloud: Cloud, lang: str = "de") -> str:
    """The draft's preview."""
    return next(one.artifact.body.decode() for one in previews(KEY, cloud, THEME)[0] if one.lang == lang)


def test_a_draft_is_rendered_in_all_its_languages(cloud: Cloud) -> None:
    """By the very renderer."""
    assert ("Geheim" in html(cloud), "Secret" in html(cloud, "en"), "de en" in html(cloud)) == (True, True, True)


def test_what_is_not_due_yet_is_rendered() -> None:
    """As a draft is."""
    later = memory_cloud(FILES | {KEY: page_text(publishDate="2999-01-01", title="Später")})
    assert "Später" in html(later)


def test_it_stands_by_itself(cloud: Cloud) -> None:
    """Style and images are within it; what is not to be had, and where links lead, is the site's."""
    text = html(cloud)
    assert sorted(re.findall(r'(?:src|href)="([^"]{8})', text)) == ["/files/f", "/projekt", "data:ima", "data:tex", "https://"]


def test_no_search_engine_and_no_cache_keeps_it(cloud: Cloud) -> None:
    """Should an address get about all the same."""
    (one, _), _ = previews(KEY, cloud, THEME)
    assert ('name="robots" content="noindex' in one.artifact.body.decode(), one.artifact.cache_control) == (True, "private, no-store")


def test_the_site_knows_nothing_of_it(cloud: Cloud) -> None:
    """It is kept where the CDN may not read; a resync leaves it alone, and derives nothing from it."""
    resync(cloud, THEME)
    before = {seen.key for seen in cloud.site.list()}
    for one in previews(KEY, cloud, THEME)[0]:
        cloud.site.put(one.artifact)
    report = resync(cloud, THEME)
    kept = {seen.key for seen in cloud.site.list()} - before
    assert (report.put, report.deleted, len(kept)) == ({}, {}, 2)
    assert all(key.startswith(PREVIEWS) for key in kept)


def test_a_mistake_is_told() -> None:
    """In the place of a page."""
    found, problems = previews(KEY, memory_cloud(FILES | {KEY: "---\ntitle: [\n---\n"}), THEME)
    assert ({one.lang for one in found}, {one.file for one in problems}) == ({"en"}, {KEY})


@pytest.mark.parametrize("key", ["content/projekte/nirgends.md", "content/projekte/_index.md", "site.yaml"])
def test_what_is_no_page_has_no_preview(cloud: Cloud, key: str) -> None:
    """It says so."""
    with pytest.raises(GiveUp):
        previews(key, cloud, THEME)


@pytest.mark.parametrize(("said", "seconds"), [("30m", 1800), ("12h", 43200), ("7d", SECONDS_MAX)])
def test_a_time_is_read(said: str, seconds: int) -> None:
    """Minutes, hours, days."""
    assert seconds_of(said) == seconds


@pytest.mark.parametrize("said", ["", "d", "0d", "8d", "-1d", "1w", "²d"])
def test_what_is_no_time_is_refused(said: str) -> None:
    """Nor more than S3 signs."""
    with pytest.raises(GiveUp):
        seconds_of(said)


def test_code_that_shows_html_stays_as_it_is_written() -> None:
    """What is no address is none in a preview either."""
    code = '`<img src="/files/i.svg" srcset="/a 2x">`'
    found = html(memory_cloud(FILES | {KEY: page_text(code, draft="true")}))
    assert '&lt;img src="/files/i.svg" srcset="/a 2x"&gt;' in found
