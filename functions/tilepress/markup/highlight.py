"""Code in a language → the same code with the classes of its tokens, as Pygments names them. The theme has the colours."""

import re
from html import unescape

from tilepress.markup.tokens import Tag, Token, end_of, words

CHARS_MAX = 50_000
"""Longer code stays as it is: some lexers take their time."""
_TAG = re.compile(r"<[^>]*>")
_PREFIX = "language-"


def highlighted(tokens: list[Token]) -> list[Token]:
    """Every `<pre><code class="language-…">` of a language that Pygments knows, highlighted."""
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        code = _code_at(tokens, at)
        if code is None:
            found.append(tokens[at])
            at += 1
            continue
        language, end = code
        found += _block(tokens[at : end + 1], language)
        at = end + 1
    return found


def _code_at(tokens: list[Token], at: int) -> tuple[str, int] | None:
    """The language of a code block here, and where it ends."""
    if at + 1 >= len(tokens):
        return None
    pre, code = tokens[at], tokens[at + 1]
    if not (isinstance(pre, Tag) and pre.name == "pre" and not pre.ends and isinstance(code, Tag) and code.name == "code"):
        return None
    language = next((name.removeprefix(_PREFIX) for name in code.classes if name.startswith(_PREFIX)), "")
    return (language, end_of(tokens, at)) if language else None


def _block(tokens: list[Token], language: str) -> list[Token]:
    html = _html(words(tokens), language)
    if html is None:
        return tokens
    return [Tag("div", {"class": "highlight"}), *tokens[:2], html, *tokens[-2:], Tag("div", ends=True)]


def _html(code: str, language: str) -> str | None:
    from pygments import highlight  # noqa: PLC0415 - most pages have no code, and a cold start is paid for by all
    from pygments.formatters.html import HtmlFormatter  # noqa: PLC0415 - as above
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - as above
    from pygments.util import ClassNotFound  # noqa: PLC0415 - as above

    if len(code) > CHARS_MAX:
        return None
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    html: str = highlight(code, lexer, HtmlFormatter(nowrap=True))
    # A lexer that would change the text is no help.
    return html if _text_of(html) == code else None


def _text_of(html: str) -> str:
    return unescape(_TAG.sub("", html))
