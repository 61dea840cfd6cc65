"""What authors are told, in English: message and hint by key. `tilepress.wording` says what a key is."""

TEXTS: dict[str, tuple[str, str]] = {
    # The file as a whole.
    "file-empty": ("The file is empty.", "Start it with “---”, a line “title: …”, and “---”."),
    "file-too-large": (
        "The file has {kib} KiB; {most} KiB are allowed.",
        "Upload images and documents below static/ and link to them.",
    ),
    "encoding.utf-16": ("The file is saved as UTF-16.", "Save it as UTF-8: most editors offer that under “Save as”."),
    "encoding.latin-1": (
        "The file is not saved as UTF-8: at this place stands the byte {byte}, in Latin-1 the letter “{letter}”.",
        "Save it as UTF-8: most editors offer that under “Save as”.",
    ),
    "control-character": ("There is an invisible control character ({sign}) at this place.", "Delete it, and what surrounds it if need be."),
    "front-matter-missing": (
        "The file does not start with fields.",
        "Start it with a line “---”, then “title: …” and other fields as “field: value”, and end them with another line “---”.",
    ),
    "front-matter-unclosed": ("The fields do not end.", "Write a line “{fence}” where the fields end and the text begins."),
    "front-matter-too-large": ("The fields have {kib} KiB; {most} KiB are allowed.", "Move long texts below the fields."),
    "front-matter-too-complex": ("The fields are nested too deeply to be read in time.", "Simplify them, or write them as YAML."),
    "not-a-mapping": ("There are no fields here.", "Write fields as “field: value”, a line each."),
    "not-a-mapping.people": ("There are no people here.", "Write a person's key, and below it, indented, “name: …”."),
    # YAML, TOML and JSON.
    "yaml.colon": (
        "Here stands a colon in the middle of a text; the fields cannot be read.",
        "A colon followed by a blank means “field: value”. Put a text with one in quotation marks.",
    ),
    "yaml.uneven": (
        "This line does not fit the ones before it; the fields cannot be read.",
        "Lines that belong together are indented by the same number of blanks; a text with quotation marks goes in marks of the other kind.",
    ),
    "yaml.bracket": ("A bracket is not closed.", "Close it, or put a text that starts with a bracket in quotation marks."),
    "yaml.no-colon": (
        "Here a colon is missing; the fields cannot be read.",
        "Each line has the form “field: value”; a longer text goes in quotation marks or, indented, below “field: |-”.",
    ),
    "yaml.quotation": ("The closing quotation mark is missing.", "Put one at the end of the text."),
    "yaml.tab": ("A tab stands at the start of this line.", "Indent with blanks: tabs are not allowed there."),
    "yaml.special": ("A text cannot start with this character.", "Put the text in quotation marks."),
    "yaml.other": ("The fields cannot be read: {said}.", "Compare the line with a page that works."),
    "yaml-documents": ("Here the fields start a second time.", "Delete the line “---” between the fields."),
    "yaml-depth": ("Fields are nested more than {most} deep.", "Use fewer levels."),
    "yaml-alias": ("Anchors (&name) and aliases (*name) are not supported.", "Write the value out, or put a text in quotation marks."),
    "yaml-alias.merge": ("Merge keys (<<) are not supported.", "Write the fields out."),
    "yaml-tag": ("Tags such as {tag} are not supported.", "Put the text in quotation marks."),
    "yaml-key": ("A field's name must be a text.", "Put “{{…}}” or “[…]” in quotation marks if it is meant as text."),
    "toml": ("The fields cannot be read as TOML: {said}.", 'Write “field = "value"”, a line each, or YAML between two lines “---”.'),
    "json": ("The fields cannot be read as JSON: {said}.", 'Write {{"field": "value", …}}, or YAML between two lines “---”.'),
    "duplicate-field": ("The field “{name}” stands twice, in line {first} and here; this one counts.", "Delete one of them."),
    # Fields.
    "title-missing": ("The page has no title.", "Write “title: …” among the fields."),
    "unknown-field": ("The field “{name}” is not known.", "Did you mean “{meant}”?"),
    "unknown-value": ("“{name}: {said}” is not known; “{used}” is used.", "Write one of: {choices}."),
    "wrong-type.text": ("“{name}” should be a text.", "Write “{name}: some text”."),
    "wrong-type.texts": (
        "“{name}” should be a list of texts.",
        "Write each on a line of its own, after “- ”; put a text with a colon in quotation marks.",
    ),
    "wrong-type.flag": ("“{name}” should be true or false.", "Write “{name}: true” or “{name}: false”."),
    "wrong-type.number": ("“{name}” should be a whole number.", "Write “{name}: 10”."),
    "wrong-type.mapping": ("“{name}” should have fields below it.", "Write “{name}:”, and below it, indented, “field: value”."),
    "wrong-type.people": ("“{name}” should be a list of people.", "Write “- name: …” and below it “role: …”."),
    "wrong-type.person": ("A person should have fields.", "Write “name: …” and “position: …” below it."),
    "wrong-type.links": ("“{name}” should be a list of links.", "Write “- {{url: /projekte/, title: Projekte}}”, a line each."),
    "date": ("“{said}” is not a date.", "Write “{name}: 2026-03-31” or “{name}: 2026-03-31 14:00”."),
    "address": ("“{said}” is not a web address and is left out.", "Write it in full: https://…"),
    "address.menu": ("“{said}” is not an address.", "Write “url: /projekte/” or “url: https://…”."),
    "image": ("“{said}” is not an image of this site and is left out.", "Upload the image below {folder} and write its path from there."),
    "image.data": (
        "An image cannot stand in the fields themselves; it is left out.",
        "Upload the image below {folder} and write its path from there.",
    ),
    "image.own": ("“{said}” is not an image of this site.", "Upload it below static/files/ and write “{name}: {name}.svg”."),
    "focus": (
        "“{said}” does not say what of the image is to stay in view.",
        "Write “{name}: 30% 70%” (from the left, from the top) or “{name}: top left”.",
    ),
    "picture-missing": ("The image {path} is not there; the page is shown without it.", "Upload it as static{path}, or correct the path."),
    "picture-small": (
        "The image {path} is {width} pixels wide; at its place it is shown up to {least} wide.",
        "Upload a larger one under the same name.",
    ),
    "picture-location": (
        "This photo says where it was taken. Pages do not show that, but who opens the file itself can read it.",
        "Remove the location (“Share without location”, or the file's properties) and upload the photo again.",
    ),
    "picture-unreadable": ("This image is damaged and is not shown.", "Save it anew as JPEG, PNG or WebP, and upload it again."),
    "picture-pixels": (
        "This image has {pixels} million pixels and is not shown; {most} million are allowed.",
        "Make it smaller, and upload it again.",
    ),
    "picture-bytes": ("This image has more than {most} MiB and is not shown.", "Make it smaller, and upload it again."),
    "slug": ("“{said}” cannot be a part of an address.", "Use letters, digits and hyphens."),
    "alias": ("“{said}” cannot lead here and is left out.", "Write an address of this site, such as /old/name/."),
    "contact-person": ("Nobody in data/team.yaml has the key “{said}”; the page shows no contact person.", "Compare the key with data/team.yaml."),
    "reserved-address": (
        "A page cannot stand at {address}.",
        "Choose another name: the pages of categories, and the next pages of overviews, stand there.",
    ),
    # The text.
    "shortcode": ("A Hugo shortcode stands in the text, and is shown as it is.", "Write Markdown or HTML instead."),
    "heading-level": (
        "A heading of the first level (#) stands in the text; the page's own is its title.",
        "Begin the headings of the text with ##.",
    ),
    "embed-host": (
        "Nothing may be embedded from {host}; a link stands in its place.",
        "Add the host to embed_hosts below markdown in site.yaml, or write the link yourself.",
    ),
    "picture-elsewhere": (
        "Images, films and sounds of {host} are not shown: pages load nothing from elsewhere.",
        "Upload the file, and name it by its address here, such as /files/name.jpg; or link to where it is.",
    ),
    "text-too-complex": ("The text is nested too deeply, or has too many brackets, to be converted in time.", "Simplify or split it."),
    # Where a page stands.
    "alias.upload": (
        "The further address {address} does not lead here: the uploaded file {by} stands there.",
        "Delete the file, or take the address out of aliases.",
    ),
    "address-taken": ("The address {address} belongs to {by} already.", "Give this page another file name, or a slug of its own."),
    "address-taken.overview": (
        "The address {address} belongs to the overview of {section} already.",
        "Give this page another file name, or a slug of its own.",
    ),
    "address-taken.search": (
        "At the address {address} stands search.",
        "Give this page another file name, or a slug of its own; or switch search off in site.yaml: search: false.",
    ),
    "key.invisible": ("This file cannot be published: its name has invisible characters in it.", "Give it another name."),
    "key.too-long": ("This file cannot be published: its name is longer than {most} bytes.", "Give it another name."),
    "key.mixed": ("This file cannot be published: its name mixes letters of two forms (ü as one character and as two).", "Type its name anew."),
    "key.parts": ("This file cannot be published: its path has an empty part, or one that is . or ..", "Give it another name."),
    "file-name": ("“{said}” cannot be the name of a file below {folder}.", "Write the file's path below {folder}, such as {example}."),
    "key.no-address": ("No address can be made of this name.", "Use letters, digits and hyphens."),
    "not-markdown": (
        "Only Markdown files are published from content/; this file is left out.",
        "Upload images and documents below static/; write pages as .md files.",
    ),
    "reserved-name.file": (
        "Tilepress writes files of this name itself.",
        "Give the file another name; a page is a Markdown file below content/.",
    ),
    "reserved-name.language": (
        "“{lang}” is a language: its pages stand below /{lang}/.",
        "Call it otherwise; translations are files such as page.{lang}.md, beside page.md.",
    ),
    "reserved-name.assets": ("What the site's look is made of stands below /assets/.", "Give it another name."),
    "reserved-name.assets-file": (
        "What the site's look is made of stands below /assets/; no upload is published there.",
        "Upload the file into another folder, such as static/files/.",
    ),
    "reserved-name.index": ("The overview stands at this address.", "Call it _index.md: that is the text of the overview."),
    # site.yaml.
    "language.default": ("The default language “{default}” is not among the languages.", "Write “languages: [{default}, …]”."),
    "language.code": ("A language is a short code.", "Write “languages: [de, en]”."),
    "time-zone": ("There is no time zone “{said}”.", "Write “time_zone: Europe/Berlin”."),
    "unknown-field.security": ("security.txt has no line “{name}”.", "Its lines are {lines}."),
    "security": ("security.txt needs the line “{line_name}”.", "Write “{line_name}: {said}” below “security:”."),
    "unknown-field.theme": ("The theme has no setting “{name}”.", "Its settings are {fields}."),
    "colour": ("“{name}: {said}” is no colour.", 'Write it as “{name}: "#0b6172"”.'),
    "colour.comment": ("“{name}” has no value.", 'Put the colour in quotation marks: “{name}: "#0b6172"”. Without them, “#” starts a comment.'),
    "contrast": ("The colour {said} stands out too little from the ground to be read; {used} is used.", "Choose a darker colour."),
    "font": ("“{name}: {said}” is no font.", "Write a font's name, or the path of a .woff2 file below image_path."),
    # The site's own theme.
    "theme": ("The site's own theme cannot be used: {said}", "The site stays as it was. templates/README.md says what templates have."),
    "theme.kind": ("A theme has no files of this kind.", "Its files are: {kinds}."),
    "not-named.theme": ("This file has no effect, because site.yaml does not name it.", "Write “files: [{name}]” below “theme:”."),
    "not-named.data": ("This file has no effect, because site.yaml does not name it.", "Write its name, without .yaml, in the list “data:”."),
    # Held back, by no fault of the file's.
    "not-published.settings": (
        "There is a mistake in {files}, and nothing is published until it is mended.",
        "This file is published as soon as that is done; there is no need to upload it again.",
    ),
    "not-published.tried": (
        "Tilepress has tried {times} times to publish this file, and did not come to an end. It is trying once more.",
        "If this stays here, tell whoever looks after the website.",
    ),
    "not-published.fault": (
        "Tilepress cannot publish this file at the moment: {reason}",
        "Tell whoever looks after the website. Once it works again, there is no need to upload the file again.",
    ),
    # Our own fault.
    "internal": ("Tilepress failed on this file: {said}", "Please report it, with the file."),
    # What the whole site shows, and a text by itself.
    "link": ("The link “{said}” leads to no page and no file.", "Check the address; pages start with “/” and end with “/”."),
    "link.near": ("The link “{said}” leads to no page and no file.", "Did you mean “{near}”?"),
    "link.host": ("The link “{said}” leads to no page and no file.", "Write addresses of other sites in full: https://…"),
    "anchor": ("The link “{said}” leads to no place on the page.", "A place is a heading, or what has an id."),
    "alt": ("The image “{src}” has no text alternative.", "Write it between the square brackets: ![What it shows]({src})."),
    "alt.field": ("The page's image has no text alternative.", "Write “img_alt: What it shows”."),
    "heading": ("A heading of level {before} is followed by one of level {level}.", "Do not leave a level out."),
    "placeholder": ("There is still a placeholder in the text: “{said}”.", "Replace it, or write “draft: true”."),
    "category": ("The category “{said}” is written “{usual}” by most pages.", "Write it as they do."),
    "translation": (
        "There is no translation of this page into “{lang}”; nearly all others have one.",
        "Add a file that ends in .{lang}.md beside it.",
    ),
}
