"""The example site in a browser: everything works without scripts, more with them, and for everyone."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

KINDS = {
    "home": "/",
    "overview": "/projekte/",
    "category": "/projekte/kategorie/offene-daten/",
    "project": "/projekte/ratsblick/",
    "page": "/impressum/",
    "English": "/en/projekte/",
    "search": "/suche/?q=stadt",
    "lost": "/gibt-es-nicht/",
}


def shown(page, selector="[data-slugs]"):
    """How many tiles and lines of lists can be seen."""
    return page.locator(f"{selector}:visible").count()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("kind", [*KINDS, "redirect"])
def test_page_is_accessible(open_tab, example, kind, width, scheme):
    """Axe finds nothing on any page type, narrow or wide, light or dark."""
    from axe_playwright_python.sync_playwright import Axe

    tab = open_tab(example, color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    page = tab.open(KINDS.get(kind, "/projekte/"))
    page.wait_for_load_state("networkidle" if kind == "search" else "load")  # results come after the page
    found = Axe().run(page)
    tab.complaints.clear()  # the 404 page is answered with 404, which the console tells
    assert [(one["id"], [node["html"][:90] for node in one["nodes"]]) for one in found.response["violations"]] == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "lost"])
@pytest.mark.parametrize("width", [320, 768, 1920])
def test_page_fits_its_width(open_tab, example, kind, width):
    """No page is wider than the screen, from 320 to 1920 px."""
    page = open_tab(example, viewport={"width": width, "height": 900}).open(KINDS[kind])
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_policy_of_the_stack_is_active(open_tab, example):
    """The page is served under the stack's content security policy, and an inline script does not run."""
    tab = open_tab(example)
    page = tab.open("/")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.ran = true'}))")
    assert page.evaluate("window.ran") is None
    assert "Content Security Policy" in tab.complaints.pop()


def test_filter_shows_a_category_in_place(open_tab, example):
    """A click on a category leaves its tiles, says how many, and stands in the address; back undoes it."""
    page = open_tab(example).open("/projekte/")
    everything = shown(page)
    link = page.locator(".filter a[data-slug]").nth(1)
    expected = int(link.locator("small").inner_text())
    link.click()
    assert (shown(page), page.url.partition("?")[2].startswith("kategorie=")) == (expected, True)
    assert str(expected) in page.locator(".filter [role=status]").inner_text() or expected == 1
    assert link.get_attribute("aria-current") == "true"
    page.go_back()
    assert (shown(page), "kategorie" in page.url) == (everything, False)


def test_filter_is_in_the_address(open_tab, example):
    """A filtered overview can be sent to others; a category that there is not shows everything."""
    tab = open_tab(example)
    everything = shown(tab.open("/projekte/"))
    filtered = shown(tab.open("/projekte/?kategorie=offene-daten"))
    assert 0 < filtered < everything == shown(tab.open("/projekte/?kategorie=nichts"))


def test_filtered_tiles_leave_no_holes(open_tab, example):
    """Whichever category is chosen, every row of the grid is full."""
    page = open_tab(example).open("/projekte/")
    for link in page.locator(".filter a[data-slug]").all():
        link.click()
        holes = page.evaluate(
            """() => { const grid = document.querySelector(".tiles"); if (grid.hidden) return [];
              const width = grid.clientWidth, rows = {};
              for (const tile of grid.querySelectorAll(".tile:not([hidden])")) {
                const box = tile.getBoundingClientRect(), top = Math.round(box.top); rows[top] = (rows[top] ?? 0) + box.width; }
              return Object.values(rows).filter((filled) => filled < width * 0.85); }"""
        )
        assert holes == [], link.inner_text()


def test_filter_works_without_scripts(open_tab, example):
    """Without scripts a category is a page of its own, with just its tiles, and leads back."""
    page = open_tab(example, java_script_enabled=False).open("/projekte/")
    link = page.locator(".filter a[data-slug]").nth(1)
    expected = int(link.locator("small").inner_text())
    link.click()
    assert (shown(page), "/projekte/kategorie/" in page.url) == (expected, True)
    page.locator(".back a").click()
    assert page.url.endswith("/projekte/")


def test_keyboard_reaches_everything(open_tab, example):
    """The first stop is the way past the header; a category is chosen, and a tile opened, by keys alone."""
    page = open_tab(example).open("/projekte/")
    page.keyboard.press("Tab")
    assert page.locator(".skip").evaluate("one => one === document.activeElement")
    page.locator(".filter a[data-slug]").nth(1).focus()
    page.keyboard.press("Enter")
    assert "kategorie=" in page.url
    page.locator(".tile:visible a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/projekte/*/")
    assert page.locator("h1").count() == 1


def test_overview_is_heard(open_tab, example):
    """What assistive technology is given: landmarks by name, how many tiles a category leaves, each tile as heading, link and description."""
    page = open_tab(example).open("/projekte/")
    page.locator(".filter a[data-slug]", has_text="Mobilität").click()
    expect(page.locator("body")).to_match_aria_snapshot(
        """
        - link "Zum Inhalt springen"
        - banner:
          - navigation "Hauptmenü"
          - navigation "Sprache"
        - main:
          - heading "Projekte" [level=1]
          - navigation "Themen":
            - list:
              - listitem:
                - link "Mobilität 3"
            - status: 3 Treffer
          - list:
            - listitem:
              - list:
                - listitem: Mobilität
              - heading "Radspur" [level=2]:
                - link "Radspur"
              - paragraph: Wie viel Abstand halten eigentlich die anderen?
              - img "Ein rotes Fahrrad mit einem kleinen Messgerät hinter dem Sattel vor einer großen Sonne"
        - contentinfo
        """
    )


def test_project_is_heard(open_tab, example):
    """One article, a heading for each of its parts, and the facts as terms with their definitions."""
    expect(open_tab(example).open("/projekte/ratsblick/").locator("main")).to_match_aria_snapshot(
        """
        - article:
          - paragraph:
            - link "← Projekte"
          - heading "Ratsblick" [level=1]
          - figure:
            - img "Ein Rathaus mit Uhrturm, davor eine Lupe über einem Dokument"
          - heading "Ein Beispiel" [level=2]
          - complementary "Auf einen Blick":
            - heading "Auf einen Blick" [level=2]
            - term: Zeitraum
            - definition: 2018 – heute
        """
    )


def test_language_switch_leads_to_the_same_page(open_tab, example):
    """From a page to its translation and back; a page without one offers none."""
    tab = open_tab(example)
    page = tab.open("/projekte/ratsblick/")
    page.locator(".languages a").click()
    assert (page.url.partition("127")[2].partition("/")[2], page.locator("html").get_attribute("lang")) == ("en/projekte/ratsblick/", "en")
    page.locator(".languages a").click()
    assert page.url.endswith("/projekte/ratsblick/")
    assert tab.open("/projekte/bus-im-blick/").locator(".languages").count() == 0


def test_lost_reader_finds_home(open_tab, example):
    """At an address where nothing is, the way home is shown, and the answer is 404."""
    tab = open_tab(example)
    answer = tab.page.goto(tab.url + "/gibt-es-nicht/")
    assert answer.status == 404
    tab.complaints.clear()
    tab.page.locator("main .onward a").first.click()
    assert tab.page.url == tab.url + "/"


def test_long_overview_goes_on_as_it_is_scrolled(open_tab, long_site):
    """The next pages of a long overview are loaded when their link comes into view, until there are no more."""
    from playwright.sync_api import expect

    page = open_tab(long_site).open("/projekte/")
    assert page.locator(".tile").count() == 200
    for count in (400, 450):
        page.locator(".site-footer").scroll_into_view_if_needed()
        expect(page.locator(".tile")).to_have_count(count)
    assert page.locator("a[rel=next]:visible").count() == 0


def test_long_overview_has_real_next_pages(open_tab, long_site):
    """Without scripts each next page is a link away."""
    page = open_tab(long_site, java_script_enabled=False).open("/projekte/")
    seen = set()
    while True:
        seen |= {link.get_attribute("href") for link in page.locator(".tile a").all()}
        following = page.locator("a[rel=next]:visible")
        if not following.count():
            break
        address = following.get_attribute("href")
        following.click()
        page.wait_for_url(f"**{address}")
    assert (len(seen), page.url.endswith("/projekte/seite/3/")) == (450, True)


def test_filter_of_a_long_overview_is_the_categorys_page(open_tab, long_site):
    """Where not all tiles are at hand, a category in the address leads to its page."""
    page = open_tab(long_site).open("/projekte/?kategorie=blau")
    page.wait_for_url("**/projekte/kategorie/blau/")
    assert page.locator(".tile").count() == 150


@pytest.mark.parametrize("kind", ["home", "overview", "project"])
def test_linked_data_is_read(open_tab, example, kind):
    """The JSON-LD in a page is what a machine reads as JSON."""
    page = open_tab(example).open(KINDS[kind])
    found = json.loads(page.locator("script[type='application/ld+json']").text_content())
    assert found["@context"] == "https://schema.org"


@pytest.mark.parametrize("kind", ["home", "overview", "project"])
def test_page_is_light(example, kind):
    """A page with its style sheet and scripts is at most 25 KB over the wire, images aside; the overview's script at most 8 KB."""
    import gzip
    import re
    from urllib.request import urlopen

    def fetched(path: str) -> bytes:
        with urlopen(example.url + path) as answer:
            return bytes(answer.read())

    html = fetched(KINDS[kind])
    assets = [found.decode() for found in re.findall(rb'(?:href|src)="(/assets/(?!pictures/)[^"]+)"', html)]
    assert sum(len(gzip.compress(fetched(path), 6)) for path in (KINDS[kind], *assets)) <= 25_000
    assert all(len(fetched(path)) <= 8_000 for path in assets if path.endswith(".js"))


@pytest.mark.parametrize("path", [KINDS["category"], "/projekte/?kategorie=stadtklima"])
def test_chosen_category_is_in_sight_on_a_narrow_screen(open_tab, example, path):
    """The row of categories, which is longer than the screen is wide, has it in view."""
    page = open_tab(example, viewport={"width": 375, "height": 700}).open(path)
    page.wait_for_load_state("networkidle")
    box = page.locator(".filter [aria-current]").bounding_box()
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 375


@pytest.mark.parametrize("kind", ["home", "overview", "project"])
def test_nothing_moves_when_images_come_late(open_tab, example, kind):
    """Whoever has begun to read stays where they were, drawings of unknown size included."""
    tab = open_tab(example)
    tab.page.route("**/*.{svg,jpg,png,webp,avif}", lambda route: (tab.page.wait_for_timeout(150), route.continue_()))
    page = tab.open(KINDS[kind])
    page.wait_for_load_state("networkidle")
    moved = """() => new Promise((told) => {
      let sum = 0;
      new PerformanceObserver((seen) => { for (const one of seen.getEntries()) sum += one.value; }).observe({type: "layout-shift", buffered: true});
      setTimeout(() => told(sum), 100);
    })"""
    assert page.evaluate(moved) < 0.01


def test_screenshots(open_tab, example, request):
    """`make screenshots` writes each page type at three widths, light and dark, to a folder that git ignores."""
    folder = request.config.getoption("--screenshots")
    if not folder:
        pytest.skip("only for `make screenshots`")
    for scheme in ("light", "dark"):
        for width in (375, 768, 1280):
            tab = open_tab(example, color_scheme=scheme, viewport={"width": width, "height": 900})
            for kind, path in KINDS.items():
                tab.open(path).wait_for_load_state("networkidle")
                tab.page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach((one) => one.loading = 'eager')")
                tab.page.wait_for_timeout(150)
                tab.page.screenshot(path=Path(folder) / f"{kind}-{width}-{scheme}.png", full_page=True)
            tab.complaints.clear()
