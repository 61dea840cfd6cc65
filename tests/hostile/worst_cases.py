"""Texts that are short to write and long to read: for each kind a text of about so many characters.

`python -m tests.hostile.worst_cases [BYTES]` prints what they cost: microseconds of the processor for each byte, by engine.
"""

import sys
from collections.abc import Callable, Mapping
from time import process_time

from tilepress.adapters.deadline import deadline
from tilepress.errors import DeadlineExceeded, TooComplex
from tilepress.markup import Rules, to_html

ENGINES = ("markdown", "commonmark")


def _repeated(piece: str) -> Callable[[int], str]:
    return lambda size: piece * (size // len(piece))


def _around(before: str, middle: str, after: str) -> Callable[[int], str]:
    def made(size: int) -> str:
        times = size // (len(before) + len(after) or 1)
        return before * times + middle + after * times

    return made


def _stairs(marker: str, step: int) -> Callable[[int], str]:
    """Each line further in than the one before."""

    def made(size: int) -> str:
        lines, length, depth = [], 0, 0
        while length < size:
            lines.append(" " * (step * depth) + marker)
            length += len(lines[-1]) + 1
            depth += 1
        return "\n".join(lines)

    return made


def _footnotes(size: int) -> str:
    count = size // 20
    return "".join(f"[^{n}] " for n in range(count)) + "\n\n" + "\n".join(f"[^{n}]: a" for n in range(count))


def _references(size: int) -> str:
    count = size // 24
    return "".join(f"[r{n}] " for n in range(count)) + "\n\n" + "\n".join(f"[r{n}]: /a" for n in range(count))


def _formatting(size: int) -> str:
    return "".join(f"<b id={n}>" for n in range(200)) + "<p>" * (size // 3)


def _attributes(size: int) -> str:
    return "<p " + " ".join(f"a{n}" for n in range(size // 7)) + ">"


def _ticks(size: int) -> str:
    lengths = int((2 * size) ** 0.5)
    return " ".join("`" * n for n in range(1, lengths))


WORST: Mapping[str, Callable[[int], str]] = {
    "opening brackets": _repeated("["),
    "brackets in one another": _around("[", "a", "]"),
    "closing brackets": _repeated("]"),
    "images in one another": _around("![a", "b", "](c)"),
    "links that never end": _repeated("[a]("),
    "links with titles that never end": _repeated('[a](b "'),
    "addresses in angle brackets that never end": _repeated("[a](<b"),
    "parentheses in an address": _around("[a](", "((((", ""),
    "link after link": _repeated("[a](b)"),
    "references": _references,
    "references that nobody defines": _repeated("[a][b] "),
    "one definition after another": _repeated("[a]: /b\n"),
    "labels that never end": _repeated("[a\n"),
    "emphasis that only opens": _repeated("*a "),
    "strong emphasis that only opens": _repeated("**a "),
    "emphasis that only closes": _repeated("a* "),
    "emphasis in one another": _around("*a ", "b", " c*"),
    "three kinds of emphasis": _repeated("*a _b ~~c "),
    "mixed runs": _repeated("a**b*c "),
    "a run of stars": _repeated("*"),
    "a run of underlines": _repeated("_"),
    "tildes": _repeated("~~a ~b "),
    "backticks of every length": _ticks,
    "backticks with a letter": _repeated("`a``b```"),
    "quotes in one another": _around(">", " a", ""),
    "quotes, further in by line": lambda size: "\n".join("> " * min(n, 400) + "a" for n in range(max(2, size // 800))),
    "lists, further in by line": _stairs("- a", 2),
    "numbered lists, further in by line": _stairs("1. a", 3),
    "lists in one line": _repeated("- "),
    "one list": _repeated("- a\n"),
    "loose list": _repeated("- a\n\n"),
    "fences that never end": _repeated("```\na\n\n~~~\n"),
    "headings": _repeated("# a\n"),
    "underlined headings": _repeated("a\n-\n"),
    "hashes after a heading": lambda size: "# a" + " #" * (size // 2),
    "rules": _repeated("* * *\n"),
    "spaces": lambda size: "a" + " " * size + "b",
    "tabs": lambda size: "- " + "\t" * size + "b",
    "blank lines": _repeated("\n"),
    "hard breaks": _repeated("a  \n"),
    "backslashes": _repeated("\\"),
    "entities": _repeated("&amp;"),
    "ampersands": _repeated("&"),
    "entities that never end": _repeated("&a"),
    "less-than signs": _repeated("<"),
    "tags that never end": _repeated("<a "),
    "tags with values that never end": _repeated("<a b='"),
    "comments that never end": _repeated("a <!-- "),
    "instructions that never end": _repeated("a <? "),
    "declarations that never end": _repeated("a <!A "),
    "blocks of HTML": _repeated("<div>\n\n"),
    "elements in one another": _repeated("<div>"),
    "quotes of HTML in one another": _repeated("<blockquote>"),
    "lists of HTML in one another": _repeated("<ul><li>"),
    "formatting open in every paragraph": _formatting,
    "formatting and blocks crossed": _repeated("<b><div></b>"),
    "attributes": _attributes,
    "tables in one another": _repeated("<table><tr><td>"),
    "one wide table": lambda size: "|a" * (size // 4) + "\n" + "|-" * (size // 4),
    "one long table": lambda size: "|a|b|\n|-|-|\n" + "|c|d|\n" * (size // 6),
    "rows shorter than the table": lambda size: "|a" * 200 + "\n" + "|-" * 200 + "\n" + "|\n" * (size // 2),
    "what might be a table": _repeated("|a|\n"),
    "bars": _repeated("|"),
    "footnotes": _footnotes,
    "one footnote, many marks": lambda size: "[^1]" * (size // 4) + "\n\n[^1]: a",
    "footnotes in footnotes": lambda size: "[^0]\n\n" + "\n".join(f"[^{n}]: [^{n + 1}]" for n in range(size // 16)),
    "definitions of terms": _repeated("a\n: b\n\n"),
    "bare addresses": _repeated("http://a.de "),
    "what might be an address": _repeated("www."),
    "what might be mail": _repeated("a_"),
    "an address full of punctuation": lambda size: "http://a.de/" + "." * size,
    "an address full of parentheses": lambda size: "http://a.de/" + "(" * (size // 2) + ")" * (size // 2),
    "attribute lists": _repeated("*a*{.b} "),
    "attribute lists that never end": _repeated("*a*{.b "),
    "one word": _repeated("a"),
    "words": _repeated("Haus und Hof. "),
    "code to colour": lambda size: "```python\n" + "((((" * (size // 4) + "\n```",
}


def measured(text: str, engine: str) -> str:
    """Microseconds a byte, and what became of the text."""
    started = process_time()
    try:
        with deadline():
            to_html(text, Rules(engine))
        became = ""
    except (DeadlineExceeded, TooComplex, RecursionError) as error:
        became = f" {type(error).__name__}"
    return f"{(process_time() - started) * 1e6 / len(text.encode()):.2f}{became}"


def main() -> None:
    """Print the table."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print(f"{'µs a byte, texts of ' + format(size, ',') + ' bytes':48} {'markdown':>28} {'commonmark':>28}")
    for name, made in WORST.items():
        text = made(size)
        print(f"{name:48} " + " ".join(f"{measured(text, engine):>28}" for engine in ENGINES), flush=True)


if __name__ == "__main__":
    main()
