"""What a page makes of its front matter: categories, images, aliases, slugs, people and ways to reach them."""

import pytest
from builders import page, page_text, parsed, problem_codes, site, source
from tilepress.pages import Contact, Person
from tilepress.parse import parse


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ({"kategorien": "[A]", "categories": "[B]"}, ("A",)),
        ({"categories": "[B]"}, ("B",)),
        ({"kategorien": "null", "categories": "[B, B]"}, ("B",)),
        ({}, ()),
    ],
    ids=["its own language", "the other", "null, and one twice", "none"],
)
def test_categories_are_in_the_language_of_the_page(names, expected):
    """A German page has its `kategorien`, or else the `categories`."""
    assert page(**names).categories == expected


def test_translation_has_its_own_categories():
    """An English page has its `categories` first."""
    assert page(key="content/projekte/ogp.en.md", kategorien="[A]", categories="[B]").categories == ("B",)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("projects/x.jpg", "/files/projects/x.jpg"),
        ("/bilder/x.jpg", "/bilder/x.jpg"),
        ("x.jpg?v=2", "/files/x.jpg"),
        ("U\u0308ber.jpg", "/files/Über.jpg"),
        ("null", ""),
    ],
    ids=["below the image path", "absolute", "query", "decomposed", "null"],
)
def test_images_are_below_the_image_path(written, expected):
    """An image is an address of this site; a relative one stands below its image path."""
    assert page(img=written).img == expected


@pytest.mark.parametrize("written", ["../x.jpg", "a/../../x.jpg", "./x.jpg", "https://x.de/x.jpg", "//x.de/x.jpg", "C:\\x.jpg", '"javascript://x"'])
def test_images_from_elsewhere_are_left_out(written):
    """An image that is not of this site is left out with a warning."""
    found = parsed(page_text(img_header=written))
    assert (problem_codes(found), found.pages[0].img_header) == (["image"], "")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("/alt/7/", ("/alt/7/",)),
        ("[/Alt/7, /alt/7/index.html, /b]", ("/alt/7/", "/b/")),
        ("früher", ("/projekte/früher/",)),
        ("/en/alt/", ("/en/alt/",)),
        ("/a/../b/", ("/a/b/",)),
    ],
    ids=["one", "several", "relative", "of another language", "dots"],
)
def test_aliases_are_addresses(written, expected):
    """An alias is an address in its normal form, once; a relative one stands beside the page."""
    assert page(aliases=written).aliases == expected


@pytest.mark.parametrize(
    "written",
    [
        f"/{'x' * 1020}/",
        "/assets/x.html",
        "/",
        "/en/",
        "/index.html",
        "https://x.de/a/",
        "//x.de/",
        "/.tilepress/x/",
        "'/?a'",
        "/alt/tiles.json",
        "'..'",
        "/a/index.html/b",
    ],
)
def test_aliases_that_cannot_lead_here_are_left_out(written):
    """An alias that is no page's address is left out with a warning."""
    found = parsed(page_text(aliases=written), key="content/ogp.md")
    assert (problem_codes(found), found.pages[0].aliases) == (["alias"], ())


@pytest.mark.parametrize(
    ("slug", "address"),
    [("Neuer Name", "/projekte/neuer-name/"), ("a/b", "/projekte/a/b/"), ("../../x", "/projekte/x/"), ("2024", "/projekte/2024/")],
)
def test_slug_is_the_last_part(slug, address):
    """A slug replaces the last part of the address, and never adds one."""
    assert page(slug=slug).address == address


@pytest.mark.parametrize("slug", ["'?'", "'/'", "..", "'.'", "'!!!'", "index.html", "Tiles.json"])
def test_slug_that_is_no_address_is_an_error(slug):
    """A slug of which no address can be made keeps the page from being published."""
    assert problem_codes(parsed(page_text(slug=slug))) == ["slug"]


def test_people_are_names_with_roles_or_names():
    """People are listed with their roles, or just by name; who has no name is left out."""
    assert page(people="[{name: A, role: B}, C, {role: D}, '']").people == (Person("A", "B"), Person("C"))


def test_single_person_needs_no_list():
    """One person may stand where a list may."""
    assert page(people="{name: A}").people == (Person("A"),)


@pytest.mark.parametrize(
    ("written", "contact"),
    [
        pytest.param("twitter: okfde", Contact("twitter", "@okfde", "https://twitter.com/okfde"), id="name"),
        pytest.param('twitter: "@okfde"', Contact("twitter", "@okfde", "https://twitter.com/okfde"), id="name with an at sign"),
        pytest.param("github: https://github.com/x/y/", Contact("github", "github.com/x/y", "https://github.com/x/y/"), id="address"),
        pytest.param('mastodon: "@a@chaos.social"', Contact("mastodon", "@a@chaos.social", "https://chaos.social/@a"), id="Mastodon's form"),
        pytest.param("mastodon: {handle: a, server: x.de}", Contact("mastodon", "@a@x.de", "https://x.de/@a"), id="handle and server"),
        pytest.param("mastodon: https://chaos.social/@a", Contact("mastodon", "chaos.social/@a", "https://chaos.social/@a"), id="Mastodon's address"),
        pytest.param("email: info@x.de", Contact("email", "info@x.de", "mailto:info@x.de"), id="mailbox"),
        pytest.param("phone: tel:+4930", Contact("phone", "+4930", "tel:+4930"), id="telephone"),
    ],
)
def test_contact_is_shown_and_leads_somewhere(written, contact):
    """A way to get in touch is understood in each of its forms."""
    assert page(contact=f"{{{written}}}").contacts == (contact,)


@pytest.mark.parametrize("written", ["x: null", "website: javascript:alert(1)", "mastodon: {handle: a}", "github: [a]", "g+: nur so"])
def test_contact_that_leads_nowhere_is_left_out(written):
    """What is no way to get in touch is not shown."""
    assert page(contact=f"{{{written}}}").contacts == ()


def test_contact_may_be_indented_by_three():
    """`contact:` with fields indented by three blanks, as in real files, is understood."""
    assert page(contact="\n   twitter: a\n   github: b").contacts == (
        Contact("twitter", "@a", "https://twitter.com/a"),
        Contact("github", "@b", "https://github.com/b"),
    )


def test_contact_person_is_found_in_the_team():
    """A contact person is named by the key of the team file, however it is spelt."""
    found = parse(source(page_text(contact_person="Eva Holz")), site(team="evaHolz: {name: Eva}"))
    assert (found.pages[0].contact_person, found.problems) == ("evaholz", ())


def test_unknown_contact_person_is_a_warning():
    """Whoever is not in the team is not shown, and asked about."""
    assert problem_codes(parsed(page_text(contact_person="niemand"))) == ["contact-person"]


def test_a_slug_whose_address_is_too_long_for_a_store_is_an_error():
    """An object's key has 1,024 bytes at most; each part of this one is short enough for a file system."""
    assert problem_codes(parsed(page_text(slug="/".join(["x" * 200] * 6)))) == ["slug"]
