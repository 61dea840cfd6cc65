"""Markdown → HTML by the engine that a site names. Both are imported where they are first needed.

What comes out is the author's HTML still: nobody but `tilepress.markup` calls this, and the sanitiser comes next.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown import Markdown


def convert(text: str, engine: str) -> str:
    """The text as HTML. Raises RecursionError on absurdly deep nesting."""
    return _ENGINES[engine](text)


def _markdown(text: str) -> str:
    try:
        return _python_markdown().reset().convert(text)
    except BaseException:
        # An engine that was interrupted may remember something, and would get every later text wrong.
        _python_markdown.cache_clear()
        raise


@cache
def _python_markdown() -> "Markdown":
    """The engine, built once: that costs more than converting a page."""
    from markdown import Markdown  # noqa: PLC0415 - the other engine does without

    from tilepress.markup.tree import CommonMarkExtension  # noqa: PLC0415 - as above

    return Markdown(extensions=[CommonMarkExtension()], output_format="html")


def _commonmark(text: str) -> str:
    from cmarkgfm import cmark  # noqa: PLC0415 - few sites need it, and it costs a cold start 20 ms

    options = cmark.Options.CMARK_OPT_UNSAFE | cmark.Options.CMARK_OPT_FOOTNOTES
    html: str = cmark.markdown_to_html_with_extensions(text, options, ["table", "strikethrough", "autolink"])
    return html


_ENGINES: Mapping[str, Callable[[str], str]] = {"markdown": _markdown, "commonmark": _commonmark}
