"""An organisation's own colours and templates, uploaded like pages."""

import json

from .conftest import Stage, differing, project

LOOK = "title: Seite\ntheme: {accent: '#8a1538', files: [partials/footer.html]}\n"
PAGE = "content/projekte/seite.md"
PROJECT = project("Projekt")


def css_of(site: dict[str, bytes]) -> list[str]:
    """The style sheets that are there."""
    return [body.decode() for key, body in site.items() if key.startswith("assets/style.")]


def test_a_theme_is_uploaded_and_taken_back(stage: Stage) -> None:
    """Its files and settings may come in either order, and go again; the site is a clean build of what is there."""
    stage.publish({PAGE: PROJECT, "site.yaml": LOOK})
    assert "--accent: #8a1538" in css_of(stage.site())[0]
    stage.publish({"theme/partials/footer.html": "<footer>Unser Fuß</footer>"})
    page = stage.site()["projekte/seite/index.html"].decode()
    assert "<footer>Unser Fuß</footer>" in page
    assert differing(stage.site(), stage.clean_build()) == []
    stage.publish({"site.yaml": "title: Seite\n"})
    assert "Unser Fuß" not in stage.site()["projekte/seite/index.html"].decode()
    assert ["#8a1538" in css for css in css_of(stage.site())] == [False]
    assert differing(stage.site(), stage.clean_build()) == []


def test_a_template_that_fails_leaves_the_site_as_it_was(stage: Stage) -> None:
    """Its author is told where; and once it is mended, what was uploaded meanwhile is published, too."""
    stage.publish({PAGE: PROJECT, "site.yaml": LOOK})
    before = stage.site()
    stage.publish({"theme/partials/footer.html": "<footer>\n{{ site.titel }}</footer>", "content/projekte/neu.md": project("Neu")})
    assert differing(stage.site(), before) == []
    report = json.loads(stage.aws.s3.get_object(Bucket=stage.aws.source_bucket, Key="reports/theme/partials/footer.html.json")["Body"].read())
    assert [(one["code"], one["line"]) for one in report["problems"]] == [("theme", 2)]
    stage.publish({"theme/partials/footer.html": "<footer>{{ site.title }}</footer>"})
    assert "projekte/neu/index.html" in stage.site()
    assert "<footer>Seite</footer>" in stage.site()["projekte/neu/index.html"].decode()
    assert differing(stage.site(), stage.clean_build()) == []


def test_words_of_one_language_are_used_in_all_and_bad_ones_are_told(stage: Stage) -> None:
    """A word that another language lacks stops nothing; a pattern that only another language has is told before it does."""
    settings = "title: Seite\nlanguages: [de, en]\ntheme: {files: [partials/footer.html, i18n/de.yaml, i18n/en.yaml]}\n"
    footer = {"theme/partials/footer.html": "<footer>{{ text.spende }}</footer>", "theme/i18n/de.yaml": "spende: Spenden Sie!\n"}
    english = {"content/projekte/seite.en.md": project("Project")}
    stage.publish({PAGE: PROJECT, "site.yaml": settings} | english | footer)
    before = stage.site()
    assert "<footer>Spenden Sie!</footer>" in before["en/projekte/index.html"].decode()
    stage.publish({"theme/i18n/en.yaml": 'date: "{tag}"\n'})
    assert differing(stage.site(), before) == []
    report = json.loads(stage.aws.s3.get_object(Bucket=stage.aws.source_bucket, Key="reports/theme/i18n/en.yaml.json")["Body"].read())
    assert [one["code"] for one in report["problems"]] == ["theme"]
    tags = stage.aws.s3.get_object_tagging(Bucket=stage.aws.source_bucket, Key="theme/i18n/en.yaml")["TagSet"]
    assert {tag["Key"]: tag["Value"] for tag in tags}["tilepress-state"] == "problem"


def test_a_file_that_is_not_named_is_told_of(stage: Stage) -> None:
    """It has no effect, which would be a riddle otherwise."""
    stage.publish({PAGE: PROJECT, "site.yaml": LOOK})
    before = stage.site()
    stage.publish({"theme/page.html": "x", "data/orte.yaml": "a: b\n"})
    assert differing(stage.site(), before) == []
    for key, name in (("theme/page.html", "files: [page.html]"), ("data/orte.yaml", "data:")):
        report = json.loads(stage.aws.s3.get_object(Bucket=stage.aws.source_bucket, Key=f"reports/{key}.json")["Body"].read())
        assert [(one["code"], name in one["hint"]) for one in report["problems"]] == [("not-named", True)]
        tags = stage.aws.s3.get_object_tagging(Bucket=stage.aws.source_bucket, Key=key)["TagSet"]
        assert "nennt" in {tag["Key"]: tag["Value"] for tag in tags}["tilepress-message"]
