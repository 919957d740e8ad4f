# Die Worte der Seiten auf Deutsch.

## How this language is written

direction = ltr
digit-groups = .
decimal-mark = ,
bytes = { $count ->
    [one] { $count } Byte
   *[other] { $count } Byte
}
kilobytes = { $number } kB
megabytes = { $number } MB

## Dates

month = { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
}
month-alone = { $month ->
    [1] Januar
    [2] Februar
    [3] März
    [4] April
    [5] Mai
    [6] Juni
    [7] Juli
    [8] August
    [9] September
    [10] Oktober
    [11] November
   *[12] Dezember
}
month-short = { $month ->
    [1] Jan.
    [2] Feb.
    [3] März
    [4] Apr.
    [5] Mai
    [6] Juni
    [7] Juli
    [8] Aug.
    [9] Sept.
    [10] Okt.
    [11] Nov.
   *[12] Dez.
}
month-cell = { $month ->
    [1] Jan
    [2] Feb
    [3] Mär
    [4] Apr
    [5] Mai
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Okt
    [11] Nov
   *[12] Dez
}
weekday = { $weekday ->
    [1] Montag
    [2] Dienstag
    [3] Mittwoch
    [4] Donnerstag
    [5] Freitag
    [6] Samstag
   *[7] Sonntag
}
quarter = { $quarter ->
    [1] 1. Quartal
    [2] 2. Quartal
    [3] 3. Quartal
   *[4] 4. Quartal
}
date-day = { $day }. { $month }
date-postmark = { $day }. { $month }
date = { $day }. { $month } { $year }
date-long = { $day }. { $month } { $year }
date-full = { $weekday }, { $day }. { $month } { $year }, { $time } { $zone }
month-and-year = { $month } { $year }
quarter-and-year = { $quarter } { $year }
week-of = Woche ab Montag, { $day }
years = { $first } bis { $last }

## What stands on many pages

skip-to-content = Zum Inhalt
where-you-are = Wo Sie sind
search-list = { $list } durchsuchen
search-all = Alle Listen durchsuchen
site-untitled = Mailinglisten
kept-with = Archiviert mit posthoc.
labelled = { $label }: { $text }
mails = { $count ->
    [one] { $count } Mail
   *[other] { $count } Mails
}
mails-word = { $count ->
    [one] Mail
   *[other] Mails
}
counts = { $mails ->
    [one] { $mails } Mail
   *[other] { $mails } Mails
} in { $threads ->
    [one] { $threads } Thread
   *[other] { $threads } Threads
}
counts-of-addresses = { $counts } von { $addresses ->
    [one] { $addresses } Adresse
   *[other] { $addresses } Adressen
}
counts-of-people = { $mails ->
    [one] { $mails } Mail
   *[other] { $mails } Mails
}, { $people ->
    [one] { $people } Person
   *[other] { $people } Personen
}
no-mail-yet = Noch ist keine Mail eingetroffen.
no-subject = (kein Betreff)
unknown-person = unbekannt
ghost-missing = eine Mail, die nicht im Archiv ist
ghost-removed = eine Mail, die entfernt wurde
level = Ebene { $level }
page-number = Seite { $page }

## The lists, and a list

no-list-yet = Hier gibt es noch keine Liste.
last-on = zuletzt am { $date }
not-public = nicht öffentlich
attachments-link = Anhänge
statistics-link = Statistik
feed-link = Feed
news = Die neueste Mail ist vom { $date }. In der Woche bis dahin { $week ->
    [one] kam { $week } Mail
   *[other] kamen { $week } Mails
}{ $more ->
    [yes] , in den 30 Tagen { $month }
   *[no] {""}
}.
recent-threads = Neueste Threads
thread-of-one = von { $who }
thread-last = { $count ->
    [one] { $count } Mail
   *[other] { $count } Mails
}, die letzte von { $who }
thread-last-of-more = mehr als { $count ->
    [one] { $count } Mail
   *[other] { $count } Mails
}, die letzte von { $who }
taking-part = Mitmachen
list-closed = Diese Liste nimmt keine Mails mehr an.
list-closed-why = Diese Liste nimmt keine Mails mehr an: { $why }
write-to = Schreiben Sie an { $address }.
subscribe-at = Abonnieren: { $place }.
volumes = Zeiträume

## A volume

ways-to-read = Ansichten dieses Zeitraums
tab-thread = Threads
tab-subject = Betreff
tab-author = Verfasser
tab-date = Datum
tab-attachments = Anhänge
index-by = { $volume } nach { $kind ->
    [subject] Betreff
    [author] Verfasser
   *[date] Datum
}
attachments-of = Anhänge: { $volume }
pieces-of-index = Teile dieses Verzeichnisses
other-letters = Andere
words-of-day = { $words }, { $day }
thread-goes-on = Dieser Thread geht in anderen Zeiträumen weiter
other-volumes = Andere Zeiträume
volume-downloads = Der ganze Zeitraum zum Mitnehmen: { $count ->
    [1] { $first }
   *[2] { $first } oder { $second }
}, komprimiert.
download-text = Text
download-mbox = mbox

## Attachments

attachments = Anhänge
attachments-none = Keine Mail dieser Liste hat eine Datei.
attachments-by-volume = Nach Zeiträumen.
volume-without-files = Keine Mail dieses Zeitraums hat eine Datei.
files = { $count ->
    [one] { $count } Datei
   *[other] { $count } Dateien
}
files-more = und { $count } weitere
file-origin = in { $mail } von { $author }

## A mail

mail-to = an
mail-cc = Kopie an
people-more = und { $count } weitere
in-answer-to = Antwort auf
dated-by-author = Vom Verfasser datiert: { $date }.
same-id = Gleiche Message-ID
same-id-mails = Andere Mails tragen dieselbe Message-ID:
reply-by-mail = Per Mail antworten
whole-thread = Ganzer Thread
previous-in-thread = Vorige im Thread
next-in-thread = Nächste im Thread
take-with-you = Mitnehmen
take-link = Link
take-git = Mit einem Patch antworten
take-cite = Zitieren
cited-list = Mailingliste { $list }
cited = { $author }: „{ $title }“. { $list }, { $date }. Message-ID <{ $id }>.
series-single = Patch
series-cover = Patchserie mit { $of } Teilen
series-part = Patch { $part } von { $of }
series-version = { $series }, Version { $version }
thread = Thread
whole-thread-on-page = Ganzer Thread auf einer Seite
by-date = Nach Datum

## The text of a mail

quoted-lines = { $count ->
    [one] { $count } zitierte Zeile
   *[other] { $count } zitierte Zeilen
}
earlier-lines = { $count ->
    [one] { $count } Zeile der früheren Mail
   *[other] { $count } Zeilen der früheren Mail
}
origin-link = diese Mail
origin-label = diese Mail, von { $author }, { $date }
as-text = Als reiner Text
as-html = Als HTML
forwarded-mail = Weitergeleitete Mail
files-changed = { $count ->
    [one] { $count } Datei geändert
   *[other] { $count } Dateien geändert
}
lines-added = { $count ->
    [one] { $count } Zeile hinzugefügt
   *[other] { $count } Zeilen hinzugefügt
}
lines-removed = { $count ->
    [one] { $count } Zeile entfernt
   *[other] { $count } Zeilen entfernt
}
removed-lines = { $count } entfernt
cut-text = Der Rest dieses Textes ist zu lang, um gezeigt zu werden.
cut-html = Der Rest dieses HTML-Textes ist zu lang, um gezeigt zu werden.
cut-part = Der Rest dieses Teils ist zu lang, um gezeigt zu werden.

## What programs say to programs, told as a table

card-contact = Kontakt
card-organisation = Organisation
card-role = Funktion
card-mail = Mail
card-telephone = Telefon
card-address = Adresse
card-link = Link
card-birthday = Geburtstag
card-note = Notiz
card-when = Wann
card-repeats = Wiederholung
card-where = Wo
card-organiser = Veranstalter
card-invited = Eingeladen
card-status = Status
card-about = Worum es geht
card-invitation = Einladung
card-cancelled-event = Abgesagter Termin
card-answer-to-an-invitation = Antwort auf eine Einladung
card-other-time-proposed = Anderer Termin vorgeschlagen
card-task = Aufgabe
card-event = Termin
card-delivery-report = Zustellbericht
card-recipient = Empfänger
card-result = Ergebnis
card-reason = Grund
card-refused-by = Abgelehnt von
card-reported-by = Gemeldet von
card-tried-until = Versucht bis
card-tried-last = Zuletzt versucht
card-receipt = Empfangsbestätigung
card-of-the-mail = Zur Mail
card-complaint = Beschwerde
card-kind = Art
card-domain = Domain
card-arrived = Eingetroffen
card-piece-of-a-mail = Teil einer Mail
card-piece = Teil
card-subject = Betreff
card-type = Typ
card-kept-elsewhere = Anderswo aufbewahrt
card-name = Name
card-by = Über
card-site = Site
card-folder = Ordner
card-server = Server
card-until = Bis
card-bytes = Byte
card-attachment-taken-out = Anhang herausgenommen
card-was-at = War unter
card-said-of-it = Dazu hieß es
card-size = Größe
card-accepted = zugesagt
card-declined = abgesagt
card-perhaps = vielleicht
card-tentative = vorläufig
card-confirmed = bestätigt
card-cancelled = abgesagt
card-to-be-done = zu erledigen
card-done = erledigt
card-being-done = in Arbeit
card-not-delivered = nicht zugestellt
card-not-yet-delivered = noch nicht zugestellt
card-delivered = zugestellt
card-passed-on-to-a-system-that-does-not-report = weitergereicht an ein System, das nicht berichtet
card-delivered-to-several-addresses = an mehrere Adressen zugestellt
card-displayed = angezeigt
card-deleted = gelöscht
in-parentheses = { $words } ({ $others })
piece-of = { $number } von { $total }
people-and-more = { $people } und { $count } weitere
event-local-time = Ortszeit
event-day = { $weekday }, { $day }. { $month } { $year }
event-moment = { $day }, { $time } { $zone }
event-hours = { $day }, { $from }–{ $to } { $zone }
event-span = { $from } bis { $to }
event-until = bis { $end }
repeats-hours = { $count ->
    [1] jede Stunde
   *[other] alle { $count } Stunden
}
repeats-days = { $count ->
    [1] jeden Tag
   *[other] alle { $count } Tage
}
repeats-weeks = { $count ->
    [1] jede Woche
   *[other] alle { $count } Wochen
}
repeats-months = { $count ->
    [1] jeden Monat
   *[other] alle { $count } Monate
}
repeats-years = { $count ->
    [1] jedes Jahr
   *[other] alle { $count } Jahre
}
repeats-on = { $rule } am { $names }
repeats-on-day = { $rule } am { $names }. des Monats
repeats-in = { $rule } im { $names }
repeats-times = { $rule }, { $count }-mal
repeats-until = { $rule }, bis { $end }
repeats-by-rule = nach einer Regel: { $rule }
nth-weekday = { $nth ->
    [1] ersten { $day }
    [2] zweiten { $day }
    [3] dritten { $day }
    [4] vierten { $day }
    [5] fünften { $day }
   *[0] letzten { $day }
}
names-and = { $names } und { $last }

## A thread

on-this-page = { $counts } auf dieser Seite
mails-of-thread = Mails dieses Threads
level-before = Ebene { $level },
earlier-of-thread = frühere Mails dieses Threads
later-of-thread = spätere Mails dieses Threads

## A person

mails-from = { $count ->
    [one] { $count } Mail
   *[other] { $count } Mails
} von { $addresses }
mails-numbered = Mails { $first } bis { $last }
earlier-mails = Frühere: { $mails }
later-mails = Spätere: { $mails }
newest-mails = Die neuesten Mails
more-of-person = Weitere Mails dieser Person

## A list in numbers

statistics = Statistik
months = Monate
years-heading = Jahre
months-note = Mails in jedem Monat, davor die Threads, die in ihm begannen. Die meisten Mails waren { $most }: { $when }.
years-note = Mails in jedem Jahr, davor die Threads, die in ihm begannen. Die meisten Mails waren { $most }: { $when }.
month-by-month = Monat für Monat
column-month = Monat
column-mails = Mails
column-threads = Threads
column-hour = Stunde
hours-of-day = Tageszeiten
hours-note = Nach den Uhren der Schreibenden. Die meisten Mails entstanden von { $hours }.
hour-by-hour = Stunde für Stunde
hour-span = { $from } bis { $to } Uhr
longest-threads = Längste Threads
thread-first = { $count ->
    [one] { $count } Mail
   *[other] { $count } Mails
}, die erste von { $who }
who-writes-most = Wer am meisten schreibt

## Search

query = Suchanfrage
order = Reihenfolge
order-best = beste zuerst
order-new = neueste zuerst
order-old = älteste zuerst
search-button = Suchen
narrow-down-link = eingrenzen
narrow-down = Eingrenzen
did-you-mean = Meinten Sie { $query }?
mails-label = Mails
more-mails = Weitere Mails
previous-mails = vorige Mails
next-mails = nächste Mails
found-first = die ersten { $first } von { $mails }
found-threads = { $mails } in { $threads ->
    [one] { $threads } Thread
   *[other] { $threads } Threads
}
found-range = { $found }, { $first } bis { $last }
of-this-thread = { $mails } dieses Threads
by-thread = nach Threads
mail-by-mail = Mail für Mail
mailbox-link = Mailbox
no-mailbox = Mails werden hier nicht als Mailbox abgegeben.
mailbox-too-large = Das sind zu viele Mails für eine Datei, die höchstens { $mails } und { $megabytes } MB fasst. Ein Datum grenzt sie ein, etwa date:2024-03.
some-words = Mit einigen der Wörter
facet-list = Liste
facet-author = Verfasser
facet-with = Mit
facet-year = Jahr
facet-month = Monate { $year }
has-attachment = Anhang
has-patch = Patch
guide = Gesucht wird in Betreff und Text. { $phrase }, { $from }, { $subject }, { $date }, { $either }, { $without } und Klammern grenzen ein. Eine Message-ID führt direkt zu ihrer Mail.
guide-phrase = eine Wortfolge
guide-copy = Wo diese Site eine einfache Kopie ist, braucht die Suche JavaScript. Die Verzeichnisse führen auch ohne zu jeder Mail:
guide-volumes = die Zeiträume dieser Liste

## What is wrong with a query, and what to write instead

query-fault = { $what }, bei Byte { $at } ({ $hint })
query-too-long = Die Anfrage ist zu lang
query-too-many-words = Die Anfrage hat zu viele Wörter
query-too-deep = Zu viele Klammern ineinander
query-nothing-open = Hier ist keine Klammer offen
query-parenthesis-open = Die Klammer wird nicht geschlossen
query-quote-open = Das Anführungszeichen wird nicht geschlossen
query-lonely-and = Vor AND muss etwas stehen
query-lonely-or = Auf beiden Seiten von OR muss etwas stehen
query-unfinished = Am Ende fehlt etwas
query-empty-parentheses = Zwischen den Klammern steht nichts
query-nothing-to-look-for = Nichts, wonach zu suchen wäre
query-nothing-to-leave-out = Nichts, was wegzulassen wäre
query-empty-field = Nach { $field }: steht nichts
query-thread-in-thread = thread: innerhalb von thread:
query-short-beginning = Der Wortanfang ist zu kurz
query-unknown-value = { $field }: kennt kein „{ $typed }“
query-no-range = Eine Größe braucht einen Bereich
query-endless = Der Bereich hat kein Ende
query-no-size = „{ $typed }“ ist keine Größe
query-no-date = „{ $typed }“ ist kein Datum
query-backwards = Der Bereich endet, bevor er beginnt
query-wide-thread = Innerhalb von thread: passen { $mails } Mails
query-many-beginnings = Zu viele Wörter beginnen so
query-live-only = { $field }: geht nur auf einem Server
hint-bytes = höchstens { $most } Byte
hint-words = höchstens { $most } Wörter und Wortfolgen
hint-depth = höchstens { $most } ineinander
hint-quote-it = in Anführungszeichen setzen
hint-quote-word = das Wort in Anführungszeichen setzen, um danach zu suchen
hint-close-parenthesis = ) ergänzen
hint-close-quote = " ergänzen
hint-word = ein Wort mit Buchstaben oder Ziffern schreiben
hint-leave-out = -Wort oder NOT Wort schreiben
hint-example = wie in { $example }
hint-one-of-them = nur eines davon schreiben
hint-two-letters = mindestens zwei Buchstaben vor * schreiben
hint-meant = meinten Sie { $words }?
hint-write = { $words } schreiben
hint-either = { $one } oder { $other }
hint-size = 100k.., ..2m oder einen Bereich wie 100k..2m schreiben
hint-date = 2019, 2019-03, 2019-03-04, einen Bereich wie 2019..2020-06 oder 2w.. schreiben
hint-narrow = auf höchstens { $most } eingrenzen

## Finding a mail by its Message-ID

find-by-id = Eine Mail an ihrer Message-ID finden
find-told = Ein Link auf diese Seite trägt hinter dem { $mark } eine Message-ID. Wo posthoc das Archiv ausliefert, führt ein kleines Skript von hier zur Mail; es fragt niemanden außer dieser Site.
find-without = Ohne das Skript, oder wo diese Site eine einfache Kopie ist, suchen Sie nach der Message-ID:

## What a page says instead of another one

to-lists = Die Listen
not-found = Nicht gefunden
not-found-words = Hier gibt es keine Seite dieses Namens.
not-found-or-members = Hier gibt es keine Seite dieses Namens, oder sie ist nur für Mitglieder.
removed = Entfernt
removed-words = Diese Mail wurde aus dem Archiv entfernt.
moved = Umgezogen
moved-words = Diese Seite steht jetzt unter einer anderen Adresse.
go-there = Dorthin
which-one = Welche?
which-one-words = Mehrere Mails tragen diese Message-ID.
failed = Etwas ging schief
failed-words = Diese Seite konnte nicht erstellt werden. Der Grund steht im Protokoll dieses Servers.
busy = Ausgelastet
busy-words = Von diesem Archiv wird gerade zu viel verlangt. Bitte versuchen Sie es gleich noch einmal.
too-often = Zu oft
too-often-words = Suchen und Downloads machen Arbeit. Aus Ihrem Netz kamen zu viele. Bitte versuchen Sie es gleich noch einmal.

## Signing in

sign-in = Anmelden
sign-out = Abmelden
sign-in-name = Name
sign-in-password = Passwort
signed-in = Angemeldet
signed-in-as = Sie sind als { $name } angemeldet.
signed-in-by-server = Sie sind als { $name } angemeldet, durch den Webserver dieser Site.
wrong-password = Dieser Name und dieses Passwort gehören nicht zusammen.
wait-seconds = Zu viele falsche Passwörter. Bitte versuchen Sie es in { $count ->
    [one] einer Sekunde
   *[other] { $count } Sekunden
} noch einmal.
stale-form = Dieses Formular war zu alt, oder Ihr Browser nimmt keine Cookies an. Bitte versuchen Sie es noch einmal.

## What scripts say

fresh = neu
fresh-count = neu seit Ihrem letzten Besuch: { $count }
link-copied = Link kopiert
text-copied = Text kopiert
line-copied = Link auf Zeile { $line } kopiert
copy-link = Link kopieren
copy-line = Link auf Zeile kopieren
copy-text = Kopieren
no-such-line = Diese Mail hat keine Zeile { $line }
select-first = Markieren Sie zuerst Wörter der Zeile
mail-as-file = Diese Mail als Datei
thread-as-mailbox = Ihr Thread als Mailbox
follow = Folgen
follow-no-more = Nicht mehr folgen
following = Sie folgen diesem Thread, in diesem Browser
following-no-more = Sie folgen diesem Thread nicht mehr
keeps-nothing = Dieser Browser behält nichts für diese Site
threads-followed = Threads, denen Sie folgen
by-answers = Nach Antworten
by-time = Nach Zeit
quotes-open = Alle Zitate sind offen
quotes-folded = Lange Zitate sind zugeklappt
nothing-folded = Hier ist nichts zugeklappt
key-next = nächster Link, nächste Mail
key-before = einen zurück
key-later = nächste im Thread, nächste Seite
key-earlier = vorige im Thread, vorige Seite
key-thread = der ganze Thread
key-up = nach oben: Zeitraum, Liste
key-reply = per Mail antworten
key-follow = dem Thread folgen oder nicht mehr
key-fold = alle Zitate auf- oder zuklappen
key-search = suchen
key-help = diese Tasten
keys-and-threads = Tasten und gefolgte Threads
letters-are-commands = Einzelne Buchstaben sind Befehle
kept-here = Gefolgte Threads: { $count }. Sie, und was seit Ihrem letzten Besuch neu ist, merkt sich nur dieser Browser.
take-in = Eine früher gesicherte Datei einlesen
save-as-file = Als Datei sichern
forget-all = Alles vergessen
close = Schließen
searching = Suche …
copy-unsearchable = Diese Kopie hat keine Suche; die Verzeichnisse führen zu jeder Mail.
file-missing = Eine Datei fehlt.
look-into-all = alle { $all } Listen statt { $taken }
