"""A source file's text becomes located fields and Markdown, or a problem that says where and what to do."""

import pytest
from builders import TELL, source
from tilepress.front_matter import FILE_BYTES_MAX, FRONT_MATTER_BYTES_MAX, Document, read
from tilepress.nodes import DEPTH_MAX, Broken, Mapping, Scalar
from tilepress.pages import Problem, Severity
from tilepress.yaml_nodes import compose, compose_fields


def document(text: str | bytes) -> Document:
    """The file taken apart."""
    return read(source(text), "en")


def value(yaml: str) -> object:
    """What the field `a` holds by the core schema."""
    return compose_fields(f"a: {yaml}\n", TELL)[0].fields["a"].value()


def broken(text: str | bytes) -> Problem:
    """What is wrong with a file that cannot be read."""
    with pytest.raises(Broken) as raised:
        document(text)
    return raised.value.problem


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("---\ntitle: x\n---\nText.\n", id="usual"),
        pytest.param("\ufeff---\ntitle: x\n---\nText.\n", id="byte order mark"),
        pytest.param("---\r\ntitle: x\r\n---\r\nText.\r\n", id="Windows"),
        pytest.param("---\rtitle: x\r---\rText.\r", id="old Macintosh"),
        pytest.param("\n \n---\ntitle: x\n---\nText.\n", id="empty lines first"),
        pytest.param("----  \ntitle: x\n-----\t\nText.\n", id="longer fences and blanks"),
        pytest.param("---\n# comment\ntitle: x\n---\nText.", id="comment"),
    ],
)
def test_front_matter_and_body_are_told_apart(text):
    """However the file was saved, its fields and its text are found."""
    found = document(text)
    assert (found.fields.value(), found.body.strip()) == ({"title": "x"}, "Text.")


def test_body_may_have_rules_in_it():
    """Only the first two fences count; a line of hyphens in the text is the text's."""
    assert document("---\ntitle: x\n---\na\n\n---\n\nb\n").body == "a\n\n---\n\nb\n"


def test_body_line_is_where_the_text_starts():
    """The text's lines are counted in the file; empty ones before it are not of it."""
    assert document("\n---\ntitle: x\nsubtitle: y\n---\n\nText.\n").body_line == 7


def test_empty_front_matter_has_no_fields():
    """Fences with nothing between them are front matter without fields."""
    assert document("---\n---\nText.\n").fields.value() == {}


def code(text: str) -> str:
    """What is wrong with a file, in short; "" where nothing is."""
    try:
        document(text)
    except Broken as found:
        return found.problem.code
    return ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(b"", "file-empty", id="empty"),
        pytest.param(b" \n\t\n", "file-empty", id="white space"),
        pytest.param("---\ntitle: x\n".encode("utf-16"), "encoding", id="UTF-16"),
        pytest.param("---\ntitle: x\n".encode("utf-16-le"), "encoding", id="UTF-16 without a mark"),
        pytest.param("---\ntitle: x\n".encode("utf-16-be"), "encoding", id="UTF-16 without a mark, big end first"),
        pytest.param('---\ntitle: "a\\0b"\n---\n', "control-character", id="control character described in YAML"),
        pytest.param("---\ntitle: x\n".encode("utf-16-be").join((b"\xfe\xff", b"")), "encoding", id="UTF-16, big end first"),
        pytest.param("Just text.\n", "front-matter-missing", id="no front matter"),
        pytest.param("---\ntitle: x\n\nText.\n", "front-matter-unclosed", id="unclosed"),
        pytest.param("---\n- a\n- b\n---\n", "not-a-mapping", id="list"),
        pytest.param("---\njust a text\n---\n", "not-a-mapping", id="scalar"),
        pytest.param("---\ntitle: a\x00b\n---\n", "control-character", id="control character"),
        pytest.param("---\ntitle: a: b\n---\n", "yaml", id="unquoted colon"),
        pytest.param("---\ntitle: &a x\n---\n", "yaml-alias", id="anchor"),
        pytest.param("---\ntitle: *a\n---\n", "yaml-alias", id="alias"),
        pytest.param("---\n<<: {a: b}\n---\n", "yaml-alias", id="merge key"),
        pytest.param("---\ntitle: !!python/name:os.system x\n---\n", "yaml-tag", id="tag"),
        pytest.param("---\n!!set {a}\n---\n", "yaml-tag", id="tag of a mapping"),
        pytest.param("---\n{a: b}: c\n---\n", "yaml-key", id="mapping as a name"),
        pytest.param("---\ntitle: x\n--- more\ntitle: y\n---\n", "yaml-documents", id="second document"),
        pytest.param("---\ntitle: a\x80b\n---\n", "control-character", id="control character of Latin-1"),
        pytest.param("---\ntitle: a\ufffeb\n---\n", "control-character", id="no character"),
        pytest.param("--- more\ntitle: x\n---\na\n---\nb: c\n", "front-matter-missing", id="something else in the first line"),
    ],
)
def test_what_cannot_be_relied_on_is_a_problem(text, code):
    """No file is guessed at in silence: what is not front matter of fields is a problem of its own kind."""
    assert broken(text).code == code


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param(b"---\ntitle: Caf\xe9\n---\n", (2, 11), id="Latin-1"),
        pytest.param(b"\xef\xbb\xbf---\ntitle: Caf\xe9\n---\n", (2, 11), id="Latin-1 after a byte order mark"),
        pytest.param(b"---\rtitle: Caf\xe9\r---\r", (2, 11), id="Latin-1 of an old Macintosh"),
        pytest.param("---\ntitle: ü".encode() + b"\xe4\n---\n", (2, 9), id="Latin-1 after UTF-8"),
        pytest.param("---\ntitle: x\n---\n\nab\x07\n", (5, 3), id="control character"),
        pytest.param("---\ntitle: x\nsubtitle: a: b\n---\n", (3, 12), id="unquoted colon"),
        pytest.param("\n\n---\ntitle: a: b\n---\n", (4, 9), id="unquoted colon after empty lines"),
        pytest.param("---\r\ntitle: ü: b\r\n---\r\n", (2, 9), id="unquoted colon, Windows"),
        pytest.param("---\ntitle: x\u2028y\nsubtitle: a: b\n---\n", (3, 12), id="line separator of a word processor"),
        pytest.param("---\ntitle: x\ncontact:\n\ttwitter: y\n---\n", (4, 1), id="tab"),
        pytest.param("---\ntitle: x\ntags: [a, &b c]\n---\n", (3, 11), id="anchor in a list"),
        pytest.param("\n \nText.\n", (3, 1), id="no front matter"),
        pytest.param("---\ntitle: x\n- a\n---\n", (3, 1), id="list after fields"),
        pytest.param("---\n[a]\n---\n", (2, 1), id="list"),
    ],
)
def test_problems_are_located_in_the_file(text, place):
    """Line and column count from 1, in characters, in the file as it was uploaded."""
    problem = broken(text)
    assert (problem.line, problem.column) == place


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("---\ntitle: a: b\n---\n", "quotation marks", id="unquoted colon"),
        pytest.param("---\na:\n\tb: c\n---\n", "tabs", id="tab"),
        pytest.param("---\na:\n  b: c\n d: e\n---\n", "same number of blanks", id="uneven indentation"),
        pytest.param("---\ntitle\nb: c\n---\n", "field: value", id="field without colon"),
        pytest.param('---\ntitle: "a\n---\n', "end of the text", id="open quotation"),
        pytest.param("---\ntitle: @a\n---\n", "quotation marks", id="at sign"),
        pytest.param("---\ntitle: %a\n---\n", "quotation marks", id="percent sign"),
        pytest.param("---\ntitle: `a`\n---\n", "quotation marks", id="backtick"),
    ],
)
def test_hints_say_what_to_write(text, said):
    """The usual mistakes come with a hint of their own."""
    assert said in broken(text).hint


def test_latin_1_is_shown_as_the_letter_that_it_was():
    """Whoever saved a file in Latin-1 recognises the letter."""
    assert "“é”" in broken(b"---\ntitle: Caf\xe9\n---\n").message


@pytest.mark.parametrize(("spare", "expected"), [(0, ""), (1, "file-too-large")], ids=["at the limit", "over it"])
def test_file_has_a_limit(spare, expected):
    """A file of 1 MiB is read, one with a byte more is not."""
    start = "---\ntitle: x\n---\n"
    assert code(start + "x" * (FILE_BYTES_MAX - len(start) + spare)) == expected


@pytest.mark.parametrize(("spare", "expected"), [(0, ""), (1, "front-matter-too-large")], ids=["at the limit", "over it"])
def test_front_matter_has_a_limit(spare, expected):
    """Front matter of 64 KiB is read, with a byte more it is not; umlauts are two bytes."""
    title = "\ntitle: " + "ü" * ((FRONT_MATTER_BYTES_MAX - 10) // 2)
    assert code(f"---{title} {' ' * spare}\n---\n") == expected


@pytest.mark.parametrize(("spare", "expected"), [(0, ""), (1, "yaml-depth")], ids=["at the limit", "over it"])
def test_nesting_has_a_limit(spare, expected):
    """Fields may be nested 20 deep, and no deeper."""
    lists = DEPTH_MAX - 1 + spare
    assert code(f"---\na: {'[' * lists}{']' * lists}\n---\n") == expected


def test_deep_nesting_is_refused_at_once():
    """Brackets by the thousand are refused without recursion."""
    assert broken(f"---\na: {'[' * 9000}\n---\n").code in {"yaml-depth", "yaml"}


def test_last_of_two_fields_counts():
    """Of a field that stands twice the last one counts."""
    assert document("---\ntitle: a\ntitle: b\n---\n").fields.value() == {"title": "b"}


def test_field_that_stands_twice_is_warned_of_at_its_second_place():
    """A field that stands twice gives a warning, at the one that counts, which names the line of the first."""
    (warning,) = document("---\ntitle: a\nweight: 1\ntitle: b\n---\n").warnings
    assert (warning.code, warning.severity, warning.line, "line 2" in warning.message) == ("duplicate-field", Severity.WARNING, 4, True)


def test_fields_that_stand_twice_are_found_below_others():
    """Duplicates are found at any depth."""
    assert [warning.line for warning in document("---\ncontact:\n  x: a\n  x: b\n---\n").warnings] == [4]


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("no", "no"),
        ("12:30", "12:30"),
        ("0123", "0123"),
        ("1_000", "1_000"),
        ("0x10", "0x10"),
        ("2024-02-30", "2024-02-30"),
        ("12", 12),
        ("-3", -3),
        ("9" * 19, "9" * 19),
        ("1.5", 1.5),
        (".5e3", 500.0),
        ("1e5", "1e5"),
        ("True", True),
        ("false", False),
        ("~", None),
        ("", None),
        ("null", None),
        ('"null"', "null"),
        ("'12'", "12"),
        ("! 12", 12),
        ("[a, 1, {b: no}]", ["a", 1, {"b": "no"}]),
        ("|\n  a\n  b\n", "a\nb\n"),
        (">-\n  a\n  b\n", "a b"),
        ("ü # comment", "ü"),
    ],
)
def test_values_are_what_they_look_like(yaml, expected):
    """A value is by YAML 1.2's core schema: no surprises with `no`, times and leading zeros."""
    assert value(yaml) == expected


def test_scalar_keeps_what_was_written():
    """A field that means a text gets the author's letters."""
    node = document("---\na: 1.50\n---\n").fields.fields["a"]
    assert node == Scalar("1.50", plain=True, line=2, column=4)


def test_indentation_by_three_is_fine():
    """Any number of blanks indents, as long as it is the same."""
    assert value("\n   twitter: x\n   github: y") == {"twitter": "x", "github": "y"}


@pytest.mark.parametrize("name", ["'#url:'", '"g+:"', "g+", "'<<'"])
def test_odd_names_are_names(name):
    """A quoted or odd name is a name like another."""
    assert list(compose_fields(f"{name}: y\n", TELL)[0].fields) == [name.strip("'\"")]


def test_no_yaml_is_nothing():
    """A file of comments alone has nothing in it."""
    assert compose("# nothing\n", TELL) == (None, ())


def test_fields_of_no_yaml_are_none():
    """Where fields are expected, nothing is no fields."""
    assert compose_fields("# nothing\n", TELL, first_line=3) == (Mapping({}, {}, 3, 1), ())


def test_list_is_composed_where_it_may_stand():
    """A data file may be a list."""
    node, _ = compose("- a\n- 2\n", TELL)
    assert node is not None
    assert node.value() == ["a", 2]
