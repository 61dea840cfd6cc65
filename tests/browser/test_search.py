"""Search in a browser: by keyboard, as it is typed, by its address; and calm where there are no scripts."""

import pytest
from playwright.sync_api import expect


@pytest.fixture
def tab(open_tab, example):
    """A tab on the example site."""
    return open_tab(example)


def titles(page):
    """What the results are called."""
    return page.locator(".results h2").all_inner_texts()


def test_reader_finds_by_keyboard(tab):
    """From the header to search, a word, a result: without a mouse; the number of results is announced."""
    page = tab.open("/projekte/")
    page.locator(".to-search").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/suche/")
    expect(page.locator(".search-form input")).to_be_focused()
    page.keyboard.type("Ratsblick")
    expect(page.locator(".search-status")).to_contain_text("für „Ratsblick“")
    assert page.locator(".search-status").get_attribute("role") == "status"
    assert page.url.endswith("?q=Ratsblick")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".results a").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/projekte/ratsblick/")
    page.go_back()
    expect(page.locator(".results a").first).to_have_text("Ratsblick")


@pytest.mark.parametrize("query", ["Bänke", "baenke", "banke", "BÄNK"])
def test_spelling_does_not_matter(tab, query):
    """Umlauts may be written in any way, and a word be only begun; what was found is marked."""
    page = tab.open(f"/suche/?q={query}")
    expect(page.locator(".results h2").first).to_have_text("Bänke für alle")
    expect(page.locator(".results h2 mark").first).to_have_text("Bänke")


def test_all_words_must_be_there(tab):
    """More words find fewer pages; what finds none says so, and offers the overviews."""
    page = tab.open("/suche/?q=stadt")
    expect(page.locator(".results li").first).to_be_visible()
    many = int(page.locator(".search-status").inner_text().split()[0])
    page.locator(".search-form input").fill("stadt fahrrad")
    expect(page.locator(".search-status")).to_contain_text("stadt fahrrad")
    assert 0 < len(titles(page)) < many
    page.locator(".search-form input").fill("stadt xyzzy")
    expect(page.locator(".search-status")).to_contain_text("Nichts gefunden")
    assert titles(page) == []
    expect(page.locator(".search-around a").first).to_be_visible()


def test_more_results_are_one_step_away(tab):
    """Ten at first; the button brings more, and leads to the first of them."""
    page = tab.open("/suche/?q=und")
    expect(page.locator(".results li")).to_have_count(10)
    page.locator(".search-more button").click()
    expect(page.locator(".results li").nth(10).locator("a")).to_be_focused()
    assert len(set(titles(page))) > 10


def test_languages_have_a_search_each(tab):
    """English pages are found in English, and the switch leads from one search to the other."""
    page = tab.open("/en/search/?q=benches")
    expect(page.locator(".results a").first).to_have_attribute("href", "/en/projekte/b%C3%A4nke-f%C3%BCr-alle/")
    page.locator(".languages a").click()
    page.wait_for_url("**/suche/")


def test_a_query_is_text_and_nothing_else(tab):
    """Whatever is typed, it is shown as it is."""
    page = tab.open("/suche/?q=" + "%3Cimg%20src=x%20onerror=alert(1)%3E%20%24%26")
    expect(page.locator(".search-status")).to_contain_text("<img src=x onerror=alert(1)> $&")


def test_without_scripts_it_says_so_and_offers_the_overviews(open_tab, example):
    """There is no form that would do nothing."""
    page = open_tab(example, java_script_enabled=False).open("/suche/")
    assert page.locator(".search-form").is_hidden()
    expect(page.locator(".search-without")).to_contain_text("JavaScript")
    page.locator(".search-around a").first.click()
    assert page.url.endswith("/projekte/")


def test_search_is_loaded_where_it_is_needed_only(tab):
    """No other page loads its scripts or its index."""
    asked = []
    tab.page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/projekte/", "/projekte/ratsblick/"):
        tab.open(path)
    assert [url for url in asked if "search" in url or "stemmer" in url] == []
