"""The files of a templates folder become a theme."""

import pickle

import jinja2
import pytest
from builders import theme
from tilepress.artifacts import IMMUTABLE
from tilepress.errors import GiveUp
from tilepress.theme import load_theme


@pytest.mark.parametrize(
    ("layout", "expected"), [("page", True), ("interview", True), ("none", False), ("base", False), ("section", False), ("", False)]
)
def test_pages_may_ask_for_templates_of_their_kind(layout, expected):
    """A page's layout is a template that is made for pages."""
    assert theme(interview="x").has_layout(layout) is expected


def test_parts_are_no_layouts():
    """A page cannot ask for a part of one."""
    files = (("base.html", b""), ("partials/head.html", b""))
    assert not load_theme(files, "r1").has_layout("partials/head")


def test_texts_are_escaped():
    """What an author writes is never HTML in a template."""
    assert theme(page="{{ a }}").render("page.html", a="<b>&") == "&lt;b&gt;&amp;"


def test_authors_text_is_never_a_template():
    """A text that looks like a template is shown as it is."""
    assert theme(page="{{ a }}").render("page.html", a="{{ 7 * 7 }}") == "{{ 7 * 7 }}"


def test_unknown_variable_is_a_fault():
    """A template that asks for what there is not fails, and does not publish a hole."""
    with pytest.raises(Exception, match="missing"):
        theme(page="{{ missing }}").render("page.html")


def test_words_are_in_the_language_or_english():
    """A language that the theme has no words for gets the English ones."""
    files = (("base.html", b""), ("i18n/de.yaml", b"moved: Umgezogen\n"), ("i18n/en.yaml", b"moved: Moved\n"))
    found = load_theme(files, "r1")
    assert [found.text(lang)["moved"] for lang in ("de", "en", "fr")] == ["Umgezogen", "Moved", "Moved"]


def test_theme_without_words_has_none():
    """A theme may do without words of its own."""
    assert load_theme((("base.html", b""),), "r1").text("de") == {}


def test_asset_has_a_name_of_its_content():
    """An asset's name changes with its content, so that it may be cached for ever."""
    (asset,) = theme().assets
    assert (asset.key.startswith("assets/style."), asset.key.endswith(".css"), asset.content_type, asset.cache_control) == (
        True,
        True,
        "text/css; charset=utf-8",
        IMMUTABLE,
    )


def test_asset_of_another_content_has_another_name():
    """Two versions of an asset can be there at once."""
    one, other = (load_theme((("assets/a.css", body),), "r1").assets[0].key for body in (b"a", b"b"))
    assert one != other


def test_templates_know_assets_by_their_own_names():
    """A template asks for an asset by the name that it has in the folder."""
    found = theme()
    assert found.asset_urls == {"style.css": f"/{found.assets[0].key}"}


@pytest.mark.parametrize(
    "files",
    [
        pytest.param((("page.html", b"{% if %}"),), id="syntax of a template"),
        pytest.param((("page.html", b"{{ a | nothing }}"),), id="filter that there is not"),
        pytest.param((("page.html", b"\xff"),), id="template that is no text"),
        pytest.param((("i18n/de.yaml", b"a: b: c"),), id="words"),
    ],
)
def test_broken_theme_is_refused(files):
    """A theme with a mistake is refused when it is loaded, before anything is published with it."""
    with pytest.raises(GiveUp, match="templates"):
        load_theme(files, "r1")


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(((("page.html", b"y"),), "r1"), id="file"),
        pytest.param(((("other.html", b"x"),), "r1"), id="name"),
        pytest.param(((("page.html", b"x"),), "r2"), id="code"),
    ],
)
def test_digest_names_all_that_renders(other):
    """Whatever of the theme's files or the code changes, the digest changes."""
    assert load_theme(*other).digest != load_theme((("page.html", b"x"),), "r1").digest


def test_theme_can_be_sent_to_another_process():
    """A theme pickles as its files."""
    found = theme(page="{{ a }}")
    assert pickle.loads(pickle.dumps(found)).render("page.html", a="x") == "x"  # noqa: S301 - our own


FILES = (("base.html", b""), ("page.html", b"{{ a }}!"))


@pytest.fixture
def compiled_names(monkeypatch):
    """The templates that are compiled from now on."""
    names = []
    compile_one = jinja2.Environment.compile

    def compile_and_note(self, source, name=None, *rest, **more):
        names.append(name)
        return compile_one(self, source, name, *rest, **more)

    load_theme.cache_clear()
    monkeypatch.setattr(jinja2.Environment, "compile", compile_and_note)
    return names


def test_byte_code_spares_compiling(compiled_names):
    """What was compiled before is not compiled again, be it in another process."""
    compiled = load_theme(FILES, "r1").compiled
    compiled_names.clear()
    found = load_theme(FILES, "r2", compiled=compiled)
    assert found.render("page.html", a="<") == "&lt;!"
    load_theme.cache_clear()
    assert pickle.loads(pickle.dumps(found)).compiled == compiled  # noqa: S301 - our own
    assert compiled_names == []


@pytest.mark.parametrize(("text", "sandboxed"), [(b"{{ a }}?", False), (b"{{ a }}!", True)])
def test_byte_code_of_anything_else_is_not_taken(compiled_names, text, sandboxed):
    """A template with another text is compiled anew; so is one that is to run in the sandbox."""
    compiled = load_theme(FILES, "r1").compiled
    compiled_names.clear()
    found = load_theme((FILES[0], ("page.html", text)), "r1", sandboxed, compiled)
    assert found.render("page.html", a="b") == f"b{text.decode()[-1]}"
    assert "page.html" in compiled_names


def test_byte_code_of_another_python_is_not_taken(compiled_names):
    """Nor is what is none."""
    compiled = tuple((name, b"j2\0" + code) for name, code in load_theme(FILES, "r1").compiled)
    assert load_theme(FILES, "r2", compiled=compiled).render("page.html", a="b") == "b!"
    assert compiled_names.count("page.html") == 2
