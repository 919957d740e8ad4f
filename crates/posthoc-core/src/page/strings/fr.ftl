# Les mots des pages en français.

## How this language is written

direction = ltr
digit-groups = { "\u202F" }
decimal-mark = ,
bytes = { $count ->
    [one] { $count } octet
   *[other] { $count } octets
}
kilobytes = { $number } ko
megabytes = { $number } Mo

## Dates

month = { $month ->
    [1] janvier
    [2] février
    [3] mars
    [4] avril
    [5] mai
    [6] juin
    [7] juillet
    [8] août
    [9] septembre
    [10] octobre
    [11] novembre
   *[12] décembre
}
month-alone = { $month ->
    [1] Janvier
    [2] Février
    [3] Mars
    [4] Avril
    [5] Mai
    [6] Juin
    [7] Juillet
    [8] Août
    [9] Septembre
    [10] Octobre
    [11] Novembre
   *[12] Décembre
}
month-short = { $month ->
    [1] janv.
    [2] févr.
    [3] mars
    [4] avr.
    [5] mai
    [6] juin
    [7] juil.
    [8] août
    [9] sept.
    [10] oct.
    [11] nov.
   *[12] déc.
}
month-cell = { $month ->
    [1] Jan
    [2] Fév
    [3] Mar
    [4] Avr
    [5] Mai
    [6] Jun
    [7] Jul
    [8] Aoû
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Déc
}
weekday = { $weekday ->
    [1] lundi
    [2] mardi
    [3] mercredi
    [4] jeudi
    [5] vendredi
    [6] samedi
   *[7] dimanche
}
quarter = { $quarter ->
    [1] 1er trimestre
    [2] 2e trimestre
    [3] 3e trimestre
   *[4] 4e trimestre
}
date-day = { $day ->
    [1] 1er
   *[other] { $day }
} { $month }
date-postmark = { $day } { $month }
date = { $day ->
    [1] 1er
   *[other] { $day }
} { $month } { $year }
date-long = { $day ->
    [1] 1er
   *[other] { $day }
} { $month } { $year }
date-full = { $weekday } { $day ->
    [1] 1er
   *[other] { $day }
} { $month } { $year }, { $time } { $zone }
month-and-year = { $month } { $year }
quarter-and-year = { $quarter } { $year }
week-of = Semaine du lundi { $day }
years = { $first } à { $last }

## What stands on many pages

skip-to-content = Aller au contenu
where-you-are = Où vous êtes
search-list = Chercher dans { $list }
search-all = Chercher dans toutes les listes
site-untitled = Listes de diffusion
kept-with = Archivé avec posthoc.
labelled = { $label }{ "\u00A0" }: { $text }
mails = { $count ->
    [one] { $count } message
   *[other] { $count } messages
}
mails-word = { $count ->
    [one] message
   *[other] messages
}
counts = { $mails ->
    [one] { $mails } message
   *[other] { $mails } messages
} dans { $threads ->
    [one] { $threads } fil
   *[other] { $threads } fils
}
counts-of-addresses = { $counts }, de { $addresses ->
    [one] { $addresses } adresse
   *[other] { $addresses } adresses
}
counts-of-people = { $mails ->
    [one] { $mails } message
   *[other] { $mails } messages
}, { $people ->
    [one] { $people } personne
   *[other] { $people } personnes
}
no-mail-yet = Aucun message n’est encore arrivé.
no-subject = (sans objet)
unknown-person = inconnu
ghost-missing = un message absent de l’archive
ghost-removed = un message retiré
level = niveau { $level }
page-number = page { $page }

## The lists, and a list

no-list-yet = Il n’y a encore aucune liste ici.
last-on = dernier message le { $date }
not-public = non publique
attachments-link = pièces jointes
statistics-link = statistiques
feed-link = flux
news = Le message le plus récent est du { $date }. Dans la semaine qui précède, { $week ->
    [one] { $week } message est arrivé
   *[other] { $week } messages sont arrivés
}{ $more ->
    [yes] , et { $month } en 30 jours
   *[no] {""}
}.
recent-threads = Fils récents
thread-of-one = par { $who }
thread-last = { $count ->
    [one] { $count } message
   *[other] { $count } messages
}, le dernier par { $who }
thread-last-of-more = plus de { $count ->
    [one] { $count } message
   *[other] { $count } messages
}, le dernier par { $who }
taking-part = Participer
list-closed = Cette liste ne reçoit plus de messages.
list-closed-why = Cette liste ne reçoit plus de messages{ "\u00A0" }: { $why }
write-to = Écrire à { $address }.
subscribe-at = S’abonner{ "\u00A0" }: { $place }.
volumes = Périodes

## A volume

ways-to-read = Façons de lire cette période
tab-thread = Fils
tab-subject = Objets
tab-author = Auteurs
tab-date = Dates
tab-attachments = Pièces jointes
index-by = { $volume } par { $kind ->
    [subject] objet
    [author] auteur
   *[date] date
}
attachments-of = Pièces jointes{ "\u00A0" }: { $volume }
pieces-of-index = Parties de cet index
other-letters = Autres
words-of-day = { $words }, { $day }
thread-goes-on = Ce fil continue dans d’autres périodes
other-volumes = Autres périodes
volume-downloads = Toute la période à emporter{ "\u00A0" }: { $count ->
    [1] { $first }
   *[2] { $first } ou { $second }
}, compressé.
download-text = texte
download-mbox = mbox

## Attachments

attachments = Pièces jointes
attachments-none = Aucun message de cette liste n’a de fichier.
attachments-by-volume = Par période.
volume-without-files = Aucun message de cette période n’a de fichier.
files = { $count ->
    [one] { $count } fichier
   *[other] { $count } fichiers
}
files-more = et { $count ->
    [one] { $count } autre
   *[other] { $count } autres
}
file-origin = dans { $mail } par { $author }

## A mail

mail-to = à
mail-cc = copie à
people-more = et { $count ->
    [one] { $count } autre
   *[other] { $count } autres
}
in-answer-to = en réponse à
dated-by-author = Date donnée par l’auteur{ "\u00A0" }: { $date }.
same-id = Même Message-ID
same-id-mails = D’autres messages portent le même Message-ID{ "\u00A0" }:
reply-by-mail = Répondre par courriel
whole-thread = Fil entier
previous-in-thread = Précédent dans le fil
next-in-thread = Suivant dans le fil
take-with-you = À emporter
take-link = Lien
take-git = Répondre par un patch
take-cite = Citer
cited-list = liste de diffusion { $list }
cited = { $author }, «{ "\u00A0" }{ $title }{ "\u00A0" }», { $list }, { $date }. Message-ID <{ $id }>.
series-single = Patch
series-cover = Série de { $of } patchs
series-part = Patch { $part } sur { $of }
series-version = { $series }, version { $version }
thread = Fil
whole-thread-on-page = Le fil entier sur une page
by-date = Par date

## The text of a mail

quoted-lines = { $count ->
    [one] { $count } ligne citée
   *[other] { $count } lignes citées
}
earlier-lines = { $count ->
    [one] { $count } ligne du message précédent
   *[other] { $count } lignes du message précédent
}
origin-link = ce message
origin-label = ce message, par { $author }, { $date }
as-text = En texte brut
as-html = En HTML
forwarded-mail = Message transféré
files-changed = { $count ->
    [one] { $count } fichier modifié
   *[other] { $count } fichiers modifiés
}
lines-added = { $count ->
    [one] { $count } ligne ajoutée
   *[other] { $count } lignes ajoutées
}
lines-removed = { $count ->
    [one] { $count } ligne supprimée
   *[other] { $count } lignes supprimées
}
removed-lines = { $count ->
    [one] { $count } supprimée
   *[other] { $count } supprimées
}
cut-text = La suite de ce texte est trop longue pour être affichée.
cut-html = La suite de ce texte HTML est trop longue pour être affichée.
cut-part = La suite de cette partie est trop longue pour être affichée.

## What programs say to programs, told as a table

card-contact = Contact
card-organisation = Organisation
card-role = Fonction
card-mail = Courriel
card-telephone = Téléphone
card-address = Adresse
card-link = Lien
card-birthday = Anniversaire
card-note = Note
card-when = Quand
card-repeats = Répétition
card-where = Où
card-organiser = Organisateur
card-invited = Invités
card-status = État
card-about = À propos
card-invitation = Invitation
card-cancelled-event = Événement annulé
card-answer-to-an-invitation = Réponse à une invitation
card-other-time-proposed = Autre date proposée
card-task = Tâche
card-event = Événement
card-delivery-report = Rapport de remise
card-recipient = Destinataire
card-result = Résultat
card-reason = Motif
card-refused-by = Refusé par
card-reported-by = Signalé par
card-tried-until = Essayé jusqu’au
card-tried-last = Dernier essai
card-receipt = Accusé de réception
card-of-the-mail = Du message
card-complaint = Plainte
card-kind = Nature
card-domain = Domaine
card-arrived = Arrivé
card-piece-of-a-mail = Morceau d’un message
card-piece = Morceau
card-subject = Objet
card-type = Type
card-kept-elsewhere = Conservé ailleurs
card-name = Nom
card-by = Par
card-site = Site
card-folder = Dossier
card-server = Serveur
card-until = Jusqu’au
card-bytes = Octets
card-attachment-taken-out = Pièce jointe retirée
card-was-at = Se trouvait à
card-said-of-it = À son sujet
card-size = Taille
card-accepted = accepté
card-declined = refusé
card-perhaps = peut-être
card-tentative = provisoire
card-confirmed = confirmé
card-cancelled = annulé
card-to-be-done = à faire
card-done = fait
card-being-done = en cours
card-not-delivered = non remis
card-not-yet-delivered = pas encore remis
card-delivered = remis
card-passed-on-to-a-system-that-does-not-report = transmis à un système qui n'en rend pas compte
card-delivered-to-several-addresses = remis à plusieurs adresses
card-displayed = affiché
card-deleted = supprimé
in-parentheses = { $words } ({ $others })
piece-of = { $number } sur { $total }
people-and-more = { $people } et { $count } autres
event-local-time = heure locale
event-day = { $weekday } { $day } { $month } { $year }
event-moment = { $day }, { $time } { $zone }
event-hours = { $day }, { $from }–{ $to } { $zone }
event-span = { $from } à { $to }
event-until = jusqu'au { $end }
repeats-hours = { $count ->
    [1] chaque heure
   *[other] toutes les { $count } heures
}
repeats-days = { $count ->
    [1] chaque jour
   *[other] tous les { $count } jours
}
repeats-weeks = { $count ->
    [1] chaque semaine
   *[other] toutes les { $count } semaines
}
repeats-months = { $count ->
    [1] chaque mois
   *[other] tous les { $count } mois
}
repeats-years = { $count ->
    [1] chaque année
   *[other] tous les { $count } ans
}
repeats-on = { $rule } le { $names }
repeats-on-day = { $rule } le { $names } du mois
repeats-in = { $rule } en { $names }
repeats-times = { $rule }, { $count } fois
repeats-until = { $rule }, jusqu'au { $end }
repeats-by-rule = selon une règle : { $rule }
nth-weekday = { $nth ->
    [1] premier { $day }
    [2] deuxième { $day }
    [3] troisième { $day }
    [4] quatrième { $day }
    [5] cinquième { $day }
   *[0] dernier { $day }
}
names-and = { $names } et { $last }

## A thread

on-this-page = { $counts } sur cette page
mails-of-thread = Messages de ce fil
level-before = Niveau { $level },
earlier-of-thread = messages précédents de ce fil
later-of-thread = messages suivants de ce fil

## A person

mails-from = { $count ->
    [one] { $count } message
   *[other] { $count } messages
} de { $addresses }
mails-numbered = messages { $first } à { $last }
earlier-mails = Avant{ "\u00A0" }: { $mails }
later-mails = Après{ "\u00A0" }: { $mails }
newest-mails = Les messages les plus récents
more-of-person = Autres messages de cette personne

## A list in numbers

statistics = Statistiques
months = Mois
years-heading = Années
months-note = Messages de chaque mois et, devant, les fils qui y ont commencé. Maximum{ "\u00A0" }: { $most } messages ({ $when }).
years-note = Messages de chaque année et, devant, les fils qui y ont commencé. Maximum{ "\u00A0" }: { $most } messages ({ $when }).
month-by-month = Mois par mois
column-month = Mois
column-mails = Messages
column-threads = Fils
column-hour = Heure
hours-of-day = Heures de la journée
hours-note = À l’heure de ceux qui ont écrit. La plupart des messages ont été écrits de { $hours }.
hour-by-hour = Heure par heure
hour-span = { $from } à { $to } h
longest-threads = Fils les plus longs
thread-first = { $count ->
    [one] { $count } message
   *[other] { $count } messages
}, le premier par { $who }
who-writes-most = Qui écrit le plus

## Search

query = Recherche
order = Ordre
order-best = les meilleurs d’abord
order-new = les plus récents d’abord
order-old = les plus anciens d’abord
search-button = Chercher
narrow-down-link = affiner
narrow-down = Affiner
did-you-mean = Vouliez-vous dire { $query }{ "\u202F" }?
mails-label = Messages
more-mails = Autres messages
previous-mails = messages précédents
next-mails = messages suivants
found-first = les { $first } premiers de { $mails }
found-threads = { $mails } dans { $threads ->
    [one] { $threads } fil
   *[other] { $threads } fils
}
found-range = { $found }, { $first } à { $last }
of-this-thread = { $mails } de ce fil
by-thread = par fil
mail-by-mail = message par message
mailbox-link = boîte mbox
no-mailbox = Ici, les messages ne sont pas proposés en boîte mbox.
mailbox-too-large = Cela fait trop de messages pour un seul fichier, qui en contient au plus { $mails } et { $megabytes } Mo. Une date les restreint, comme date:2024-03.
some-words = Avec une partie des mots
facet-list = Liste
facet-author = Auteur
facet-with = Avec
facet-year = Année
facet-month = Mois de { $year }
has-attachment = une pièce jointe
has-patch = un patch
guide = Les mots sont cherchés dans les objets et les textes. { $phrase }, { $from }, { $subject }, { $date }, { $either }, { $without } et les parenthèses affinent la recherche. Un Message-ID mène droit à son message.
guide-phrase = une expression
guide-copy = Là où ce site est une simple copie, la recherche demande JavaScript. Les index mènent à chaque message sans lui{ "\u00A0" }:
guide-volumes = les périodes de cette liste

## What is wrong with a query, and what to write instead

query-fault = { $what }, à l'octet { $at } ({ $hint })
query-too-long = la requête est trop longue
query-too-many-words = la requête a trop de mots
query-too-deep = trop de parenthèses imbriquées
query-nothing-open = aucune parenthèse n'est ouverte ici
query-parenthesis-open = la parenthèse n'est pas fermée
query-quote-open = le guillemet n'est pas fermé
query-lonely-and = il manque quelque chose avant AND
query-lonely-or = il manque quelque chose d'un côté de OR
query-unfinished = il manque quelque chose à la fin
query-empty-parentheses = rien entre les parenthèses
query-nothing-to-look-for = rien à chercher
query-nothing-to-leave-out = rien à exclure
query-empty-field = rien après { $field }:
query-thread-in-thread = thread: à l'intérieur de thread:
query-short-beginning = le début du mot est trop court
query-unknown-value = { $field }: ne connaît pas « { $typed } »
query-no-range = une taille demande un intervalle
query-endless = l'intervalle n'a pas de borne
query-no-size = « { $typed } » n'est pas une taille
query-no-date = « { $typed } » n'est pas une date
query-backwards = l'intervalle finit avant de commencer
query-wide-thread = { $mails } messages répondent à l'intérieur de thread:
query-many-beginnings = trop de mots commencent ainsi
query-live-only = { $field }: demande un serveur
hint-bytes = au plus { $most } octets
hint-words = au plus { $most } mots et expressions
hint-depth = au plus { $most } niveaux
hint-quote-it = à mettre entre guillemets
hint-quote-word = mettez le mot entre guillemets pour le chercher
hint-close-parenthesis = ajoutez )
hint-close-quote = ajoutez "
hint-word = écrivez un mot avec des lettres ou des chiffres
hint-leave-out = écrivez -mot ou NOT mot
hint-example = comme { $example }
hint-one-of-them = n'en écrivez qu'un
hint-two-letters = écrivez au moins deux lettres avant *
hint-meant = vouliez-vous dire { $words } ?
hint-write = écrivez { $words }
hint-either = { $one } ou { $other }
hint-size = écrivez 100k.., ..2m ou un intervalle comme 100k..2m
hint-date = écrivez 2019, 2019-03, 2019-03-04, un intervalle comme 2019..2020-06, ou 2w..
hint-narrow = réduisez à { $most } au plus

## Finding a mail by its Message-ID

find-by-id = Trouver un message par son Message-ID
find-told = Un lien vers cette page porte un Message-ID après le { $mark }. Là où posthoc sert l’archive, un petit script mène d’ici au message{ "\u202F" }; il n’interroge que ce site.
find-without = Sans le script, ou là où ce site est une simple copie, cherchez le Message-ID{ "\u00A0" }:

## What a page says instead of another one

to-lists = Les listes
not-found = Introuvable
not-found-words = Il n’y a pas de page de ce nom ici.
not-found-or-members = Il n’y a pas de page de ce nom ici, ou elle est réservée aux membres.
removed = Retiré
removed-words = Ce message a été retiré de l’archive.
moved = Déplacée
moved-words = Cette page se trouve maintenant à une autre adresse.
go-there = Y aller
which-one = Lequel{ "\u202F" }?
which-one-words = Plusieurs messages portent ce Message-ID.
failed = Un problème est survenu
failed-words = Cette page n’a pas pu être produite. La raison se trouve dans le journal de ce serveur.
busy = Occupé
busy-words = Cette archive est trop sollicitée en ce moment. Veuillez réessayer dans un instant.
too-often = Trop souvent
too-often-words = Les recherches et les téléchargements demandent du travail. Il y en a eu trop depuis votre réseau. Veuillez réessayer dans un instant.

## Signing in

sign-in = Se connecter
sign-out = Se déconnecter
sign-in-name = Nom
sign-in-password = Mot de passe
signed-in = Connecté
signed-in-as = Vous êtes connecté sous le nom { $name }.
signed-in-by-server = Vous êtes connecté sous le nom { $name }, par le serveur web de ce site.
wrong-password = Ce nom et ce mot de passe ne vont pas ensemble.
wait-seconds = Trop de mots de passe erronés. Veuillez réessayer dans { $count ->
    [one] une seconde
   *[other] { $count } secondes
}.
stale-form = Ce formulaire était trop ancien, ou votre navigateur refuse les cookies. Veuillez réessayer.

## What scripts say

fresh = nouveau
fresh-count = nouveautés depuis votre dernière visite{ "\u00A0" }: { $count }
link-copied = Lien copié
text-copied = Texte copié
line-copied = Lien vers la ligne { $line } copié
copy-link = Copier le lien
copy-line = Copier le lien vers la ligne
copy-text = Copier
no-such-line = Ce message n’a pas de ligne { $line }
select-first = Sélectionnez d’abord des mots de la ligne
mail-as-file = Ce message en fichier
thread-as-mailbox = Son fil en boîte mbox
follow = Suivre
follow-no-more = Ne plus suivre
following = Vous suivez ce fil, dans ce navigateur
following-no-more = Vous ne suivez plus ce fil
keeps-nothing = Ce navigateur ne garde rien pour ce site
threads-followed = Fils que vous suivez
by-answers = Par réponses
by-time = Par date
quotes-open = Toutes les citations sont dépliées
quotes-folded = Les longues citations sont repliées
nothing-folded = Rien n’est replié ici
key-next = lien ou message suivant
key-before = le précédent
key-later = suivant dans le fil, page suivante
key-earlier = précédent dans le fil, page précédente
key-thread = le fil entier
key-up = remonter{ "\u00A0" }: la période, la liste
key-reply = répondre par courriel
key-follow = suivre le fil, ou ne plus le suivre
key-fold = déplier ou replier toutes les citations
key-search = chercher
key-help = ces touches
keys-and-threads = Touches et fils suivis
letters-are-commands = Les lettres seules sont des commandes
kept-here = Fils suivis{ "\u00A0" }: { $count }. Ils ne sont gardés, comme les nouveautés depuis votre dernière visite, que dans ce navigateur.
take-in = Reprendre un fichier enregistré auparavant
save-as-file = Enregistrer dans un fichier
forget-all = Tout oublier
close = Fermer
searching = Recherche…
copy-unsearchable = Pas de recherche ici{ "\u202F" }; les index mènent à chaque message.
file-missing = Il manque un fichier.
look-into-all = les { $all } listes et non { $taken }
