"""Texts made to take long end as a page or as a problem, and the next text is as ever."""

import pytest
from builders import page_text, parsed, site, source, theme
from hostile.worst_cases import ENGINES, WORST
from tilepress.adapters.deadline import deadline
from tilepress.errors import DeadlineExceeded, TooComplex
from tilepress.groups import GroupSources, compute
from tilepress.illustrations import images_of
from tilepress.markup import Rules, to_html
from tilepress.pages import PROBLEMS_MAX, Html

BYTES = 4_000


def test_there_are_many_kinds() -> None:
    """At least 20 kinds of such texts are tried."""
    assert len(WORST) >= 20


def became(text: str, engine: str) -> Html | None:
    """The text as HTML; None where it is refused."""
    try:
        with deadline():
            return to_html(text, Rules(engine))
    except (DeadlineExceeded, TooComplex, RecursionError):
        return None


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", WORST)
def test_worst_text_ends_and_harms_no_other(kind, engine):
    """It is converted or refused, in the same way each time; and what comes after it is converted as ever."""
    text = WORST[kind](BYTES)
    assert became(text, engine) == became(text, engine)
    assert to_html("a *b*[^1]\n\n[^1]: c", Rules(engine)).startswith('<p>a <em>b</em><sup id="fnref:1">')


@pytest.mark.parametrize(
    "kind",
    [
        "elements in one another",
        "lists of HTML in one another",
        "tables in one another",
        "formatting open in every paragraph",
        "formatting and blocks crossed",
        "attributes",
        "emphasis in one another",
    ],
)
def test_what_would_keep_the_sanitiser_busy_is_refused(kind):
    """The sanitiser cannot be interrupted: what would take it minutes does not get there."""
    with pytest.raises((TooComplex, RecursionError)):
        to_html(WORST[kind](20_000))


@pytest.mark.parametrize("html", ["<p>" * 600, "<br>" * 600, "<b>x</b> " * 600, "<ul><li>a<li>b</ul>" * 600, "<p " + 'a="b" ' * 50 + ">x"])
def test_what_only_looks_deep_is_not_refused(html):
    """Elements that end by themselves, or one after the other, do not count as nested."""
    assert to_html(html)


def test_a_long_address_that_is_named_thousands_of_times_is_refused():
    """The page would be megabytes of one address; a text of usual references is none of that."""
    long = "[a]: /" + "x" * 5_000 + "\n\n"
    assert to_html(long + "[a]\n\n" * 10)
    with pytest.raises(TooComplex):
        to_html(long + "[a]" * 5_000)


def test_a_list_of_headings_is_not_made_over_and_over():
    """Two of them are as many as a long text needs."""
    text = "# a\n\n" * 600
    assert to_html(text + "[TOC]\n\n" * 2).count('class="toc"') == 2
    assert to_html(text + "[TOC]\n\n" * 600).count('class="toc"') == 4


def test_of_thousands_of_images_that_are_missing_some_are_told():
    """A report stays one that somebody reads; nor is the text searched thousands of times."""
    text = page_text("".join(f"![B](/files/%C3%A4{number}.jpg)\n" for number in range(3000)))
    (shown,) = parsed(text).pages
    sources = GroupSources("projekte/ogp", (source(text),), pictures=dict.fromkeys(images_of(shown, site())))
    found = compute(sources, site(), theme(), 0).problems
    assert [(one.code, one.line) for one in found] == [("picture-missing", 4 + number) for number in range(PROBLEMS_MAX)]
