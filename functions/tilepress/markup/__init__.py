"""Authors' Markdown → sanitised HTML. The one place where a Markdown engine or the sanitiser is called.

```
text ─▶ engines   the engine that site.yaml names; "markdown" is Python-Markdown with CommonMark's eyes (tree, blocks, inlines, links)
     ─▶ policy    the sanitiser, with our policy
     ─▶ finish    what both engines share: embeds, anchors, tables, code with colours
     ─▶ images    later, when it is known which images there are: variants in fitting widths
```

Author text is never a template. Raw HTML is allowed and goes through the sanitiser with everything else; what comes after the
sanitiser only adds what is ours. Callers bound the time of a text with a deadline.
"""

import html
import re

import nh3

from tilepress.markup.engines import convert
from tilepress.markup.finish import finished
from tilepress.markup.images import images_in, with_pictures
from tilepress.markup.policy import clean
from tilepress.markup.rules import Rules
from tilepress.pages import Html

__all__ = ["Rules", "images_in", "inline", "sanitize", "text_of", "to_html", "with_pictures"]

_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>", re.DOTALL)


def to_html(text: str, rules: Rules = Rules()) -> Html:  # noqa: B008 - a frozen value
    """A page's Markdown as sanitised HTML. Raises TooComplex or RecursionError on absurdly deep nesting."""
    return sanitize(convert(text, rules.engine), rules)


def inline(text: str, rules: Rules = Rules()) -> Html:  # noqa: B008 - a frozen value
    """A short text, of Markdown and HTML, as sanitised HTML; a single paragraph loses its <p>."""
    rendered = sanitize(convert(text.strip(), rules.engine), rules, anchors=False)
    single = _PARAGRAPH.fullmatch(rendered.strip())
    return Html(single.group(1)) if single else rendered


def sanitize(text: str, rules: Rules = Rules(), *, anchors: bool = True) -> Html:  # noqa: B008 - a frozen value
    """Any HTML as HTML that can do no harm: what our policy does not name goes, its text stays."""
    return Html(finished(clean(text), rules, anchors=anchors).strip())


def text_of(markup: str, chars_max: int) -> str:
    """The beginning of what a reader reads of some HTML, cut between words."""
    text = html.unescape(nh3.clean(markup[: 20 * chars_max], tags=set(), clean_content_tags={"script", "style", "iframe"}))
    text = " ".join(text.split())
    if len(text) <= chars_max:
        return text
    return text[:chars_max].rpartition(" ")[0].rstrip(" ,;:–-") + " …"
