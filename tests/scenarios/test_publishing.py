"""Files are uploaded, events delivered, and the site is what a clean build of the sources gives: through the real handler."""

import random
import re

import pytest
from tilepress.feeds import FEED_PAGES, SPARE_PAGES

from .conftest import Stage, differing, event, example_files, project

OGP = "content/projekte/ogp.md"


def test_an_upload_is_a_page_a_tile_and_an_overview(stage: Stage) -> None:
    """One Markdown file, and the page, the manifest and the overview are there."""
    stage.publish({OGP: project("Open Gov Netzwerk")})
    assert {"projekte/ogp/index.html", "projekte/index.html", "projekte/tiles.json", "tiles.json", "index.html", "404.html"} <= stage.site().keys()


def test_the_example_uploaded_is_the_example_built(stage: Stage) -> None:
    """Every file of the example uploaded, in an order of chance and in bursts: the same bytes as a build."""
    files = list(example_files().items())
    random.Random(7).shuffle(files)  # noqa: S311 - an order, not a secret
    for start in range(0, len(files), 15):
        stage.publish(dict(files[start : start + 15]))
    assert differing(stage.site(), stage.clean_build()) == []


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_single_uploads_does_not_show(stage: Stage, seed: int) -> None:
    """File by file, each event by itself, in several orders: the same bytes as a build."""
    files = [(key, body) for key, body in example_files(below="content/projekte/").items() if key < "content/projekte/h"]
    files.append(("site.yaml", example_files(below="site.yaml")["site.yaml"]))
    random.Random(seed).shuffle(files)  # noqa: S311 - as above
    for key, body in files:
        stage.publish({key: body})
    assert differing(stage.site(), stage.clean_build()) == []


def test_what_pages_ask_for_is_there(stage: Stage) -> None:
    """Style sheet, scripts, feeds: whatever the head of a page names stands in the site bucket. A build could lack it as well."""
    stage.publish({OGP: project("Ogp"), "site.yaml": "title: X\nbase_url: https://x.example\n"})
    site = stage.site()
    for key in ("index.html", "projekte/index.html", "projekte/ogp/index.html"):
        head = site[key].decode().partition("</head>")[0]
        asked = re.findall(r'<(?:link|script)[^>]* (?:href|src)="(?:https://x\.example)?/([^"]*)"', head)
        assert any(name.startswith("assets/style.") for name in asked)
        assert [name for name in asked if (f"{name}index.html" if name.endswith("/") or not name else name) not in site] == []


def test_a_lost_asset_comes_back_with_a_resync(stage: Stage) -> None:
    """An edit takes the assets for granted; a resync looks."""
    stage.publish({OGP: project("Ogp")})
    style = next(key for key in stage.site() if key.startswith("assets/style."))
    stage.aws.s3.delete_object(Bucket=stage.aws.site_bucket, Key=style)
    stage.call({"resync": True})
    assert style in stage.site()


def test_a_deleted_file_is_gone_with_every_mention(stage: Stage) -> None:
    """Page, tile and links go; what remains is a build of the rest."""
    stage.publish({OGP: project("Ogp"), "content/projekte/ogp.en.md": project("Ogp English"), "content/projekte/b.md": project("B")})
    stage.remove(OGP)
    stage.deliver()
    site = stage.site()
    assert [key for key, body in site.items() if b"/projekte/ogp/" in body and not key.startswith("en/")] == []
    assert differing(site, stage.clean_build()) == []


def test_a_section_that_loses_its_last_page_is_gone(stage: Stage) -> None:
    """Its overview and manifest go, and the home page no longer mentions it."""
    stage.publish({OGP: project("Ogp"), "content/blog/a.md": project("A")})
    stage.remove("content/blog/a.md")
    stage.deliver()
    assert differing(stage.site(), stage.clean_build()) == []
    assert not [key for key in stage.site() if key.startswith("blog/")]


def test_publishing_what_is_published_writes_nothing(stage: Stage) -> None:
    """The same bytes again, and a repeated event: requests that read, and none that writes the site."""
    stage.publish(example_files(below="content/projekte/r") | example_files(below="static/files/logo"))
    stage.requests.clear()
    for name in example_files(below="content/projekte/r"):
        stage.call({"keys": [name]})
    writes = {name: count for (name, where), count in stage.requests.items() if where == "site"}
    assert writes == {}
    assert stage.requests.total() > 0


def test_a_resync_of_what_is_published_writes_nothing(stage: Stage) -> None:
    """The daily check of a site in order changes nothing."""
    stage.publish(example_files())
    stage.requests.clear()
    stage.call(event("resync"))
    assert [name for (name, where) in stage.requests if where == "site"] == []


def test_an_edit_changes_its_own_section_only(stage: Stage) -> None:
    """Of two sections, an edit in one leaves every object of the other untouched."""
    stage.publish({OGP: project("Ogp"), "content/blog/a.md": project("A")})
    before = stage.aws.s3.head_object(Bucket=stage.aws.site_bucket, Key="blog/index.html")["LastModified"]
    versions = len(stage.aws.s3.list_object_versions(Bucket=stage.aws.site_bucket, Prefix="blog/")["Versions"])
    stage.publish({OGP: project("Ogp, anders")})
    assert stage.aws.s3.head_object(Bucket=stage.aws.site_bucket, Key="blog/index.html")["LastModified"] == before
    assert len(stage.aws.s3.list_object_versions(Bucket=stage.aws.site_bucket, Prefix="blog/")["Versions"]) == versions


def test_new_settings_reach_every_page(stage: Stage) -> None:
    """An upload of site.yaml renders the whole site again."""
    stage.publish({"site.yaml": "title: Alt\n", OGP: project()})
    stage.publish({"site.yaml": "title: Neuer Name\n"})
    assert b"Neuer Name" in stage.site()["projekte/ogp/index.html"]
    assert differing(stage.site(), stage.clean_build()) == []


def test_new_data_reaches_the_pages_that_use_it(stage: Stage) -> None:
    """A corrected name in data/team.yaml is corrected on the page."""
    stage.publish({"data/team.yaml": "ada: {name: Ada Falsch}\n", OGP: project(contact_person="ada")})
    stage.publish({"data/team.yaml": "ada: {name: Ada Richtig}\n"})
    assert "Ada Richtig" in stage.site()["projekte/ogp/index.html"].decode()


def test_broken_settings_leave_the_site_as_it_was(stage: Stage) -> None:
    """A site.yaml with a mistake publishes nothing and deletes nothing; mended, it catches up."""
    stage.publish({"site.yaml": "title: Gut\n", OGP: project()})
    before = stage.site()
    stage.publish({"site.yaml": "title: [kaputt\n", "content/projekte/neu.md": project("Neu")})
    assert stage.site() == before
    stage.publish({"site.yaml": "title: Wieder gut\n"})
    assert differing(stage.site(), stage.clean_build()) == []


def test_an_image_is_copied_as_it_is(stage: Stage) -> None:
    """A static file has its bytes, its content type, and goes when it is deleted."""
    stage.publish({"static/files/a b+c.svg": b"<svg/>"})
    found = stage.aws.s3.get_object(Bucket=stage.aws.site_bucket, Key="files/a b+c.svg")
    assert (found["Body"].read(), found["ContentType"]) == (b"<svg/>", "image/svg+xml")
    stage.remove("static/files/a b+c.svg")
    stage.deliver()
    assert "files/a b+c.svg" not in stage.site()


@pytest.mark.parametrize(("kind", "expected"), [("html", "text/html; charset=utf-8"), ("json", "application/json; charset=utf-8")])
def test_headers_follow_the_kind(stage: Stage, kind: str, expected: str) -> None:
    """Pages and manifests say what they are, and that browsers should ask again."""
    stage.publish({OGP: project()})
    key = {"html": "projekte/ogp/index.html", "json": "projekte/tiles.json"}[kind]
    found = stage.aws.s3.head_object(Bucket=stage.aws.site_bucket, Key=key)
    assert (found["ContentType"], "max-age=0" in found["CacheControl"]) == (expected, True)


def test_a_draft_is_nowhere(stage: Stage) -> None:
    """No page, no tile; and a page that becomes a draft goes."""
    stage.publish({OGP: project("Geheimes"), "content/projekte/b.md": project("B")})
    stage.publish({OGP: project("Geheimes", draft=True)})
    assert [key for key, body in stage.site().items() if b"Geheimes" in body] == []


def test_a_slug_that_changes_leads_on_and_is_retired(stage: Stage) -> None:
    """The former address redirects to the new one at once."""
    stage.publish({OGP: project(slug="alt")})
    stage.publish({OGP: project(slug="neu")})
    assert b"/projekte/neu/" in stage.site()["projekte/alt/index.html"]


def test_an_alias_leads_to_its_page_from_any_section(stage: Stage) -> None:
    """Aliases within and outside of the page's section both lead to it."""
    stage.publish({OGP: project(aliases=["/projekte/frueher/", "/blog/2019/ogp/"])})
    site = stage.site()
    assert all(b"/projekte/ogp/" in site[key] for key in ("projekte/frueher/index.html", "blog/2019/ogp/index.html"))
    assert differing(site, stage.clean_build()) == []


def test_two_files_for_one_address_settle_and_the_loser_moves_up(stage: Stage) -> None:
    """The smaller key has the address, whichever came first; when it goes, the other has it."""
    stage.publish({"content/projekte/b.md": project("Zweite", slug="x")})
    stage.publish({"content/projekte/a.md": project("Erste", slug="x")})
    assert b"Erste" in stage.site()["projekte/x/index.html"]
    stage.remove("content/projekte/a.md")
    stage.deliver()
    assert b"Zweite" in stage.site()["projekte/x/index.html"]


def test_a_page_in_no_folder_yields_to_an_overview(stage: Stage) -> None:
    """`content/projekte.md` has /projekte/ only as long as there is no section of that name."""
    stage.publish({"content/projekte.md": project("Nur eine Seite")})
    assert b"Nur eine Seite" in stage.site()["projekte/index.html"]
    stage.publish({OGP: project("Ogp")})
    assert b"Nur eine Seite" not in stage.site()["projekte/index.html"]
    stage.remove(OGP)
    stage.deliver()
    assert b"Nur eine Seite" in stage.site()["projekte/index.html"]
    assert differing(stage.site(), stage.clean_build()) == []


def test_a_translation_shows_in_both_languages(stage: Stage) -> None:
    """A translation that comes is linked from its original, and one that goes is not."""
    stage.publish({OGP: project("Ogp")})
    stage.publish({"content/projekte/ogp.en.md": project("Ogp")})
    assert b"/en/projekte/ogp/" in stage.site()["projekte/ogp/index.html"]
    stage.remove("content/projekte/ogp.en.md")
    stage.deliver()
    assert b"/en/projekte/ogp/" not in stage.site()["projekte/ogp/index.html"]


def test_a_resync_deletes_what_nothing_explains(stage: Stage) -> None:
    """An object that somebody left in the site bucket goes with the next resync, and nothing else does."""
    stage.publish({OGP: project()})
    stage.aws.s3.put_object(Bucket=stage.aws.site_bucket, Key="projekte/waise/index.html", Body=b"x")
    stage.call(event("resync"))
    assert differing(stage.site(), stage.clean_build()) == []


def test_a_resync_restores_what_is_missing(stage: Stage) -> None:
    """A page and an overview that went missing are back."""
    stage.publish({OGP: project()})
    for key in ("projekte/ogp/index.html", "projekte/index.html"):
        stage.aws.s3.delete_object(Bucket=stage.aws.site_bucket, Key=key)
    stage.call(event("resync"))
    assert differing(stage.site(), stage.clean_build()) == []


def test_an_empty_source_listing_deletes_nothing(stage: Stage) -> None:
    """A resync that finds no source at all refuses, since that is more likely a fault than a wish."""
    from tilepress.errors import GiveUp

    stage.publish({OGP: project()})
    stage.remove(OGP)
    before = stage.site()
    with pytest.raises(GiveUp):
        stage.call(event("resync"))
    assert stage.site() == before


ADDRESSED = "title: T\nbase_url: https://x.de\n"


def test_a_category_has_a_page_as_long_as_a_page_has_the_category(stage: Stage) -> None:
    """A category's page comes with the first page that has it, and goes with the last, or with its becoming a draft."""
    stage.publish({"site.yaml": ADDRESSED, "content/projekte/a.md": project("A", kategorien=["Bildung"])})
    assert "projekte/kategorie/bildung/index.html" in stage.site()
    stage.publish({"content/projekte/b.md": project("B", kategorien=["bildung"]), "content/projekte/a.md": project("A")})
    assert b"/projekte/b/" in stage.site()["projekte/kategorie/bildung/index.html"]
    stage.publish({"content/projekte/b.md": project("B", kategorien=["Bildung"], draft=True)})
    assert "projekte/kategorie/bildung/index.html" not in stage.site()


def test_a_feed_is_complete_when_a_page_moves_up(stage: Stage) -> None:
    """When the newest pages go, the feed has the full text of the page that comes in at its end."""
    days = range(1, FEED_PAGES + SPARE_PAGES + 2)
    files = {f"content/projekte/p{day}.md": project(f"P{day}", f"Text {day}.", date=f"2024-01-{day:02}") for day in days}
    stage.publish({"site.yaml": ADDRESSED} | files)
    assert b"Text 1." not in stage.site()["projekte/index.xml"]
    for day in days[FEED_PAGES:]:
        stage.remove(f"content/projekte/p{day}.md")
    stage.deliver()
    assert all(b"Text 1." in stage.site()[f"projekte/{name}"] for name in ("index.xml", "atom.xml", "feed.json"))
    assert not list(differing(stage.site(), stage.clean_build()))


def test_what_was_deleted_by_hand_comes_with_a_resync(stage: Stage) -> None:
    """A run trusts its ledgers for what is derived; a resync looks at what is there."""
    stage.publish({"site.yaml": ADDRESSED, "content/projekte/a.md": project("A", kategorien=["Bildung"])})
    stage.aws.s3.delete_object(Bucket=stage.aws.site_bucket, Key="projekte/kategorie/bildung/index.html")
    stage.call({"resync": True})
    assert "projekte/kategorie/bildung/index.html" in stage.site()
