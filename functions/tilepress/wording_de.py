"""What authors are told, in German: message and hint by key. `tilepress.wording` says what a key is."""

TEXTS: dict[str, tuple[str, str]] = {
    # The file as a whole.
    "file-empty": ("Die Datei ist leer.", "Beginnen Sie mit „---“, einer Zeile „title: …“ und noch einmal „---“."),
    "file-too-large": (
        "Die Datei hat {kib} KiB; erlaubt sind {most} KiB.",
        "Laden Sie Bilder und Dokumente unter static/ hoch und verlinken Sie sie.",
    ),
    "encoding.utf-16": (
        "Die Datei ist als UTF-16 gespeichert.",
        "Speichern Sie sie als UTF-8: Die meisten Editoren bieten das unter „Speichern unter“ an.",
    ),
    "encoding.latin-1": (
        "Die Datei ist nicht als UTF-8 gespeichert: An dieser Stelle steht das Byte {byte}, in Latin-1 der Buchstabe „{letter}“.",
        "Speichern Sie sie als UTF-8: Die meisten Editoren bieten das unter „Speichern unter“ an.",
    ),
    "control-character": (
        "An dieser Stelle steht ein unsichtbares Steuerzeichen ({sign}).",
        "Löschen Sie es, notfalls zusammen mit dem, was daneben steht.",
    ),
    "front-matter-missing": (
        "Die Datei beginnt nicht mit Feldern.",
        "Beginnen Sie mit einer Zeile „---“, dann „title: …“ und weitere Felder als „Feld: Wert“, und schließen Sie mit einer zweiten Zeile „---“ ab.",
    ),
    "front-matter-unclosed": ("Die Felder hören nicht auf.", "Schreiben Sie eine Zeile „{fence}“ dorthin, wo die Felder enden und der Text beginnt."),
    "front-matter-too-large": ("Die Felder haben {kib} KiB; erlaubt sind {most} KiB.", "Schreiben Sie lange Texte unter die Felder."),
    "front-matter-too-complex": (
        "Die Felder sind zu tief verschachtelt, um rechtzeitig gelesen zu werden.",
        "Vereinfachen Sie sie, oder schreiben Sie sie als YAML.",
    ),
    "not-a-mapping": ("Hier stehen keine Felder.", "Schreiben Sie Felder als „Feld: Wert“, jedes in eine eigene Zeile."),
    "not-a-mapping.people": ("Hier stehen keine Personen.", "Schreiben Sie das Kürzel der Person, und darunter, eingerückt, „name: …“."),
    # YAML, TOML and JSON.
    "yaml.colon": (
        "Hier steht ein Doppelpunkt mitten in einem Text; die Felder sind nicht lesbar.",
        "Ein Doppelpunkt mit Leerzeichen danach bedeutet „Feld: Wert“. Setzen Sie einen Text mit Doppelpunkt in Anführungszeichen.",
    ),
    "yaml.uneven": (
        "Diese Zeile passt nicht zu den vorigen; die Felder sind nicht lesbar.",
        "Zeilen, die zusammengehören, sind gleich weit eingerückt; ein Text mit Anführungszeichen steht in Anführungszeichen der anderen Art.",
    ),
    "yaml.bracket": (
        "Eine Klammer wird nicht geschlossen.",
        "Schließen Sie sie, oder setzen Sie einen Text, der mit einer Klammer beginnt, in Anführungszeichen.",
    ),
    "yaml.no-colon": (
        "Hier fehlt ein Doppelpunkt; die Felder sind nicht lesbar.",
        "Jede Zeile hat die Form „Feld: Wert“; ein längerer Text steht in Anführungszeichen oder, eingerückt, unter „Feld: |-“.",
    ),
    "yaml.quotation": ("Das schließende Anführungszeichen fehlt.", "Setzen Sie eines ans Ende des Textes."),
    "yaml.tab": ("Am Anfang dieser Zeile steht ein Tabulator.", "Rücken Sie mit Leerzeichen ein: Tabulatoren sind dort nicht erlaubt."),
    "yaml.special": ("Mit diesem Zeichen kann ein Text nicht beginnen.", "Setzen Sie den Text in Anführungszeichen."),
    "yaml.other": ("Die Felder sind nicht lesbar: {said}.", "Vergleichen Sie die Zeile mit einer Seite, die funktioniert."),
    "yaml-documents": ("Hier beginnen die Felder ein zweites Mal.", "Löschen Sie die Zeile „---“ zwischen den Feldern."),
    "yaml-depth": ("Die Felder sind mehr als {most} Ebenen tief verschachtelt.", "Verwenden Sie weniger Ebenen."),
    "yaml-alias": (
        "Anker (&name) und Verweise (*name) werden nicht unterstützt.",
        "Schreiben Sie den Wert aus, oder setzen Sie einen Text in Anführungszeichen.",
    ),
    "yaml-alias.merge": ("Zusammenführungen (<<) werden nicht unterstützt.", "Schreiben Sie die Felder aus."),
    "yaml-tag": ("Typangaben wie {tag} werden nicht unterstützt.", "Setzen Sie den Text in Anführungszeichen."),
    "yaml-key": ("Der Name eines Feldes muss ein Text sein.", "Setzen Sie „{{…}}“ oder „[…]“ in Anführungszeichen, wenn es ein Text sein soll."),
    "toml": (
        "Die Felder sind nicht als TOML lesbar: {said}.",
        'Schreiben Sie „feld = "Wert"“, jedes in eine eigene Zeile, oder YAML zwischen zwei Zeilen „---“.',
    ),
    "json": (
        "Die Felder sind nicht als JSON lesbar: {said}.",
        'Schreiben Sie {{"feld": "Wert", …}}, oder YAML zwischen zwei Zeilen „---“.',
    ),
    "duplicate-field": ("Das Feld „{name}“ steht zweimal da, in Zeile {first} und hier; dieses hier gilt.", "Löschen Sie eines von beiden."),
    # Fields.
    "title-missing": ("Die Seite hat keinen Titel.", "Schreiben Sie „title: …“ zu den Feldern."),
    "unknown-field": ("Das Feld „{name}“ ist nicht bekannt.", "Meinten Sie „{meant}“?"),
    "unknown-value": ("„{name}: {said}“ ist nicht bekannt; es gilt „{used}“.", "Möglich sind: {choices}."),
    "wrong-type.text": ("„{name}“ soll ein Text sein.", "Schreiben Sie „{name}: irgendein Text“."),
    "wrong-type.texts": (
        "„{name}“ soll eine Liste von Texten sein.",
        "Schreiben Sie jeden in eine eigene Zeile, nach „- “; ein Text mit Doppelpunkt steht in Anführungszeichen.",
    ),
    "wrong-type.flag": ("„{name}“ soll wahr oder falsch sein.", "Schreiben Sie „{name}: true“ oder „{name}: false“."),
    "wrong-type.number": ("„{name}“ soll eine ganze Zahl sein.", "Schreiben Sie „{name}: 10“."),
    "wrong-type.mapping": ("Unter „{name}“ sollen Felder stehen.", "Schreiben Sie „{name}:“, und darunter, eingerückt, „Feld: Wert“."),
    "wrong-type.people": ("„{name}“ soll eine Liste von Personen sein.", "Schreiben Sie „- name: …“ und darunter „role: …“."),
    "wrong-type.person": ("Zu einer Person gehören Felder.", "Schreiben Sie „name: …“ und „position: …“ darunter."),
    "wrong-type.links": (
        "„{name}“ soll eine Liste von Links sein.",
        "Schreiben Sie „- {{url: /projekte/, title: Projekte}}“, jeden in eine eigene Zeile.",
    ),
    "date": ("„{said}“ ist kein Datum.", "Schreiben Sie „{name}: 2026-03-31“ oder „{name}: 2026-03-31 14:00“."),
    "address": ("„{said}“ ist keine Webadresse und wird weggelassen.", "Schreiben Sie sie vollständig: https://…"),
    "address.menu": ("„{said}“ ist keine Adresse.", "Schreiben Sie „url: /projekte/“ oder „url: https://…“."),
    "image": (
        "„{said}“ ist kein Bild dieser Website und wird weggelassen.",
        "Laden Sie das Bild unter {folder} hoch und schreiben Sie seinen Pfad von dort aus.",
    ),
    "image.data": (
        "Ein Bild kann nicht selbst in den Feldern stehen; es wird weggelassen.",
        "Laden Sie das Bild unter {folder} hoch und schreiben Sie seinen Pfad von dort aus.",
    ),
    "image.own": ("„{said}“ ist kein Bild dieser Website.", "Laden Sie es unter static/files/ hoch und schreiben Sie „{name}: {name}.svg“."),
    "focus": (
        "„{said}“ sagt nicht, was vom Bild zu sehen bleiben soll.",
        "Schreiben Sie „{name}: 30% 70%“ (von links, von oben) oder „{name}: oben links“.",
    ),
    "picture-missing": (
        "Das Bild {path} gibt es nicht; die Seite erscheint ohne es.",
        "Laden Sie es als static{path} hoch oder berichtigen Sie den Pfad.",
    ),
    "picture-small": (
        "Das Bild {path} ist {width} Pixel breit; an seiner Stelle erscheint es bis zu {least} breit.",
        "Laden Sie unter demselben Namen ein größeres hoch.",
    ),
    "picture-location": (
        "Dieses Foto verrät, wo es aufgenommen wurde. Seiten zeigen das nicht, aber wer die Datei selbst öffnet, kann es lesen.",
        "Entfernen Sie den Ort („Ohne Standort teilen“ oder in den Eigenschaften der Datei) und laden Sie das Foto neu hoch.",
    ),
    "picture-unreadable": (
        "Dieses Bild ist beschädigt und wird nicht gezeigt.",
        "Speichern Sie es neu als JPEG, PNG oder WebP und laden Sie es noch einmal hoch.",
    ),
    "picture-pixels": (
        "Dieses Bild hat {pixels} Millionen Pixel und wird nicht gezeigt; erlaubt sind {most} Millionen.",
        "Verkleinern Sie es und laden Sie es noch einmal hoch.",
    ),
    "picture-bytes": ("Dieses Bild ist größer als {most} MiB und wird nicht gezeigt.", "Verkleinern Sie es und laden Sie es noch einmal hoch."),
    "slug": ("„{said}“ kann kein Teil einer Adresse sein.", "Verwenden Sie Buchstaben, Ziffern und Bindestriche."),
    "alias": ("„{said}“ kann nicht hierher führen und wird weggelassen.", "Schreiben Sie eine Adresse dieser Website, etwa /alter/name/."),
    "contact-person": (
        "In data/team.yaml hat niemand das Kürzel „{said}“; die Seite zeigt keine Ansprechperson.",
        "Vergleichen Sie das Kürzel mit data/team.yaml.",
    ),
    "reserved-address": (
        "Unter {address} kann keine Seite stehen.",
        "Wählen Sie einen anderen Namen: Dort stehen die Seiten der Kategorien und die Folgeseiten der Übersichten.",
    ),
    # The text.
    "shortcode": ("Im Text steht ein Hugo-Shortcode; er wird so gezeigt, wie er dasteht.", "Schreiben Sie stattdessen Markdown oder HTML."),
    "heading-level": (
        "Eine Überschrift erster Ordnung (#) steht im Text; die der Seite ist ihr Titel.",
        "Beginnen Sie die Überschriften im Text mit ##.",
    ),
    "embed-host": (
        "Von {host} darf nichts eingebettet werden; statt dessen steht ein Link da.",
        "Tragen Sie den Host in site.yaml bei markdown: embed_hosts ein, oder schreiben Sie den Link selbst.",
    ),
    "picture-elsewhere": (
        "Bilder, Filme und Töne von {host} werden nicht gezeigt: Die Seiten laden nichts von anderswo.",
        "Laden Sie die Datei hoch und nennen Sie ihre Adresse hier, etwa /files/name.jpg; oder verlinken Sie, wo sie liegt.",
    ),
    "text-too-complex": (
        "Der Text ist zu tief verschachtelt oder hat zu viele Klammern, um rechtzeitig umgewandelt zu werden.",
        "Vereinfachen oder teilen Sie ihn.",
    ),
    # Where a page stands.
    "alias.upload": (
        "Die weitere Adresse {address} führt nicht hierher: Dort steht die hochgeladene Datei {by}.",
        "Löschen Sie die Datei, oder nehmen Sie die Adresse aus aliases.",
    ),
    "address-taken": ("Die Adresse {address} gehört schon zu {by}.", "Geben Sie dieser Seite einen anderen Dateinamen oder einen eigenen slug."),
    "address-taken.overview": (
        "Die Adresse {address} gehört schon zur Übersicht von {section}.",
        "Geben Sie dieser Seite einen anderen Dateinamen oder einen eigenen slug.",
    ),
    "address-taken.search": (
        "Unter der Adresse {address} steht die Suche.",
        "Geben Sie dieser Seite einen anderen Dateinamen oder einen eigenen slug, oder schalten Sie die Suche in site.yaml ab: search: false.",
    ),
    "key.invisible": (
        "Diese Datei kann nicht veröffentlicht werden: In ihrem Namen stehen unsichtbare Zeichen.",
        "Geben Sie ihr einen anderen Namen.",
    ),
    "key.too-long": ("Diese Datei kann nicht veröffentlicht werden: Ihr Name ist länger als {most} Bytes.", "Geben Sie ihr einen anderen Namen."),
    "key.mixed": (
        "Diese Datei kann nicht veröffentlicht werden: Ihr Name mischt zwei Schreibweisen von Buchstaben (ü als ein Zeichen und als zwei).",
        "Tippen Sie den Namen neu ein.",
    ),
    "key.parts": (
        "Diese Datei kann nicht veröffentlicht werden: Ihr Pfad hat einen leeren Teil, oder einen, der . oder .. heißt.",
        "Geben Sie ihr einen anderen Namen.",
    ),
    "file-name": (
        "„{said}“ kann nicht der Name einer Datei unter {folder} sein.",
        "Schreiben Sie den Pfad der Datei unter {folder}, etwa {example}.",
    ),
    "key.no-address": ("Aus diesem Namen lässt sich keine Adresse machen.", "Verwenden Sie Buchstaben, Ziffern und Bindestriche."),
    "not-markdown": (
        "Aus content/ werden nur Markdown-Dateien veröffentlicht; diese Datei wird weggelassen.",
        "Laden Sie Bilder und Dokumente unter static/ hoch; Seiten sind Dateien mit der Endung .md.",
    ),
    "reserved-name.file": (
        "Dateien dieses Namens schreibt Tilepress selbst.",
        "Geben Sie der Datei einen anderen Namen; eine Seite ist eine Markdown-Datei unter content/.",
    ),
    "reserved-name.language": (
        "„{lang}“ ist eine Sprache: Ihre Seiten stehen unter /{lang}/.",
        "Wählen Sie einen anderen Namen; Übersetzungen sind Dateien wie seite.{lang}.md, neben seite.md.",
    ),
    "reserved-name.assets": ("Unter /assets/ steht, was zum Aussehen der Website gehört.", "Wählen Sie einen anderen Namen."),
    "reserved-name.assets-file": (
        "Unter /assets/ steht, was zum Aussehen der Website gehört; Dateien von Ihnen veröffentlicht Tilepress dort nicht.",
        "Laden Sie die Datei in einem anderen Ordner hoch, etwa static/files/.",
    ),
    "reserved-name.index": ("An dieser Adresse steht die Übersicht.", "Nennen Sie die Datei _index.md: Das ist der Text der Übersicht."),
    # site.yaml.
    "language.default": ("Die Hauptsprache „{default}“ ist nicht unter den Sprachen.", "Schreiben Sie „languages: [{default}, …]“."),
    "language.code": ("Eine Sprache ist ein kurzes Kürzel.", "Schreiben Sie „languages: [de, en]“."),
    "time-zone": ("Es gibt keine Zeitzone „{said}“.", "Schreiben Sie „time_zone: Europe/Berlin“."),
    "unknown-field.security": ("security.txt hat keine Zeile „{name}“.", "Ihre Zeilen sind {lines}."),
    "security": ("In security.txt muss die Zeile „{line_name}“ stehen.", "Schreiben Sie „{line_name}: {said}“ unter „security:“."),
    "unknown-field.theme": ("Das Theme hat keine Einstellung „{name}“.", "Seine Einstellungen sind {fields}."),
    "colour": ("„{name}: {said}“ ist keine Farbe.", 'Schreiben Sie sie so: „{name}: "#0b6172"“.'),
    "colour.comment": (
        "„{name}“ hat keinen Wert.",
        'Setzen Sie die Farbe in Anführungszeichen: „{name}: "#0b6172"“. Ohne sie beginnt mit „#“ ein Kommentar.',
    ),
    "contrast": (
        "Die Farbe {said} hebt sich zum Lesen zu wenig vom Grund ab; es gilt {used}.",
        "Wählen Sie eine dunklere Farbe.",
    ),
    "font": (
        "„{name}: {said}“ ist keine Schrift.",
        "Schreiben Sie den Namen einer Schrift, oder den Pfad einer .woff2-Datei unterhalb von image_path.",
    ),
    # Das eigene Theme der Website.
    "theme": (
        "Das eigene Theme der Website ist nicht zu gebrauchen: {said}",
        "Die Website bleibt, wie sie war. Was Vorlagen bekommen, steht in templates/README.md.",
    ),
    "theme.kind": ("Dateien dieser Art hat ein Theme nicht.", "Seine Dateien sind: {kinds}."),
    "not-named.theme": ("Diese Datei bewirkt nichts, weil site.yaml sie nicht nennt.", "Schreiben Sie „files: [{name}]“ unter „theme:“."),
    "not-named.data": ("Diese Datei bewirkt nichts, weil site.yaml sie nicht nennt.", "Schreiben Sie ihren Namen, ohne .yaml, in die Liste „data:“."),
    # Held back, by no fault of the file's.
    "not-published.settings": (
        "In {files} ist ein Fehler; bis er behoben ist, wird nichts veröffentlicht.",
        "Sobald das geschehen ist, erscheint auch diese Datei; Sie müssen sie nicht noch einmal hochladen.",
    ),
    "not-published.tried": (
        "Tilepress hat {times}-mal versucht, diese Datei zu veröffentlichen, und kam nicht zu Ende. Es versucht es noch einmal.",
        "Wenn das hier stehen bleibt, wenden Sie sich an die Person, die die Website betreut.",
    ),
    "not-published.fault": (
        "Tilepress kann diese Datei im Augenblick nicht veröffentlichen: {reason}",
        "Wenden Sie sich an die Person, die die Website betreut. Danach müssen Sie die Datei nicht noch einmal hochladen.",
    ),
    # Our own fault.
    "internal": ("Tilepress ist an dieser Datei gescheitert: {said}", "Bitte melden Sie das, mit der Datei."),
    # Was die ganze Website zeigt, und was ein Text für sich.
    "link": ("Der Link „{said}“ führt zu keiner Seite und keiner Datei.", "Prüfen Sie die Adresse; Seiten beginnen mit „/“ und enden mit „/“."),
    "link.near": ("Der Link „{said}“ führt zu keiner Seite und keiner Datei.", "Meinten Sie „{near}“?"),
    "link.host": ("Der Link „{said}“ führt zu keiner Seite und keiner Datei.", "Schreiben Sie Adressen anderer Websites ganz: https://…"),
    "anchor": ("Der Link „{said}“ führt zu keiner Stelle der Seite.", "Eine Stelle ist eine Überschrift oder was eine id hat."),
    "alt": ("Das Bild „{src}“ hat keinen Alternativtext.", "Schreiben Sie ihn in die eckige Klammer: ![Was zu sehen ist]({src})."),
    "alt.field": ("Das Bild der Seite hat keinen Alternativtext.", "Schreiben Sie „img_alt: Was zu sehen ist“."),
    "heading": ("Auf eine Überschrift der Ebene {before} folgt eine der Ebene {level}.", "Lassen Sie keine Ebene aus."),
    "placeholder": ("Im Text steht noch ein Platzhalter: „{said}“.", "Ersetzen Sie ihn, oder schreiben Sie „draft: true“."),
    "category": ("Die Kategorie „{said}“ schreiben die meisten Seiten „{usual}“.", "Schreiben Sie sie ebenso."),
    "translation": (
        "Die Übersetzung dieser Seite in „{lang}“ fehlt; fast alle anderen haben eine.",
        "Legen Sie daneben eine Datei mit der Endung .{lang}.md an.",
    ),
}
