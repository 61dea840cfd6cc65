"""HTML whose addresses become others, as feeds and previews need it. Pure.

Only what stands in a tag is an address. A text that shows HTML, such as a sample of code, has quotation marks as they are, and stays.
"""

import re
from collections.abc import Callable

_TAG = re.compile(r"""<[a-zA-Z](?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")


def with_tags(html: str, change: Callable[[str], str]) -> str:
    """The HTML with every start tag as `change` makes it."""
    return _TAG.sub(lambda tag: change(tag[0]), html)
