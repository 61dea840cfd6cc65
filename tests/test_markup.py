"""Authors' Markdown becomes HTML that can do no harm and loses nothing of theirs."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tilepress.markup import Rules, blocks, inline, sanitize, text_of, to_html

HOSTS = Rules(embed_hosts=("player.vimeo.com",))
RUNS = re.compile(
    r"<(script|svg|style|form|object|embed|meta|base|link|iframe)[\s>]|<[^>]*\s(on\w+|srcdoc)=|<[^>]*(href|src)=\"\s*(javascript|data)", re.IGNORECASE
)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        pytest.param("*a*", "<p><em>a</em></p>", id="emphasis"),
        pytest.param("# A", '<h1 id="a">A</h1>', id="heading"),
        pytest.param("# A {#b .c}", '<h1 class="c" id="b">A</h1>', id="attributes"),
        pytest.param("[a](/b)", '<p><a href="/b">a</a></p>', id="link"),
        pytest.param("Ü &shy; &amp;", "<p>Ü \u00ad &amp;</p>", id="entities"),
        pytest.param("<figure><img src=/a alt=b></figure>", '<figure><img src="/a" alt="b"></figure>', id="raw HTML"),
        pytest.param("a\n</div>\n\nb", "<p>a</p>\n\n<p>b</p>", id="orphan end tag"),
        pytest.param("```\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>", id="code"),
        pytest.param("a\n: b", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>", id="definition"),
    ],
)
def test_markdown_is_converted(text, html):
    """Markdown, its usual extensions, and raw HTML become HTML."""
    assert to_html(text) == html


def test_tables_keep_their_alignment():
    """A column's alignment survives as a class: a strict content security policy switches styles off."""
    assert '<td class="align-right">b</td>' in to_html("|a|\n|-:|\n|b|")
    assert '<td class="x align-center">b</td>' in to_html('<table><tr><td class="x" style="text-align: center; color: red">b</td></table>')
    assert '<td class="align-right">b</td>' in to_html("<table><tr><td align=RIGHT>b</td></table>")


def test_tables_can_be_scrolled_by_keyboard():
    """A table, which scrolls when it is too wide, can have the focus."""
    assert to_html("|a|\n|-|\n|b|").startswith('<table tabindex="0">')


def test_footnotes_link_both_ways():
    """A footnote keeps the ids that its links lead to."""
    html = to_html("a[^1]\n\n[^1]: b")
    targets = set(re.findall(r'href="#([^"]+)"', html))
    assert targets
    assert targets <= set(re.findall(r'id="([^"]+)"', html))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<script>x()</script>", id="script"),
        pytest.param("<img src=a onerror=x()>", id="handler"),
        pytest.param("[a](javascript:x())", id="script in a link"),
        pytest.param("[a](JaVaScRiPt:x())", id="script in capitals"),
        pytest.param("[a](java&#x09;script:x())", id="script with a tab"),
        pytest.param('<a href=" javascript:x()">a</a>', id="script after a blank"),
        pytest.param("![a](data:text/html,x())", id="data"),
        pytest.param("<svg onload=x()></svg>", id="drawing"),
        pytest.param("<style>x()</style>", id="style sheet"),
        pytest.param('<p style="background:url(x())">a</p>', id="style"),
        pytest.param('<form action="x()"><input></form>', id="form"),
        pytest.param('<object data="x()"></object><embed src="x()">', id="object"),
        pytest.param('<meta http-equiv=refresh content="0;x()"><base href="x()"><link href="x()">', id="head"),
        pytest.param('<iframe srcdoc="x()"></iframe>', id="frame with a document"),
        pytest.param('<iframe src="javascript:x()"></iframe>', id="frame with a script"),
        pytest.param('<math><mtext></p><style><!--</style><img title="--&gt;&lt;img src=1 onerror=x()&gt;">', id="mutation"),
    ],
)
def test_nothing_that_runs_gets_through(text):
    """Scripts, handlers, styles, forms and foreign documents do not reach a page."""
    assert not RUNS.search(to_html(text, HOSTS))


PIECES = st.sampled_from([*"<>/=\"' abips&;!-:#", "iframe", "src", "https://player.vimeo.com/1", "href", "script", "title", "table"])


@settings(deadline=None, max_examples=200)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_sanitising_twice_is_sanitising_once(text):
    """Sanitised HTML without embeds is in its final form."""
    once = sanitize(text)
    assume("data-embed" not in once)
    assert sanitize(once) == once


@settings(deadline=None, max_examples=200)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_nothing_that_runs_is_ever_left(text):
    """Whatever pieces of HTML are put together, nothing that runs comes out."""
    assert not RUNS.search(sanitize(text))


@pytest.mark.parametrize(
    "src",
    ["https://player.vimeo.com/video/1?a=b&amp;c=d", "//player.vimeo.com/video/1", "https://PLAYER.vimeo.com/1"],
    ids=["usual", "no scheme", "capitals"],
)
def test_embed_of_an_allowed_host_waits_for_a_click(src):
    """An embed of a host that the settings name is a link until it is clicked: nothing is loaded before."""
    assert re.fullmatch(
        r'<span class="embed" data-embed><a href="https://[^"]+" rel="external noopener">player.vimeo.com</a></span>',
        sanitize(f'<iframe src="{src}"></iframe>', HOSTS).replace("PLAYER", "player"),
    )


def test_embed_says_what_it_is_and_whose():
    """The author's title stands in the link, the host beside it."""
    html = sanitize('<iframe src="https://player.vimeo.com/1" title="Film &amp; &lt;x&gt;">a<b>b</b></iframe>', HOSTS)
    assert '>Film &amp; &lt;x&gt;</a><span class="embed-host">player.vimeo.com</span></span>' in html


@pytest.mark.parametrize(
    "src",
    [
        "https://evil.example/1",
        "http://player.vimeo.com/1",
        "https://player.vimeo.com.evil.example/1",
        "https://player.vimeo.com@evil.example/1",
        "https://evil.example\\@player.vimeo.com/1",
    ],
    ids=["other host", "no TLS", "longer host", "user name", "backslash"],
)
def test_embed_of_another_host_is_a_link(src):
    """An embed of a host that the settings do not name becomes a link to it: nothing is lost, nothing is loaded."""
    html = sanitize(f'<iframe src="{src}" title="Film &quot;x&quot;"></iframe>', HOSTS)
    assert re.fullmatch(r'<a class="embed-link" data-embed href="https?://[^"]+" rel="external noopener">Film "x"</a>', html)


@pytest.mark.parametrize("src", ["", "/local", "javascript:x", "https://", "//[x"], ids=["none", "local", "script", "no host", "broken"])
def test_embed_of_no_host_goes(src):
    """An embed that leads nowhere else is nothing."""
    assert sanitize(f'a<iframe src="{src}"></iframe>b', HOSTS) == "ab"


@pytest.mark.parametrize(
    ("text", "html"),
    [("*a*", "<em>a</em>"), ("a\n\nb", "<p>a</p>\n<p>b</p>"), (" <b>a</b> ", "<b>a</b>"), ("- a", "<ul>\n<li>a</li>\n</ul>"), ("", "")],
    ids=["one paragraph", "two", "HTML", "list", "nothing"],
)
def test_short_text_loses_its_paragraph(text, html):
    """A text of one paragraph can stand in a line; any other keeps its form."""
    assert inline(text) == html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a &amp; b</p>", "a & b"),
        ("<p>a</p>\n<p>b</p>", "a b"),
        ("a<script>b</script>", "a"),
        ("<p>eins zwei drei vier</p>", "eins zwei …"),
        ("<p>eins, zweidreivier</p>", "eins …"),
        ("", ""),
    ],
    ids=["entity", "paragraphs", "script", "too long", "comma at the end", "nothing"],
)
def test_beginning_of_a_text_is_cut_between_words(html, text):
    """What a page says of itself is its beginning as a reader reads it, cut between words."""
    assert text_of(html, 13) == text


def test_conversions_know_nothing_of_each_other():
    """A link defined in one text is not known in the next."""
    to_html("[x]: https://x.de")
    assert to_html("[x]") == "<p>[x]</p>"


class Interrupted(Exception):
    """What a deadline would raise."""


@pytest.mark.parametrize("lines", range(4))
def test_text_that_cannot_be_converted_harms_no_other(lines, monkeypatch):
    """An interrupted conversion leaves nothing behind: the next text is converted as ever."""
    taken = blocks._Reader.take

    def take(reader, line):
        if len(reader.blocks.root.children) >= lines:
            raise Interrupted
        taken(reader, line)

    with monkeypatch.context() as patched:
        patched.setattr(blocks._Reader, "take", take)
        with pytest.raises(Interrupted):
            to_html("a\n\n- b\n\n<div>\n\n[^1]: c\n\n> d\n\ne")
    assert to_html("*a*") == "<p><em>a</em></p>"
