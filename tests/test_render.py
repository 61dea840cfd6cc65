"""Pages, ledgers and the root ledger become artifacts."""

import json

import pytest
from builders import ledger, page, record, root_artifacts, section_artifacts, site, theme, tile
from tilepress.artifacts import HTML, JSON, Artifact
from tilepress.derive_root import overview_addresses, root_derived_keys, root_keys
from tilepress.derive_section import section_derived_keys, section_keys
from tilepress.ledger import GroupRecord, Intro, Ledger, Retired, Settled, settle
from tilepress.pages import Html
from tilepress.render import page_artifact
from tilepress.root import Root, Summary

SITE = site(
    """
    title: {de: Beispiel, en: Example}
    description: Eine Seite
    base_url: https://example.org
    logo: logo.svg
    menu:
      - {url: /team/, title: Leute}
      - {url: /projekte/, title: {de: Vorhaben, en: Projects}}
      - {url: "https://x.de", title: X}
      - {url: "/projekte/?kategorie=a#oben", title: Y}
    footer: [{url: /impressum/, title: Impressum}]
    """,
    team="eva: {name: Eva, position: Leitung, position_en: Lead, mail: eva@x.de, img: team/eva.jpg}",
)


def settled(book: Ledger, now: float = 0) -> Settled:
    """A section, settled at this moment."""
    return settle(book, (), now, 240)


def page_shows(expression: str, /, key: str = "content/projekte/ogp.md", **fields: str) -> str:
    """What a page with these fields shows of its context."""
    found = page("*Text*", key=key, **fields)
    return page_artifact(found, [found], SITE, theme(project=f"{{{{ {expression} }}}}", page=f"{{{{ {expression} }}}}")).body.decode()


def overview_shows(expression: str, book: Ledger) -> list[str]:
    """What each language's overview shows of its context."""
    artifacts = section_artifacts(settled(book), SITE, theme(section=f"{{{{ {expression} }}}}"))
    return [artifact.body.decode() for artifact in artifacts if artifact.content_type == HTML]


def home_shows(expression: str, root: Root) -> list[str]:
    """What each language's home page shows of its context."""
    artifacts = root_artifacts(root, SITE, theme(home=f"{{{{ {expression} }}}}", search="", **{"404": ""}))
    return [artifact.body.decode() for artifact in artifacts if artifact.body and artifact.content_type == HTML]


def intro(lang: str = "de", **fields: str) -> GroupRecord:
    """A section's own text."""
    return GroupRecord(intros=(Intro(**{"key": "content/projekte/_index.md", "lang": lang, "title": "Eigener Titel"} | fields),))  # type: ignore[arg-type]


def test_page_stands_at_its_address():
    """A page is HTML at the key of its address, and knows the address quoted."""
    found = page(key="content/projekte/Über uns.md")
    assert page_artifact(found, [found], SITE, theme()) == Artifact("projekte/über-uns/index.html", b"Titel|/projekte/%C3%BCber-uns/", HTML)


@pytest.mark.parametrize(
    ("key", "layout", "template"),
    [
        pytest.param("content/projekte/x.md", "null", "project", id="page of a section"),
        pytest.param("content/x.md", "null", "page", id="page in no folder"),
        pytest.param("content/projekte/x.md", "interview", "interview", id="layout of its own"),
        pytest.param("content/projekte/x.md", "projekte", "project", id="layout that there is not"),
        pytest.param("content/projekte/x.md", "redirect", "project", id="layout that is not for pages"),
    ],
)
def test_page_has_the_template_of_its_kind(key, layout, template):
    """A page is rendered as its section or its layout asks for."""
    found = page(key=key, layout=layout)
    types = {name: name for name in ("project", "page", "interview", "redirect")}
    assert page_artifact(found, [found], SITE, theme(**types)).body.decode() == template


@pytest.mark.parametrize(
    ("expression", "fields", "expected"),
    [
        ("page.description", {"description": "D", "summary": "S"}, "D"),
        ("page.description", {"summary": "S", "subtitle": "U"}, "S"),
        ("page.description", {"subtitle": "U"}, "U"),
        ("page.description", {}, "Text"),
        ("page.body", {}, "<p><em>Text</em></p>"),
        ("page.title", {"title": "'<b>A</b>'"}, "&lt;b&gt;A&lt;/b&gt;"),
        ("page.cta_text", {"cta_text": "'<b>A</b>'"}, "<b>A</b>"),
        ("page.section.url ~ page.section.title", {}, "/projekte/Vorhaben"),
        ("page.image.src", {"img": "a b.jpg"}, "/files/a%20b.jpg"),
        ("page.image is none", {}, "True"),
        ("page.header_image.alt", {"img_header": "a.jpg", "img_alt": "A"}, "A"),
        ("page.header_image.alt ~ page.image.alt", {"img_header": "a.jpg", "img": "b.jpg", "img_alt": "B"}, "B"),
        ("page.website.title", {"website": "https://www.x.de/"}, "x.de"),
        ("page.website is none", {}, "True"),
        ("page.people[0].name ~ page.people[0].role", {"people": "[{name: A, role: B}]"}, "AB"),
        ("page.contacts[0].label", {"contact": "{twitter: a}"}, "@a"),
        ("page.params.lab", {"lab": "Berlin"}, "Berlin"),
        ("page.contact_person is none", {"contact_person": "niemand"}, "True"),
        ("site.title ~ site.home ~ site.logo", {}, "Beispiel//files/logo.svg"),
        ("site.menu | map(attribute='current') | join(' ')", {}, "False True False True"),
        ("site.menu | map(attribute='url') | join(' ')", {}, "/team/ /projekte/ https://x.de /projekte/?kategorie=a#oben"),
        ("site.assets['style.css'].startswith('/assets/style.')", {}, "True"),
        ("text.moved", {}, "Moved"),
    ],
)
def test_template_gets_what_the_page_says(expression, fields, expected):
    """What an author wrote reaches the template: texts as texts, HTML as HTML, addresses quoted."""
    assert page_shows(expression, **fields) == expected


def test_page_in_no_folder_has_no_section():
    """A page in no folder leads back to no overview."""
    assert page_shows("page.section is none", key="content/x.md") == "True"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("site.title ~ site.home", "Example/en/"),
        ("page.section.title ~ page.section.url", "Projects/en/projekte/"),
        ("page.contact_person.position", "Lead"),
        ("page.contact_person.image.src", "/files/team/eva.jpg"),
        ("site.menu[1].url ~ site.menu[1].title", "/en/projekte/Projects"),
    ],
)
def test_translation_is_in_its_language(expression, expected):
    """Everything around a translated page is in its language."""
    assert page_shows(expression, key="content/projekte/ogp.en.md", contact_person="Eva") == expected


def test_page_knows_its_translations_in_the_sites_order():
    """The languages of a page are listed in the order of the settings, itself among them."""
    de, en = page(), page(key="content/projekte/ogp.en.md")
    look = theme(project="{% for l in page.languages %}{{ l.lang }} {{ l.url }} {{ l.current }};{% endfor %}")
    assert page_artifact(en, [en, de], SITE, look).body == b"de /projekte/ogp/ False;en /en/projekte/ogp/ True;"


def test_overview_shows_tiles_further_and_finished_ones():
    """A section's pages are tiles, further ones without a tile, or finished."""
    book = ledger(a=record("a", title="A"), b=record("b", title="B", tile="none"), c=record("c", title="C", tile="none", type="archive"))
    lists = "|".join(f"{name} {{% for tile in page.{name} %}}{{{{ tile.title }}}}{{% endfor %}}" for name in ("tiles", "further", "finished"))
    artifacts = section_artifacts(settled(book), SITE, theme(section=lists))
    assert artifacts[0].body == b"tiles A|further B|finished C"


@pytest.mark.parametrize(
    ("expression", "fields", "expected"),
    [
        ("page.title", {}, "Eigener Titel"),
        ("page.description", {"description": "D", "subtitle": "S"}, "D"),
        ("page.description", {"subtitle": "S"}, "S"),
        ("page.description", {"body": Html("<p>T</p>")}, "T"),
        ("page.body", {"body": Html("<p>T</p>")}, "<p>T</p>"),
        ("page.header_image.src", {"img_header": "/files/x.jpg"}, "/files/x.jpg"),
        ("page.manifest", {}, "/projekte/tiles.json"),
    ],
)
def test_overview_has_the_sections_own_text(expression, fields, expected):
    """What a section says of itself stands on its overview."""
    assert overview_shows(expression, ledger(_index=intro(**fields), a=record("a"))) == [expected]


@pytest.mark.parametrize(
    ("expression", "expected"), [("page.title", "Vorhaben"), ("page.description ~ page.body", ""), ("page.header_image is none", "True")]
)
def test_section_without_a_text_is_called_as_in_the_menu(expression, expected):
    """A section that says nothing of itself is called what links to it are called."""
    assert overview_shows(expression, ledger(a=record("a"))) == [expected]


def test_section_has_an_overview_in_each_of_its_languages():
    """A language in which a section has anything gets an overview that knows the others."""
    book = ledger(a=record("a"), b=record("b", lang="en", address="/en/projekte/b/"), _index=intro("en"))
    assert overview_shows("page.url ~ page.languages | map(attribute='lang') | join", book) == ["/projekte/deen", "/en/projekte/deen"]


def test_manifest_lists_pages_that_hold_their_address():
    """A page that lost its address is not in the manifest."""
    book = ledger(b=record("b", address="/projekte/x/"), a=record("a", address="/projekte/x/"), c=record("c"))
    found = {artifact.key: artifact for artifact in section_artifacts(settled(book), SITE, theme())}["projekte/tiles.json"]
    assert (found.content_type, [one["source"]["key"][-4] for one in json.loads(found.body)["tiles"]]) == (JSON, ["a", "c"])


def test_pages_in_no_folder_have_no_overview():
    """The section of pages in no folder derives redirects and a sitemap only: the home page is the root's."""
    book = Ledger(section="", groups={"x": record("x", aliases=("/alt/",))})
    assert [artifact.key for artifact in section_artifacts(settled(book), SITE, theme())] == ["alt/index.html", "sitemap-pages.xml"]


def test_alias_is_a_redirect_in_the_language_of_its_target():
    """At an alias stands a page that leads on, and says so to the CDN as well, in ASCII."""
    book = ledger(a=record("a", aliases=("/projekte/alt/",), lang="en", address="/en/projekte/ü/"))
    look = theme(redirect="{{ page.url }} {{ page.title }} {{ site.lang }}")
    assert section_artifacts(settled(book), SITE, look)[0] == Artifact(
        "projekte/alt/index.html", b"/en/projekte/%C3%BC/ Moved en", HTML, location="/en/projekte/%C3%BC/"
    )


def test_retired_address_is_a_redirect_for_a_while():
    """A retired address leads on until half of its grace is over."""
    book = Ledger(section="projekte", retired={"/projekte/x/": Retired(0, "/projekte/a/")})
    assert [bool(section_artifacts(settled(book, now), SITE, theme())) for now in (1, 200)] == [True, False]


def test_order_of_groups_never_shows():
    """In whichever order pages came into the ledger, the same bytes come out."""
    groups = {name: record(name, title=name, aliases=(f"/projekte/alt-{name}/",)) for name in "abc"}
    one, other = ledger(**groups), ledger(**dict(reversed(groups.items())))
    assert section_artifacts(settled(one), SITE, theme()) == section_artifacts(settled(other), SITE, theme())


BOOKS = [
    pytest.param(ledger(), id="empty"),
    pytest.param(ledger(a=record("a")), id="one language"),
    pytest.param(ledger(a=record("a"), _index=intro("en")), id="two languages"),
    pytest.param(Ledger(section="", groups={"x": record("x")}), id="no folder"),
]


@pytest.mark.parametrize("book", BOOKS)
def test_what_a_section_derives_is_known_by_key(book):
    """The keys that a section derives are those of its artifacts, and among those that it may derive."""
    found = {artifact.key for artifact in section_artifacts(settled(book), SITE, theme())}
    assert found == section_derived_keys(settled(book), SITE) <= section_keys(book.section, SITE)


ROOT = Root(
    sections={
        "projekte": {"de": Summary(count=2, tiles=(tile(),)), "en": Summary(count=1)},
        "a": {"de": Summary(count=1)},
        "team": {"de": Summary(count=3, intro=Intro(key="k", lang="de", title="Wir"))},
        "": {"de": Summary(count=4)},
    }
)


@pytest.mark.parametrize("root", [Root(), ROOT, Root(sections={"": {"en": Summary(count=1)}})], ids=["empty", "full", "only a page in no folder"])
def test_what_the_root_derives_is_known_by_key(root):
    """The keys that the root derives are those of its artifacts, and among those that it may derive."""
    found = {artifact.key for artifact in root_artifacts(root, SITE, theme())}
    assert found == root_derived_keys(root, SITE) <= root_keys(SITE)


def test_empty_site_has_a_home_page():
    """Before anything is published there is a home page in the default language."""
    assert [artifact.key for artifact in root_artifacts(Root(), SITE, theme())] == [
        "robots.txt",
        "index.html",
        "tiles.json",
        "suche/index.html",
        "404.html",
        "sitemap-home.xml",
        "sitemap.xml",
    ]


def test_home_page_has_sections_in_the_order_of_the_menu():
    """Sections stand as in the menu, others after them by name."""
    assert home_shows("page.sections | map(attribute='title') | join(' ')", ROOT) == ["Wir Vorhaben A", "Projects"]


def test_home_page_shows_first_tiles_of_sections():
    """A section on the home page has its count and its first tiles."""
    root = Root(sections={"projekte": {"de": Summary(count=2, tiles=(tile(),))}})
    assert home_shows("page.sections[0].count ~ page.sections[0].tiles[0].url", root) == ["2/projekte/ogp/"]


@pytest.mark.parametrize(
    ("expression", "fields", "expected"),
    [
        ("page.title ~ page.description", None, "BeispielEine Seite"),
        ("page.title ~ page.subtitle ~ page.description", {"subtitle": "S"}, "Eigener TitelSS"),
        ("page.body", {"body": Html("<p>T</p>")}, "<p>T</p>"),
        ("page.header_image.src", {"img_header": "/files/x.jpg"}, "/files/x.jpg"),
    ],
    ids=["the site's", "its own", "text", "image"],
)
def test_home_page_has_the_sites_own_text(expression, fields, expected):
    """What `content/_index.md` says stands on the home page; without it, what the settings say."""
    summary = Summary(count=0, intro=None if fields is None else intro(**fields).intros[0])
    assert home_shows(expression, Root(sections={"": {"de": summary}})) == [expected]


def test_root_manifest_lists_sections():
    """The root manifest has one summary a section, in the order of the menu."""
    found = {artifact.key: artifact.body for artifact in root_artifacts(ROOT, SITE, theme())}
    assert json.loads(found["en/tiles.json"]) == {
        "version": 1,
        "lang": "en",
        "sections": [{"section": "projekte", "title": "Projects", "url": "/en/projekte/", "pages": 1, "manifest": "/en/projekte/tiles.json"}],
    }


def test_page_for_lost_readers_leads_home():
    """The 404 page of a language leads to that language's home page."""
    found = {artifact.key: artifact.body for artifact in root_artifacts(ROOT, SITE, theme())}
    assert found["en/404.html"] == b"Nothing here|/en/"


def test_overviews_are_nobody_elses_addresses():
    """The address of a section's overview is taken in every language, whether or not the section has it yet."""
    assert overview_addresses(Root(sections={"a": {"de": Summary(count=1)}, "": {}}), SITE) == {"/a/", "/en/a/", "/suche/", "/en/search/"}
