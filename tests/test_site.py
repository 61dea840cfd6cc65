"""site.yaml and the data files become a site, complete with defaults; a mistake in them gives problems and no site."""

import pytest
from builders import site, source
from tilepress.pages import Problem, Severity
from tilepress.site import Localized, data_keys, parse_site, team_key, with_data


def problems_of(settings: str) -> list[tuple[str, str]]:
    """Code and severity of what is wrong with these settings."""
    return [(problem.code, problem.severity) for problem in parse_site(source(settings, "site.yaml"))[1]]


def team_problems(team: str | bytes) -> tuple[Problem, ...]:
    """What is wrong with this data/team.yaml."""
    return with_data(site(), [source(team, "data/team.yaml")])[1]


def test_site_without_settings_has_defaults():
    """No file is no mistake: there are sensible defaults."""
    found, problems = parse_site(None)
    assert found is not None
    assert (found.languages, found.default_language, found.image_path, found.time_zone.key, problems) == (("de", "en"), "de", "/files/", "UTC", ())


def test_settings_say_everything():
    """Every setting reaches the site in the form in which it is used."""
    found = site(
        """
        title: Beispiel
        base_url: https://example.org/
        default_language: en
        languages: [de, en, fr]
        time_zone: Europe/Berlin
        image_path: Bilder
        logo: logo.svg
        data: [team, partner]
        markdown: {engine: markdown, embed_hosts: [Player.Vimeo.com]}
        """
    )
    assert (found.base_url, found.languages, found.time_zone.key, found.image_path, found.logo, found.data, found.embed_hosts) == (
        "https://example.org",
        ("en", "de", "fr"),
        "Europe/Berlin",
        "/bilder/",
        "logo.svg",
        ("team", "partner"),
        ("player.vimeo.com",),
    )


def test_other_default_language_alone_is_the_only_one():
    """A site that names only its default language has that language."""
    assert site("default_language: fr").languages == ("fr",)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        pytest.param("languages: [en]", ("language", "error"), id="default language missing"),
        pytest.param("languages: [de, e.n]", ("language", "error"), id="language with a dot"),
        pytest.param("languages: [de, '?']", ("language", "error"), id="language of nothing"),
        pytest.param("time_zone: Berlin", ("time-zone", "error"), id="no such time zone"),
        pytest.param("time_zone: ../etc", ("time-zone", "error"), id="time zone that is a path"),
        pytest.param("menu: [/projekte/]", ("wrong-type", "error"), id="menu of addresses"),
        pytest.param("menu: [{url: 'javascript:x', title: X}]", ("address", "error"), id="menu with a script"),
        pytest.param("logo: //x.de/a.svg", ("image", "error"), id="logo of another host"),
        pytest.param("markdown: commonmark", ("wrong-type", "error"), id="options that are none"),
        pytest.param("descripton: X", ("unknown-field", "warning"), id="misspelt"),
        pytest.param("title: X\ntitle: Y", ("duplicate-field", "warning"), id="twice"),
        pytest.param("markdown: {engine: goldmark}", ("unknown-value", "warning"), id="engine that there is not"),
        pytest.param("base_url: nirgends", ("address", "warning"), id="base address that is none"),
        pytest.param("a: b: c", ("yaml", "error"), id="no YAML"),
        pytest.param("- a", ("not-a-mapping", "error"), id="list"),
    ],
)
def test_mistakes_in_the_settings_are_told(settings, expected):
    """A mistake in site.yaml is a problem of its kind."""
    assert problems_of(settings) == [expected]


def test_site_with_a_mistake_is_no_site():
    """With an error in the settings there is no site: what is published stays as it is."""
    assert parse_site(source("time_zone: Berlin", "site.yaml"))[0] is None


def test_site_with_a_warning_is_a_site():
    """A warning does not stop anything."""
    assert parse_site(source("descripton: X", "site.yaml"))[0] is not None


def test_base_address_is_of_the_web():
    """A mailbox is no address to publish at."""
    assert site("base_url: info@example.org").base_url == ""


@pytest.mark.parametrize(
    ("texts", "lang", "text"),
    [({"de": "A", "en": "B"}, "en", "B"), ({"de": "A", "en": "B"}, "fr", "A"), ({"en": "B"}, "fr", "B"), ({}, "de", "")],
    ids=["its own", "default", "any", "none"],
)
def test_text_falls_back(texts, lang, text):
    """A text that is missing in a language is shown in the default language, else in any."""
    assert Localized(texts, "de").in_language(lang) == text


@pytest.mark.parametrize(("settings", "title"), [("title: X", "X"), ("title: {de: X, en: Y}", "Y")], ids=["for all", "by language"])
def test_title_is_for_all_languages_or_each(settings, title):
    """A title is one text, or one for each language."""
    assert site(settings).title.in_language("en") == title


@pytest.mark.parametrize(
    ("url", "expected"),
    [("/Projekte/", "/projekte/"), ("/files/a.pdf", "/files/a.pdf"), ("https://x.de/A/", "https://x.de/A/"), ("info@x.de", "mailto:info@x.de")],
    ids=["page", "file", "elsewhere", "mailbox"],
)
def test_menu_leads_to_pages_files_and_elsewhere(url, expected):
    """A menu's link is an address of the site, in its normal form, or a full one."""
    assert site(f"menu: [{{url: '{url}', title: X}}]").menu[0].url == expected


@pytest.mark.parametrize("settings", ["menu: {url: /a/, title: X}", "menu: [{url: /a/, title: X}]"], ids=["one", "list of one"])
def test_single_link_is_a_menu_of_one(settings):
    """One link may stand where a list may."""
    assert len(site(settings).menu) == 1


@pytest.mark.parametrize(
    ("settings", "title"),
    [
        ("menu: [{url: /projekte/, title: {en: Projects}}]", "Projects"),
        ("footer: [{url: /projekte/, title: Unten}]", "Unten"),
        ("", "Projekte"),
    ],
    ids=["menu", "footer", "folder's name"],
)
def test_section_is_called_as_in_the_menu(settings, title):
    """A section is called what links to it are called, else by its folder's name."""
    assert site(settings).section_title("projekte", "en") == title


def test_data_files_are_named_by_the_settings():
    """The data files to read follow from the settings."""
    assert data_keys(site("data: [team, partner]")) == ("data/team.yaml", "data/partner.yaml")


@pytest.mark.parametrize(
    "team",
    [
        pytest.param("evaholzheimer: {name: Eva}", id="by key"),
        pytest.param("Eva Holzheimer: {name: Eva}", id="by name"),
        pytest.param("- {key: EvaHolzheimer, name: Eva}", id="list with keys"),
        pytest.param("- {name: Eva, img: EvaHolzheimer}", id="list with images"),
        pytest.param("- name: Eva Holzheimer", id="list with names"),
    ],
)
def test_people_are_found_by_key_however_they_are_listed(team):
    """A person is found by the same key in each of the forms that team files have."""
    assert list(site(team=team).team) == [team_key("Eva Holzheimer")]


def test_person_is_complete():
    """What the data file says of a person reaches the pages, the position in each language."""
    member = site(team="eva: {name: Eva &amp; Co, position: Leitung, position_en: Lead, email: eva@x.de, img: team/eva.jpg}").team["eva"]
    assert (member.name, member.positions.in_language("en"), member.positions.in_language("de"), member.mail, member.img) == (
        "Eva & Co",
        "Lead",
        "Leitung",
        "eva@x.de",
        "team/eva.jpg",
    )


def test_person_without_a_name_is_called_by_their_key():
    """A person who has only a key is called by it."""
    assert site(team="Eva Holz: {position: Leitung}").team["evaholz"].name == "Eva Holz"


@pytest.mark.parametrize(
    ("team", "code", "place"),
    [
        pytest.param("just text", "not-a-mapping", (1, 1), id="text"),
        pytest.param("eva: {}\nmax: text", "wrong-type", (2, 6), id="person that is a text"),
        pytest.param("- eva", "wrong-type", (1, 3), id="list of texts"),
        pytest.param("eva: {name: [a]}", "wrong-type", (1, 13), id="name that is a list"),
        pytest.param(b"eva: {name: \xe9}", "encoding", (1, 13), id="Latin-1"),
    ],
)
def test_mistakes_in_the_data_are_located(team, code, place):
    """A mistake in a data file is a problem at its place."""
    assert [(problem.code, (problem.line, problem.column)) for problem in team_problems(team)] == [(code, place)]


def test_data_with_a_mistake_gives_no_site():
    """With an error in a data file there is no site, as pages depend on it."""
    assert with_data(site(), [source("- eva", "data/team.yaml")])[0] is None


def test_key_that_stands_twice_is_a_warning():
    """A person who is listed twice is warned of."""
    assert [problem.severity for problem in team_problems("eva: {name: a}\neva: {name: b}")] == [Severity.WARNING]


def test_data_of_comments_alone_is_nobody():
    """A data file that says nothing is no mistake."""
    assert site(team="# nobody yet").team == {}


def test_other_data_must_be_readable_only():
    """A data file that has no meaning of its own is read, and is part of what pages depend on."""
    found, problems = with_data(site(), [source("a: b", "data/partner.yaml")])
    assert found is not None
    assert (found.digest != site().digest, problems) == (True, ())


@pytest.mark.parametrize(
    ("settings", "team"), [("title: Y", "eva: {}"), ("title: X", "eva: {name: E}"), ("title: X", "")], ids=["settings", "data", "no data"]
)
def test_digest_names_all_that_pages_depend_on(settings, team):
    """Whatever of settings and data changes, the digest changes."""
    assert site(settings, team).digest != site("title: X", "eva: {}").digest


def test_order_of_data_files_never_shows():
    """In whichever order data files are read, the site is the same."""
    files = [source("a: {}", "data/team.yaml"), source("b: c", "data/b.yaml")]
    assert with_data(site(), files) == with_data(site(), files[::-1])


def test_an_empty_settings_file_says_nothing():
    """A site.yaml without anything in it is a site of defaults, and no problem."""
    found, problems = parse_site(source("\n", "site.yaml"))
    assert found is not None
    assert (found.languages, problems) == (("de", "en"), ())


def test_an_empty_data_file_says_nothing():
    """A team.yaml without anything in it is a site without a team."""
    assert with_data(site(), [source("", "data/team.yaml")])[0] is not None


@pytest.mark.parametrize("name", ["../x", "a//b", "./x", "/x", "x" * 1100, "a\u200bb"])
@pytest.mark.parametrize("setting", ["data: [{}]", "theme:\n  files: [{}]"])
def test_what_can_be_no_files_name_is_told_where_it_stands(setting, name):
    """No store is asked for it: a folder would fail at it, without a word of site.yaml."""
    text = "title: Eins\n" + setting.format(f'"{name}"')
    site, (problem, *others) = parse_site(source(text, "site.yaml"))
    assert (site, problem.code, problem.line, others) == (None, "file-name", text.count("\n") + 1, [])


def test_files_may_be_named_with_their_folder_and_ending():
    """As they are seen in the bucket."""
    found = site("data: [data/team.yaml, partner.yaml, team]\ntheme: {files: [theme/404.html]}")
    assert (data_keys(found), found.look.files) == (("data/team.yaml", "data/partner.yaml"), ("404.html",))
