# Las palabras de las páginas en español.

## How this language is written

direction = ltr
digit-groups = { "\u202F" }
decimal-mark = ,
bytes = { $count ->
    [one] { $count } byte
   *[other] { $count } bytes
}
kilobytes = { $number } kB
megabytes = { $number } MB

## Dates

month = { $month ->
    [1] enero
    [2] febrero
    [3] marzo
    [4] abril
    [5] mayo
    [6] junio
    [7] julio
    [8] agosto
    [9] septiembre
    [10] octubre
    [11] noviembre
   *[12] diciembre
}
month-alone = { $month ->
    [1] Enero
    [2] Febrero
    [3] Marzo
    [4] Abril
    [5] Mayo
    [6] Junio
    [7] Julio
    [8] Agosto
    [9] Septiembre
    [10] Octubre
    [11] Noviembre
   *[12] Diciembre
}
month-short = { $month ->
    [1] ene
    [2] feb
    [3] mar
    [4] abr
    [5] may
    [6] jun
    [7] jul
    [8] ago
    [9] sept
    [10] oct
    [11] nov
   *[12] dic
}
month-cell = { $month ->
    [1] Ene
    [2] Feb
    [3] Mar
    [4] Abr
    [5] May
    [6] Jun
    [7] Jul
    [8] Ago
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dic
}
weekday = { $weekday ->
    [1] lunes
    [2] martes
    [3] miércoles
    [4] jueves
    [5] viernes
    [6] sábado
   *[7] domingo
}
quarter = { $quarter ->
    [1] Primer trimestre
    [2] Segundo trimestre
    [3] Tercer trimestre
   *[4] Cuarto trimestre
}
date-day = { $day } { $month }
date-postmark = { $day } { $month }
date = { $day } { $month } { $year }
date-long = { $day } de { $month } de { $year }
date-full = { $weekday }, { $day } de { $month } de { $year }, { $time } { $zone }
month-and-year = { $month } de { $year }
quarter-and-year = { $quarter } de { $year }
week-of = Semana del lunes { $day }
years = { $first } a { $last }

## What stands on many pages

skip-to-content = Ir al contenido
where-you-are = Dónde está
search-list = Buscar en { $list }
search-all = Buscar en todas las listas
site-untitled = Listas de correo
kept-with = Archivado con posthoc.
labelled = { $label }: { $text }
mails = { $count ->
    [one] { $count } mensaje
   *[other] { $count } mensajes
}
mails-word = { $count ->
    [one] mensaje
   *[other] mensajes
}
counts = { $mails ->
    [one] { $mails } mensaje
   *[other] { $mails } mensajes
} en { $threads ->
    [one] { $threads } hilo
   *[other] { $threads } hilos
}
counts-of-addresses = { $counts }, de { $addresses ->
    [one] { $addresses } dirección
   *[other] { $addresses } direcciones
}
counts-of-people = { $mails ->
    [one] { $mails } mensaje
   *[other] { $mails } mensajes
}, { $people ->
    [one] { $people } persona
   *[other] { $people } personas
}
no-mail-yet = Todavía no ha llegado ningún mensaje.
no-subject = (sin asunto)
unknown-person = desconocido
ghost-missing = un mensaje que no está en el archivo
ghost-removed = un mensaje que fue retirado
level = nivel { $level }
page-number = página { $page }

## The lists, and a list

no-list-yet = Aquí todavía no hay ninguna lista.
last-on = último mensaje: { $date }
not-public = no pública
attachments-link = adjuntos
statistics-link = estadísticas
feed-link = canal
news = El mensaje más reciente es del { $date }. En la semana anterior { $week ->
    [one] llegó { $week } mensaje
   *[other] llegaron { $week } mensajes
}{ $more ->
    [yes] ; en los 30 días, { $month }
   *[no] {""}
}.
recent-threads = Hilos recientes
thread-of-one = de { $who }
thread-last = { $count ->
    [one] { $count } mensaje
   *[other] { $count } mensajes
}, el último de { $who }
thread-last-of-more = más de { $count ->
    [one] { $count } mensaje
   *[other] { $count } mensajes
}, el último de { $who }
taking-part = Participar
list-closed = Esta lista ya no recibe mensajes.
list-closed-why = Esta lista ya no recibe mensajes: { $why }
write-to = Escriba a { $address }.
subscribe-at = Suscripción: { $place }.
volumes = Periodos

## A volume

ways-to-read = Maneras de leer este periodo
tab-thread = Hilos
tab-subject = Asuntos
tab-author = Autores
tab-date = Fechas
tab-attachments = Adjuntos
index-by = { $volume } por { $kind ->
    [subject] asunto
    [author] autor
   *[date] fecha
}
attachments-of = Adjuntos: { $volume }
pieces-of-index = Partes de este índice
other-letters = Otros
words-of-day = { $words }, { $day }
thread-goes-on = Este hilo sigue en otros periodos
other-volumes = Otros periodos
volume-downloads = Todo el periodo para llevar: { $count ->
    [1] { $first }
   *[2] { $first } o { $second }
}, comprimido.
download-text = texto
download-mbox = mbox

## Attachments

attachments = Adjuntos
attachments-none = Ningún mensaje de esta lista tiene archivos.
attachments-by-volume = Por periodos.
volume-without-files = Ningún mensaje de este periodo tiene archivos.
files = { $count ->
    [one] { $count } archivo
   *[other] { $count } archivos
}
files-more = y { $count } más
file-origin = en { $mail } de { $author }

## A mail

mail-to = para
mail-cc = copia a
people-more = y { $count } más
in-answer-to = en respuesta a
dated-by-author = Fecha que puso su autor: { $date }.
same-id = El mismo Message-ID
same-id-mails = Otros mensajes llevan el mismo Message-ID:
reply-by-mail = Responder por correo
whole-thread = Hilo entero
previous-in-thread = Anterior en el hilo
next-in-thread = Siguiente en el hilo
take-with-you = Para llevar
take-link = Enlace
take-git = Responder con un parche
take-cite = Citar
cited-list = lista de correo { $list }
cited = { $author }, «{ $title }», { $list }, { $date }. Message-ID <{ $id }>.
series-single = Parche
series-cover = Serie de { $of } parches
series-part = Parche { $part } de { $of }
series-version = { $series }, versión { $version }
thread = Hilo
whole-thread-on-page = El hilo entero en una página
by-date = Por fecha

## The text of a mail

quoted-lines = { $count ->
    [one] { $count } línea citada
   *[other] { $count } líneas citadas
}
earlier-lines = { $count ->
    [one] { $count } línea del mensaje anterior
   *[other] { $count } líneas del mensaje anterior
}
origin-link = ese mensaje
origin-label = ese mensaje, de { $author }, { $date }
as-text = Como texto sin formato
as-html = Como HTML
forwarded-mail = Mensaje reenviado
files-changed = { $count ->
    [one] { $count } archivo modificado
   *[other] { $count } archivos modificados
}
lines-added = { $count ->
    [one] { $count } línea añadida
   *[other] { $count } líneas añadidas
}
lines-removed = { $count ->
    [one] { $count } línea eliminada
   *[other] { $count } líneas eliminadas
}
removed-lines = { $count ->
    [one] { $count } eliminada
   *[other] { $count } eliminadas
}
cut-text = El resto de este texto es demasiado largo para mostrarse.
cut-html = El resto de este texto HTML es demasiado largo para mostrarse.
cut-part = El resto de esta parte es demasiado largo para mostrarse.

## What programs say to programs, told as a table

card-contact = Contacto
card-organisation = Organización
card-role = Cargo
card-mail = Correo
card-telephone = Teléfono
card-address = Dirección
card-link = Enlace
card-birthday = Cumpleaños
card-note = Nota
card-when = Cuándo
card-repeats = Repetición
card-where = Dónde
card-organiser = Organizador
card-invited = Invitados
card-status = Estado
card-about = Acerca de
card-invitation = Invitación
card-cancelled-event = Evento cancelado
card-answer-to-an-invitation = Respuesta a una invitación
card-other-time-proposed = Otra fecha propuesta
card-task = Tarea
card-event = Evento
card-delivery-report = Informe de entrega
card-recipient = Destinatario
card-result = Resultado
card-reason = Motivo
card-refused-by = Rechazado por
card-reported-by = Comunicado por
card-tried-until = Se intenta hasta
card-tried-last = Último intento
card-receipt = Acuse de recibo
card-of-the-mail = Del mensaje
card-complaint = Queja
card-kind = Clase
card-domain = Dominio
card-arrived = Llegó
card-piece-of-a-mail = Parte de un mensaje
card-piece = Parte
card-subject = Asunto
card-type = Tipo
card-kept-elsewhere = Guardado en otro lugar
card-name = Nombre
card-by = Por
card-site = Sitio
card-folder = Carpeta
card-server = Servidor
card-until = Hasta
card-bytes = Bytes
card-attachment-taken-out = Adjunto extraído
card-was-at = Estaba en
card-said-of-it = Se dijo de él
card-size = Tamaño
card-accepted = aceptado
card-declined = rechazado
card-perhaps = quizás
card-tentative = provisional
card-confirmed = confirmado
card-cancelled = cancelado
card-to-be-done = por hacer
card-done = hecho
card-being-done = en curso
card-not-delivered = no entregado
card-not-yet-delivered = aún no entregado
card-delivered = entregado
card-passed-on-to-a-system-that-does-not-report = pasado a un sistema que no informa
card-delivered-to-several-addresses = entregado a varias direcciones
card-displayed = mostrado
card-deleted = borrado
in-parentheses = { $words } ({ $others })
piece-of = { $number } de { $total }
people-and-more = { $people } y { $count } más
event-local-time = hora local
event-day = { $weekday }, { $day } de { $month } de { $year }
event-moment = { $day }, { $time } { $zone }
event-hours = { $day }, { $from }–{ $to } { $zone }
event-span = { $from } a { $to }
event-until = hasta { $end }
repeats-hours = { $count ->
    [1] cada hora
   *[other] cada { $count } horas
}
repeats-days = { $count ->
    [1] cada día
   *[other] cada { $count } días
}
repeats-weeks = { $count ->
    [1] cada semana
   *[other] cada { $count } semanas
}
repeats-months = { $count ->
    [1] cada mes
   *[other] cada { $count } meses
}
repeats-years = { $count ->
    [1] cada año
   *[other] cada { $count } años
}
repeats-on = { $rule } el { $names }
repeats-on-day = { $rule } el día { $names }
repeats-in = { $rule } en { $names }
repeats-times = { $rule }, { $count } veces
repeats-until = { $rule }, hasta { $end }
repeats-by-rule = según una regla: { $rule }
nth-weekday = { $nth ->
    [1] primer { $day }
    [2] segundo { $day }
    [3] tercer { $day }
    [4] cuarto { $day }
    [5] quinto { $day }
   *[0] último { $day }
}
names-and = { $names } y { $last }

## A thread

on-this-page = { $counts } en esta página
mails-of-thread = Mensajes de este hilo
level-before = Nivel { $level },
earlier-of-thread = mensajes anteriores de este hilo
later-of-thread = mensajes posteriores de este hilo

## A person

mails-from = { $count ->
    [one] { $count } mensaje
   *[other] { $count } mensajes
} de { $addresses }
mails-numbered = mensajes { $first } a { $last }
earlier-mails = Anteriores: { $mails }
later-mails = Posteriores: { $mails }
newest-mails = Los mensajes más recientes
more-of-person = Más mensajes de esta persona

## A list in numbers

statistics = Estadísticas
months = Meses
years-heading = Años
months-note = Mensajes de cada mes y, delante, los hilos que empezaron en él. Máximo: { $most } mensajes ({ $when }).
years-note = Mensajes de cada año y, delante, los hilos que empezaron en él. Máximo: { $most } mensajes ({ $when }).
month-by-month = Mes a mes
column-month = Mes
column-mails = Mensajes
column-threads = Hilos
column-hour = Hora
hours-of-day = Horas del día
hours-note = Según los relojes de quienes escribieron. La mayoría de los mensajes se escribió de { $hours }.
hour-by-hour = Hora a hora
hour-span = { $from } a { $to } h
longest-threads = Hilos más largos
thread-first = { $count ->
    [one] { $count } mensaje
   *[other] { $count } mensajes
}, el primero de { $who }
who-writes-most = Quién escribe más

## Search

query = Consulta
order = Orden
order-best = los mejores primero
order-new = los más recientes primero
order-old = los más antiguos primero
search-button = Buscar
narrow-down-link = acotar
narrow-down = Acotar
did-you-mean = ¿Quiso decir { $query }?
mails-label = Mensajes
more-mails = Más mensajes
previous-mails = mensajes anteriores
next-mails = mensajes siguientes
found-first = los primeros { $first } de { $mails }
found-threads = { $mails } en { $threads ->
    [one] { $threads } hilo
   *[other] { $threads } hilos
}
found-range = { $found }, { $first } a { $last }
of-this-thread = { $mails } de este hilo
by-thread = por hilos
mail-by-mail = mensaje a mensaje
mailbox-link = buzón mbox
no-mailbox = Aquí los mensajes no se entregan como buzón.
mailbox-too-large = Son demasiados mensajes para un archivo, que admite { $mails } y { $megabytes } MB como máximo. Una fecha los acota, como date:2024-03.
some-words = Con algunas de las palabras
facet-list = Lista
facet-author = Autor
facet-with = Con
facet-year = Año
facet-month = Mes de { $year }
has-attachment = un adjunto
has-patch = un parche
guide = Las palabras se buscan en los asuntos y los textos. { $phrase }, { $from }, { $subject }, { $date }, { $either }, { $without } y los paréntesis acotan la búsqueda. Un Message-ID lleva directamente a su mensaje.
guide-phrase = una frase
guide-copy = Donde este sitio es una simple copia, la búsqueda necesita JavaScript. Los índices llevan a cada mensaje sin él:
guide-volumes = los periodos de esta lista

## What is wrong with a query, and what to write instead

query-fault = { $what }, en el byte { $at } ({ $hint })
query-too-long = la consulta es demasiado larga
query-too-many-words = la consulta tiene demasiadas palabras
query-too-deep = demasiados paréntesis anidados
query-nothing-open = aquí no hay ningún paréntesis abierto
query-parenthesis-open = el paréntesis no está cerrado
query-quote-open = las comillas no están cerradas
query-lonely-and = falta algo antes de AND
query-lonely-or = falta algo a un lado de OR
query-unfinished = falta algo al final
query-empty-parentheses = no hay nada entre los paréntesis
query-nothing-to-look-for = no hay nada que buscar
query-nothing-to-leave-out = no hay nada que excluir
query-empty-field = no hay nada después de { $field }:
query-thread-in-thread = thread: dentro de thread:
query-short-beginning = el comienzo de la palabra es demasiado corto
query-unknown-value = { $field }: no conoce «{ $typed }»
query-no-range = un tamaño necesita un intervalo
query-endless = el intervalo no tiene límite
query-no-size = «{ $typed }» no es un tamaño
query-no-date = «{ $typed }» no es una fecha
query-backwards = el intervalo termina antes de empezar
query-wide-thread = { $mails } mensajes responden dentro de thread:
query-many-beginnings = demasiadas palabras empiezan así
query-live-only = { $field }: necesita un servidor
hint-bytes = { $most } bytes como máximo
hint-words = { $most } palabras y frases como máximo
hint-depth = { $most } niveles como máximo
hint-quote-it = póngalo entre comillas
hint-quote-word = ponga la palabra entre comillas para buscarla
hint-close-parenthesis = añada )
hint-close-quote = añada "
hint-word = escriba una palabra con letras o cifras
hint-leave-out = escriba -palabra o NOT palabra
hint-example = como en { $example }
hint-one-of-them = escriba solo uno
hint-two-letters = escriba al menos dos letras antes de *
hint-meant = ¿quiso decir { $words }?
hint-write = escriba { $words }
hint-either = { $one } o { $other }
hint-size = escriba 100k.., ..2m o un intervalo como 100k..2m
hint-date = escriba 2019, 2019-03, 2019-03-04, un intervalo como 2019..2020-06, o 2w..
hint-narrow = redúzcalo a { $most } como máximo

## Finding a mail by its Message-ID

find-by-id = Encontrar un mensaje por su Message-ID
find-told = Un enlace a esta página lleva un Message-ID tras el signo { $mark }. Donde posthoc sirve el archivo, un pequeño script lleva de aquí al mensaje; no pregunta a nadie más que a este sitio.
find-without = Sin el script, o donde este sitio es una simple copia, busque el Message-ID:

## What a page says instead of another one

to-lists = Las listas
not-found = No encontrado
not-found-words = Aquí no hay ninguna página con ese nombre.
not-found-or-members = Aquí no hay ninguna página con ese nombre, o es solo para miembros.
removed = Retirado
removed-words = Este mensaje fue retirado del archivo.
moved = Trasladada
moved-words = Esta página está ahora en otra dirección.
go-there = Ir allí
which-one = ¿Cuál?
which-one-words = Varios mensajes llevan este Message-ID.
failed = Algo salió mal
failed-words = No se pudo crear esta página. El motivo está en el registro de este servidor.
busy = Ocupado
busy-words = En este momento se pide demasiado a este archivo. Inténtelo de nuevo dentro de un momento.
too-often = Con demasiada frecuencia
too-often-words = Las búsquedas y descargas dan trabajo. Hubo demasiadas desde su red. Inténtelo de nuevo dentro de un momento.

## Signing in

sign-in = Iniciar sesión
sign-out = Cerrar sesión
sign-in-name = Nombre
sign-in-password = Contraseña
signed-in = Sesión iniciada
signed-in-as = Ha iniciado sesión como { $name }.
signed-in-by-server = Ha iniciado sesión como { $name }, a través del servidor web de este sitio.
wrong-password = Este nombre y esta contraseña no se corresponden.
wait-seconds = Demasiadas contraseñas erróneas. Inténtelo de nuevo dentro de { $count ->
    [one] un segundo
   *[other] { $count } segundos
}.
stale-form = Este formulario era demasiado antiguo, o su navegador no acepta cookies. Inténtelo de nuevo.

## What scripts say

fresh = nuevo
fresh-count = novedades desde su última visita: { $count }
link-copied = Enlace copiado
text-copied = Texto copiado
line-copied = Enlace a la línea { $line } copiado
copy-link = Copiar enlace
copy-line = Copiar enlace a la línea
copy-text = Copiar
no-such-line = Este mensaje no tiene línea { $line }
select-first = Seleccione antes unas palabras de la línea
mail-as-file = Este mensaje como archivo
thread-as-mailbox = Su hilo como buzón
follow = Seguir
follow-no-more = Dejar de seguir
following = Sigue este hilo, en este navegador
following-no-more = Ya no sigue este hilo
keeps-nothing = Este navegador no guarda nada para este sitio
threads-followed = Hilos que sigue
by-answers = Por respuestas
by-time = Por fecha
quotes-open = Todas las citas están abiertas
quotes-folded = Las citas largas están plegadas
nothing-folded = Aquí no hay nada plegado
key-next = enlace o mensaje siguiente
key-before = el anterior
key-later = siguiente en el hilo, página siguiente
key-earlier = anterior en el hilo, página anterior
key-thread = el hilo entero
key-up = subir: el periodo, la lista
key-reply = responder por correo
key-follow = seguir el hilo, o dejar de seguirlo
key-fold = abrir o plegar todas las citas
key-search = buscar
key-help = estas teclas
keys-and-threads = Teclas e hilos seguidos
letters-are-commands = Las letras sueltas son órdenes
kept-here = Hilos seguidos: { $count }. Estos, y las novedades desde su última visita, se guardan solo en este navegador.
take-in = Cargar un archivo guardado antes
save-as-file = Guardar en un archivo
forget-all = Olvidar todo
close = Cerrar
searching = Buscando…
copy-unsearchable = Esta copia no tiene búsqueda; los índices llevan a cada mensaje.
file-missing = Falta un archivo.
look-into-all = las { $all } listas y no { $taken }
