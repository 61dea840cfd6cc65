"""What authors write comes out as CommonMark and GitHub have it: from both engines, and the same from both."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tilepress.markup import Rules, to_html
from tilepress.markup.engines import convert

VOID = {"br", "hr", "img", "input"}


class Dom(HTMLParser):
    """HTML as a list of tags and texts, without the white space between blocks that no reader sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[object] = []
        self.pre = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.pre += tag == "pre"
        self.found.append((tag, tuple(sorted(attrs))))

    def handle_endtag(self, tag):
        self.pre -= tag == "pre"
        if tag not in VOID:
            self.found.append(f"/{tag}")

    def handle_data(self, data):
        text = data if self.pre else " ".join(data.split())
        if text:
            self.found.append(("text", text))


def html_of(text: str, engine: str) -> str:
    """The text by an engine, white space between tags aside."""
    return to_html(text, Rules(engine)).replace(">\n<", "><")


CASES = {
    "list after a line": ("Wir haben:\n- a\n- b", "<p>Wir haben:</p><ul><li>a</li><li>b</li></ul>"),
    "list of stars after a line": ("a\n* b", "<p>a</p><ul><li>b</li></ul>"),
    "list of pluses": ("+ a\n+ b", "<ul><li>a</li><li>b</li></ul>"),
    "number after a line is text": ("Im Jahr\n2024. war es", "<p>Im Jahr\n2024. war es</p>"),
    "one after a line is a list": ("a\n1. b", "<p>a</p><ol><li>b</li></ol>"),
    "list from five": ("5. a\n6. b", '<ol start="5"><li>a</li><li>b</li></ol>'),
    "nested by two": ("- a\n  - b\n    - c\n- d", "<ul><li>a<ul><li>b<ul><li>c</li></ul></li></ul></li><li>d</li></ul>"),
    "nested by four": ("- a\n    - b\n- c", "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>"),
    "nested by a tab": ("- a\n\t- b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
    "loose list": ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
    "paragraph in a list": ("- a\n\n  b", "<ul><li><p>a</p><p>b</p></li></ul>"),
    "two lists by their markers": ("- a\n* b", "<ul><li>a</li></ul><ul><li>b</li></ul>"),
    "line goes on in a list": ("- a\nb", "<ul><li>a\nb</li></ul>"),
    "fence in a list": ("1. a\n\n   ```\n   b\n     c\n   ```\n2. d", "<ol><li><p>a</p><pre><code>b\n  c\n</code></pre></li><li><p>d</p></li></ol>"),
    "fence after a line": ("a\n```\nb\n```", "<p>a</p><pre><code>b\n</code></pre>"),
    "fence of tildes": ("~~~\n```\n~~~", "<pre><code>```\n</code></pre>"),
    "fence without an end": ("```\na", "<pre><code>a\n</code></pre>"),
    "indented code": ("    a\n\n    b", "<pre><code>a\n\nb\n</code></pre>"),
    "quote": ("> a\n> b\nc", "<blockquote><p>a\nb\nc</p></blockquote>"),
    "list in a quote": ("> - a\n> - b", "<blockquote><ul><li>a</li><li>b</li></ul></blockquote>"),
    "quote in a list": ("- > a", "<ul><li><blockquote><p>a</p></blockquote></li></ul>"),
    "heading after a line": ("a\n## B", '<p>a</p><h2 id="b">B</h2>'),
    "heading without a blank": ("##B", "<p>##B</p>"),
    "closed heading": ("## B ##", '<h2 id="b">B</h2>'),
    "underlined heading": ("A\n---", '<h2 id="a">A</h2>'),
    "rule": ("a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"),
    "block of HTML": ("<div>\n*a*\n</div>\n\n*b*", "<div>\n*a*\n</div><p><em>b</em></p>"),
    "Markdown in HTML": ("<div>\n\n*a*\n\n</div>", "<div><p><em>a</em></p></div>"),
    "HTML in a line": ("a <b>*c*</b>", "<p>a <b><em>c</em></b></p>"),
    "hard break": ("a  \nb\\\nc", "<p>a<br>b<br>c</p>"),
    "emphasis": ("*a* _b_ **c** __d__ ***e***", "<p><em>a</em> <em>b</em> <strong>c</strong> <strong>d</strong> <em><strong>e</strong></em></p>"),
    "emphasis within a word": ("a*b*c a_b_c", "<p>a<em>b</em>c a_b_c</p>"),
    "emphasis that a letter follows": ("**Ort:**hier", "<p>**Ort:**hier</p>"),
    "stars in a sum": ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
    "strikethrough": ("~~a~~", "<p><del>a</del></p>"),
    "code span": ("`` a`b ``", "<p><code>a`b</code></p>"),
    "code before emphasis": ("*a `b* c`", "<p>*a <code>b* c</code></p>"),
    "link": ('[a *b*](/c "d")', '<p><a href="/c" title="d">a <em>b</em></a></p>'),
    "link with blanks around its address": ("[a]( /b )", '<p><a href="/b">a</a></p>'),
    "address with a blank is none": ("[a](b c)", "<p>[a](b c)</p>"),
    "address in angle brackets": ("[a](<b c>)", '<p><a href="b%20c">a</a></p>'),
    "reference": ("[a][B] [b]\n\n[b]: /c 'd'", '<p><a href="/c" title="d">a</a> <a href="/c" title="d">b</a></p>'),
    "image in a link": ("[![a](/b.png)](/c)", '<p><a href="/c"><img src="/b.png" alt="a"></a></p>'),
    "brackets": ("[a] [b][c]", "<p>[a] [b][c]</p>"),
    "address in pointed brackets": ("<https://a.de>", '<p><a href="https://a.de" rel="external noopener">https://a.de</a></p>'),
    "bare address": ("Siehe https://a.de/b_c.", '<p>Siehe <a href="https://a.de/b_c" rel="external noopener">https://a.de/b_c</a>.</p>'),
    "bare address in brackets": ("(https://a.de/b)", '<p>(<a href="https://a.de/b" rel="external noopener">https://a.de/b</a>)</p>'),
    "bare address after HTML": ("<b>https://a.de</b>", '<p><b><a href="https://a.de" rel="external noopener">https://a.de</a></b></p>'),
    "bare mail": ("an a.b@c.de", '<p>an <a href="mailto:a.b@c.de">a.b@c.de</a></p>'),
    "backslash": (r"\*a\* \a", r"<p>*a* \a</p>"),
    "entities": ("&auml; &copy; &x; & <", "<p>ä © &amp;x; &amp; &lt;</p>"),
    "task list": (
        "- [ ] a\n- [x] b",
        '<ul><li><input disabled type="checkbox"> a</li><li><input checked disabled type="checkbox"> b</li></ul>',
    ),
    "table": (
        "a | b\n--|:-:\n1 | 2\\|3",
        (
            '<table tabindex="0"><thead><tr><th>a</th><th class="align-center">b</th></tr></thead>'
            '<tbody><tr><td>1</td><td class="align-center">2|3</td></tr></tbody></table>'
        ),
    ),
    "table after a line": (
        "x\n\n|a|\n|-|\n|b|\nc",
        '<p>x</p><table tabindex="0"><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr><tr><td>c</td></tr></tbody></table>',
    ),
    "comment": ("a<!-- b -->c <!--> d", "<p>ac  d</p>"),
    "instruction": ("a<?b?>c <!D e>f", "<p>ac f</p>"),
    "comment without an end": ("a <!-- b <!-- c", "<p>a &lt;!-- b &lt;!-- c</p>"),
    "mail in pointed brackets": ("<a@b.de>", '<p><a href="mailto:a@b.de">a@b.de</a></p>'),
    "address that holds parentheses": (
        "https://a.de/b_(c) (https://a.de/d) https://a.de/e&copy;",
        (
            '<p><a href="https://a.de/b_(c)" rel="external noopener">https://a.de/b_(c)</a> '
            '(<a href="https://a.de/d" rel="external noopener">https://a.de/d</a>) '
            '<a href="https://a.de/e" rel="external noopener">https://a.de/e</a>©</p>'
        ),
    ),
    "image of many words": ("![a `b` ![c](d) *e*](/f.png)", '<p><img src="/f.png" alt="a b c e"></p>'),
    "title in parentheses": ("[a](/b (c))", '<p><a href="/b" title="c">a</a></p>'),
    "title with a blank line is none": ("[a]: /b 'c\n\nd'\n\n[a]", "<p>[a]: /b 'c</p><p>d'</p><p>[a]</p>"),
    "definition without an address": ("[a]:\n\n[a]", "<p>[a]:</p><p>[a]</p>"),
    "definitions and a line below": ("[a]: /b\n===\n\n[a]", '<p>===</p><p><a href="/b">a</a></p>'),
    "heading after definitions": ("[a]: /b\n[a]\n===", '<h1 id="a"><a href="/b">a</a></h1>'),
    "many parentheses in an address": ("[a](" + "(" * 40 + ")" * 40 + ")", "<p>[a](" + "(" * 40 + ")" * 40 + ")</p>"),
    "member that begins with code": ("-     a\n\n  b", "<ul><li><pre><code>a\n</code></pre><p>b</p></li></ul>"),
    "empty member": ("- a\n-\n- b", "<ul><li>a</li><li></li><li>b</li></ul>"),
    "script in a block": ("<script>\n\na\n</script>\n*b*", "<p><em>b</em></p>"),
    "tab in a quote": (">\t\ta", "<blockquote><pre><code>  a\n</code></pre></blockquote>"),
    "code that goes on after a blank line": ("    a\n\n\n    b\n\nc", "<pre><code>a\n\n\nb\n</code></pre><p>c</p>"),
    "definitions": ("a\n: b\n: *c*", "<dl><dt>a</dt><dd>b</dd><dd><em>c</em></dd></dl>"),
    "heading with attributes": ("## A {#b .c}", '<h2 id="b" class="c">A</h2>'),
    "anchors": ("## Über uns!\n## Über uns!\n## ?", '<h2 id="über-uns">Über uns!</h2><h2 id="über-uns-1">Über uns!</h2><h2 id="heading">?</h2>'),
    "anchor of the theme": ("## Main", '<h2 id="main-1">Main</h2>'),
    "contents": (
        "[TOC]\n\n## A\n### B\n## C",
        (
            '<nav class="toc"><ul><li><a href="#a">A</a><ul><li><a href="#b">B</a></li></ul></li><li><a href="#c">C</a></li></ul></nav>'
            '<h2 id="a">A</h2><h3 id="b">B</h3><h2 id="c">C</h2>'
        ),
    ),
    "contents from below": (
        "[TOC]\n\n#### A\n## B\n### C",
        (
            '<nav class="toc"><ul><li><a href="#a">A</a></li><li><a href="#b">B</a><ul><li><a href="#c">C</a></li></ul></li></ul></nav>'
            '<h4 id="a">A</h4><h2 id="b">B</h2><h3 id="c">C</h3>'
        ),
    ),
    "code with colours": (
        "```python\nx = 1\n```",
        (
            '<div class="highlight"><pre><code class="language-python"><span class="n">x</span> <span class="o">=</span> '
            '<span class="mi">1</span></code></pre></div>'
        ),
    ),
    "code of an unknown language": ("```nix-da\na < b\n```", '<pre><code class="language-nix-da">a &lt; b\n</code></pre>'),
}


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
@pytest.mark.parametrize("case", CASES)
def test_construct(case, engine):
    """Each construct comes out as it should, whichever engine reads it."""
    text, html = CASES[case]
    assert Dom(html_of(text, engine)).found == Dom(html).found


FOOTNOTES = "a[^x] b[^2] c[^x]\n\n[^x]: eins\n[^2]: zwei [^3]\n[^3]: drei\n[^4]: nie"


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_footnotes(engine):
    """Footnotes are numbered as the text comes to them, link both ways, and stand at the end; one that nobody names does not."""
    html = to_html(FOOTNOTES, Rules(engine))
    assert '<sup id="fnref:1"><a href="#fn:1"' in html.replace(' class="footnote-ref"', "")
    assert [html.count(f'id="{name}"') for name in ("fnref:1", "fnref1:1", "fnref:2", "fnref:3", "fn:1", "fn:2", "fn:3", "fn:4")] == [1] * 7 + [0]
    assert [html.count(f'href="#{name}"') for name in ("fnref:1", "fnref1:1", "fn:1", "fn:3")] == [1, 1, 2, 1]
    assert "nie" not in html


def test_engines_agree_on_footnotes():
    """Footnotes of one engine are those of the other."""
    assert Dom(to_html(FOOTNOTES)).found == Dom(to_html(FOOTNOTES, Rules("commonmark"))).found


BLOCKS = st.sampled_from(
    [
        "Text *mit* **Nachdruck** und `Code`.",
        "Eine Zeile\nund noch eine  \nmit Umbruch",
        "- a\n- b\n  - c\n  - d\n- e",
        "1. a\n2. b\n\n   c",
        "* a\n\n* b\n  > c",
        "- a\n\n  ```\n  b\n  ```",
        "> a\n> - b\n> - c",
        "## Titel",
        "Titel\n===",
        "***",
        "```\na *b*\n```",
        "    Code",
        "|a|b|\n|-|-|\n|c|*d*|",
        "<div>\n<b>a</b>\n</div>",
        "<details>\n<summary>a</summary>\n\nb\n\n</details>",
        "[a](/b) ![c](/d.png) [e][f] https://g.de/h",
        "~~a~~ a_b_c \\* &amp;",
        "**a *b* c** *d **e***",
        "x[^1]",
    ]
)


@settings(deadline=None, max_examples=150, derandomize=True)
@given(st.lists(BLOCKS, min_size=1, max_size=6), st.sampled_from(["\n\n", "\n\n\n"]))
def test_engines_agree(blocks, between):
    """Whatever usual blocks follow one another, both engines read them alike."""
    text = between.join(blocks) + "\n\n[f]: /i\n\n[^1]: y\n"
    assert Dom(to_html(text)).found == Dom(to_html(text, Rules("commonmark"))).found


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a\n: b\n\n    c\n: - d", "<dl><dt>a</dt><dd>b<p>c</p></dd><dd><ul><li>d</li></ul></dd></dl>"),
        ("a\n\n: b\n\nc\n: d", "<dl><dt>a</dt><dd><p>b</p></dd><dt>c</dt><dd>d</dd></dl>"),
        ("![a](b){.c width=3} *d*{#e}", '<p><img src="b" alt="a" class="c" width="3"> <em id="e">d</em></p>'),
        ("a {b} {c}", "<p>a {b} {c}</p>"),
        ("a\n{: .b }", '<p class="b">a</p>'),
        ("www.a.de", '<p><a href="https://www.a.de" rel="external noopener">www.a.de</a></p>'),
        ("a\x02\x00b", "<p>a��b</p>"),
    ],
    ids=["definitions with blocks", "definitions apart", "attributes", "braces", "attributes of a paragraph", "www", "control characters"],
)
def test_python_markdown_has_more(text, html):
    """What the default engine alone has."""
    assert Dom(html_of(text, "markdown")).found == Dom(html).found


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_long_code_keeps_its_one_colour(engine):
    """Code that would take a lexer long stays as it is."""
    assert "<span" not in to_html("```python\n" + "x = 1\n" * 10_000 + "```", Rules(engine))


def test_images_and_notes_that_look_alike():
    """A mark of a footnote after an exclamation mark is no image."""
    assert to_html("a![^1]\n\n[^1]: b").startswith('<p>a!<sup id="fnref:1">')


def test_brackets_in_one_another_are_counted():
    """More brackets in one another than anybody writes are text, and harm nothing after them."""
    assert to_html("[" * 600 + "a" + "]" * 600 + " *b*").endswith("<em>b</em></p>")


def test_rows_are_not_filled_for_ever():
    """A wide head and many short rows are no huge table."""
    html = convert("|a" * 200 + "\n" + "|-" * 200 + "\n" + "|b\n" * 200, "markdown")
    assert html.count("<td") < 200 + 10_000 + 200
