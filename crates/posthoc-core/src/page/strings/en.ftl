# The words of pages in English. Every other language has the same names and the same arguments.
#
# A site's own strings/LANGUAGE.ftl takes the place of any of them.

## How this language is written

# ltr or rtl: the way its text runs.
direction = ltr
# What stands between groups of three digits.
digit-groups = ,
decimal-mark = .
bytes = { $count ->
    [one] { $count } byte
   *[other] { $count } bytes
}
kilobytes = { $number } kB
megabytes = { $number } MB

## Dates. Years, days and times arrive as digits.

month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
# The same at the head of a volume or of a table's row.
month-alone = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}
# The same, short, within a date.
month-short = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
# The same in a calendar: three letters have room.
month-cell = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
# 1 is Monday.
weekday = { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
quarter = { $quarter ->
    [1] First quarter
    [2] Second quarter
    [3] Third quarter
   *[4] Fourth quarter
}
date-day = { $day } { $month }
# The same on a narrow postmark, with the month as in a calendar.
date-postmark = { $day } { $month }
date = { $day } { $month } { $year }
date-long = { $day } { $month } { $year }
date-full = { $weekday } { $day } { $month } { $year }, { $time } { $zone }
month-and-year = { $month } { $year }
quarter-and-year = { $quarter } { $year }
week-of = Week of Monday { $day }
years = { $first } to { $last }

## What stands on many pages

skip-to-content = To the content
where-you-are = Where you are
search-list = Search { $list }
search-all = Search all lists
site-untitled = Mailing lists
kept-with = Kept with posthoc.
labelled = { $label }: { $text }
mails = { $count ->
    [one] { $count } mail
   *[other] { $count } mails
}
# The word alone, behind a number that is shown already.
mails-word = { $count ->
    [one] mail
   *[other] mails
}
counts = { $mails ->
    [one] { $mails } mail
   *[other] { $mails } mails
} in { $threads ->
    [one] { $threads } thread
   *[other] { $threads } threads
}
counts-of-addresses = { $counts } from { $addresses ->
    [one] { $addresses } address
   *[other] { $addresses } addresses
}
counts-of-people = { $mails ->
    [one] { $mails } mail
   *[other] { $mails } mails
}, { $people ->
    [one] { $people } person
   *[other] { $people } people
}
no-mail-yet = No mail has come yet.
no-subject = (no subject)
unknown-person = unknown
ghost-missing = a mail that is not in the archive
ghost-removed = a mail that was removed
# Said to those who hear a thread.
level = level { $level }
page-number = page { $page }

## The lists, and a list

no-list-yet = There is no list here yet.
last-on = last on { $date }
not-public = not public
attachments-link = attachments
statistics-link = statistics
feed-link = feed
# $more is "yes" when others came in the month before the week.
news = The newest mail is of { $date }. In the week up to it { $week ->
    [one] { $week } mail
   *[other] { $week } mails
} came{ $more ->
    [yes] , in the 30 days { $month }
   *[no] {""}
}.
recent-threads = Recent threads
thread-of-one = by { $who }
thread-last = { $count ->
    [one] { $count } mail
   *[other] { $count } mails
}, the last by { $who }
thread-last-of-more = more than { $count ->
    [one] { $count } mail
   *[other] { $count } mails
}, the last by { $who }
taking-part = Taking part
list-closed = This list takes no mail any more.
list-closed-why = This list takes no mail any more: { $why }
write-to = Write to { $address }.
subscribe-at = Subscribe at { $place }.
volumes = Volumes

## A volume

ways-to-read = Ways to read this volume
tab-thread = Threads
tab-subject = Subjects
tab-author = Authors
tab-date = Dates
tab-attachments = Attachments
index-by = { $volume } by { $kind ->
    [subject] subject
    [author] author
   *[date] date
}
attachments-of = Attachments of { $volume }
pieces-of-index = Pieces of this index
other-letters = Others
words-of-day = { $words }, { $day }
thread-goes-on = This thread goes on in other volumes
other-volumes = Other volumes
volume-downloads = The whole volume to take away: { $count ->
    [1] { $first }
   *[2] { $first } or { $second }
}, compressed.
download-text = text
download-mbox = mbox

## Attachments

attachments = Attachments
attachments-none = No mail of this list has a file.
attachments-by-volume = By volume.
volume-without-files = No mail of this volume has a file.
files = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
files-more = and { $count } more
file-origin = in { $mail } by { $author }

## A mail

mail-to = to
mail-cc = cc
people-more = and { $count } more
in-answer-to = in answer to
dated-by-author = Dated by its author { $date }.
same-id = Same Message-ID
same-id-mails = Other mails bear the same Message-ID:
reply-by-mail = Reply by mail
whole-thread = Whole thread
previous-in-thread = Previous in thread
next-in-thread = Next in thread
take-with-you = Take it with you
take-link = Link
take-git = Answer with a patch
take-cite = Cite
cited-list = { $list } mailing list
cited = { $author }, “{ $title }”, { $list }, { $date }. Message-ID <{ $id }>.
series-single = Patch
series-cover = Patch series of { $of }
series-part = Patch { $part } of { $of }
series-version = { $series }, version { $version }
thread = Thread
whole-thread-on-page = Whole thread on one page
by-date = By date

## The text of a mail

quoted-lines = { $count ->
    [one] { $count } quoted line
   *[other] { $count } quoted lines
}
earlier-lines = { $count ->
    [one] { $count } line of the earlier mail
   *[other] { $count } lines of the earlier mail
}
origin-link = that mail
origin-label = that mail, by { $author }, { $date }
as-text = As plain text
as-html = As HTML
forwarded-mail = Forwarded mail
files-changed = { $count ->
    [one] { $count } file changed
   *[other] { $count } files changed
}
lines-added = { $count ->
    [one] { $count } line added
   *[other] { $count } lines added
}
lines-removed = { $count ->
    [one] { $count } line removed
   *[other] { $count } lines removed
}
# Behind "lines added".
removed-lines = { $count } removed
cut-text = The rest of this text is too long to be shown.
cut-html = The rest of this HTML text is too long to be shown.
cut-part = The rest of this part is too long to be shown.

## What programs say to programs, told as a table

card-contact = Contact
card-organisation = Organisation
card-role = Role
card-mail = Mail
card-telephone = Telephone
card-address = Address
card-link = Link
card-birthday = Birthday
card-note = Note
card-when = When
card-repeats = Repeats
card-where = Where
card-organiser = Organiser
card-invited = Invited
card-status = Status
card-about = About
card-invitation = Invitation
card-cancelled-event = Cancelled event
card-answer-to-an-invitation = Answer to an invitation
card-other-time-proposed = Other time proposed
card-task = Task
card-event = Event
card-delivery-report = Delivery report
card-recipient = Recipient
card-result = Result
card-reason = Reason
card-refused-by = Refused by
card-reported-by = Reported by
card-tried-until = Tried until
card-tried-last = Tried last
card-receipt = Receipt
card-of-the-mail = Of the mail
card-complaint = Complaint
card-kind = Kind
card-domain = Domain
card-arrived = Arrived
card-piece-of-a-mail = Piece of a mail
card-piece = Piece
card-subject = Subject
card-type = Type
card-kept-elsewhere = Kept elsewhere
card-name = Name
card-by = By
card-site = Site
card-folder = Folder
card-server = Server
card-until = Until
card-bytes = Bytes
card-attachment-taken-out = Attachment taken out
card-was-at = Was at
card-said-of-it = Said of it
card-size = Size
card-accepted = accepted
card-declined = declined
card-perhaps = perhaps
card-tentative = tentative
card-confirmed = confirmed
card-cancelled = cancelled
card-to-be-done = to be done
card-done = done
card-being-done = being done
card-not-delivered = not delivered
card-not-yet-delivered = not yet delivered
card-delivered = delivered
card-passed-on-to-a-system-that-does-not-report = passed on to a system that does not report
card-delivered-to-several-addresses = delivered to several addresses
card-displayed = displayed
card-deleted = deleted
in-parentheses = { $words } ({ $others })
piece-of = { $number } of { $total }
people-and-more = { $people } and { $count } more
# When something is. $zone is a name in parentheses, UTC, or the next text.
event-local-time = local time
event-day = { $weekday }, { $day } { $month } { $year }
event-moment = { $day }, { $time } { $zone }
event-hours = { $day }, { $from }–{ $to } { $zone }
event-span = { $from } to { $to }
event-until = until { $end }
# How often something is: one of the first, then what narrows it down.
repeats-hours = { $count ->
    [1] every hour
   *[other] every { $count } hours
}
repeats-days = { $count ->
    [1] every day
   *[other] every { $count } days
}
repeats-weeks = { $count ->
    [1] every week
   *[other] every { $count } weeks
}
repeats-months = { $count ->
    [1] every month
   *[other] every { $count } months
}
repeats-years = { $count ->
    [1] every year
   *[other] every { $count } years
}
repeats-on = { $rule } on { $names }
repeats-on-day = { $rule } on day { $names }
repeats-in = { $rule } in { $names }
repeats-times = { $rule }, { $count } times
repeats-until = { $rule }, until { $end }
repeats-by-rule = by a rule: { $rule }
# Its weekday of that number in a month; 0 is the last.
nth-weekday = { $nth ->
    [1] the first { $day }
    [2] the second { $day }
    [3] the third { $day }
    [4] the fourth { $day }
    [5] the fifth { $day }
   *[0] the last { $day }
}
names-and = { $names } and { $last }

## A thread

on-this-page = { $counts } on this page
mails-of-thread = Mails of this thread
# Said to those who hear a thread, before "in answer to".
level-before = Level { $level },
earlier-of-thread = earlier mails of this thread
later-of-thread = later mails of this thread

## A person

mails-from = { $count ->
    [one] { $count } mail
   *[other] { $count } mails
} from { $addresses }
mails-numbered = mails { $first } to { $last }
earlier-mails = Earlier: { $mails }
later-mails = Later: { $mails }
newest-mails = The newest mails
more-of-person = More mails of this person

## A list in numbers

statistics = Statistics
months = Months
years-heading = Years
months-note = Mails in each month, and in front of them the threads that began. The most mails were { $most }, in { $when }.
years-note = Mails in each year, and in front of them the threads that began. The most mails were { $most }, in { $when }.
month-by-month = Month by month
column-month = Month
column-mails = Mails
column-threads = Threads
column-hour = Hour
hours-of-day = Hours of the day
hours-note = On the clocks of those who wrote. Most mails were written from { $hours }.
hour-by-hour = Hour by hour
hour-span = { $from } to { $to } o'clock
longest-threads = Longest threads
thread-first = { $count ->
    [one] { $count } mail
   *[other] { $count } mails
}, the first by { $who }
who-writes-most = Who writes most

## Search

query = Query
order = Order
order-best = best first
order-new = newest first
order-old = oldest first
search-button = Search
narrow-down-link = narrow down
narrow-down = Narrow down
did-you-mean = Did you mean { $query }?
mails-label = Mails
more-mails = More mails
previous-mails = previous mails
next-mails = next mails
found-first = the first { $first } of { $mails }
found-threads = { $mails } in { $threads ->
    [one] { $threads } thread
   *[other] { $threads } threads
}
found-range = { $found }, { $first } to { $last }
of-this-thread = { $mails } of this thread
by-thread = by thread
mail-by-mail = mail by mail
mailbox-link = mailbox
no-mailbox = Mails are not given away as a mailbox here.
mailbox-too-large = These are too many mails for one file, which holds { $mails } and { $megabytes } MB at most. A date narrows them down, as in date:2024-03.
some-words = With some of the words
facet-list = List
facet-author = Author
facet-with = With
facet-year = Year
facet-month = Month of { $year }
has-attachment = an attachment
has-patch = a patch
guide = Words are looked for in subjects and texts. { $phrase }, { $from }, { $subject }, { $date }, { $either }, { $without } and parentheses narrow it down. A Message-ID leads straight to its mail.
guide-phrase = a phrase
guide-copy = Where this site is a plain copy, its search needs JavaScript. The indexes lead to every mail without:
guide-volumes = the volumes of this list

## What is wrong with a query, and what to write instead. What is typed stays as it is in every language.

query-fault = { $what } at byte { $at } ({ $hint })
query-too-long = query is too long
query-too-many-words = query has too many words
query-too-deep = too many parentheses
query-nothing-open = nothing is open here
query-parenthesis-open = parenthesis is not closed
query-quote-open = quotation mark is not closed
query-lonely-and = AND needs something before it
query-lonely-or = OR needs something on both sides
query-unfinished = something is missing at the end
query-empty-parentheses = nothing between the parentheses
query-nothing-to-look-for = nothing to look for
query-nothing-to-leave-out = nothing to leave out
query-empty-field = nothing after { $field }:
query-thread-in-thread = thread: within thread:
query-short-beginning = beginning is too short
query-unknown-value = { $field }: knows no "{ $typed }"
query-no-range = a size needs a range
query-endless = range has no end
query-no-size = "{ $typed }" is no size
query-no-date = "{ $typed }" is no date
query-backwards = range ends before it begins
query-wide-thread = { $mails } mails answer within thread:
query-many-beginnings = too many words begin so
query-live-only = { $field }: needs a live site
hint-bytes = at most { $most } bytes
hint-words = at most { $most } words and phrases
hint-depth = at most { $most } within each other
hint-quote-it = put it in quotation marks
hint-quote-word = put the word in quotation marks to look for it
hint-close-parenthesis = add )
hint-close-quote = add "
hint-word = write a word with letters or digits
hint-leave-out = write -word or NOT word
hint-example = as in { $example }
hint-one-of-them = write one of them
hint-two-letters = write two letters or more before *
hint-meant = did you mean { $words }?
hint-write = write { $words }
hint-either = { $one } or { $other }
hint-size = write 100k.., ..2m or a range like 100k..2m
hint-date = write 2019, 2019-03, 2019-03-04, a range like 2019..2020-06, or 2w..
hint-narrow = narrow it down to at most { $most }

## Finding a mail by its Message-ID

find-by-id = Find a mail by its Message-ID
find-told = A link to this page carries a Message-ID after the { $mark }. Where the archive is served by posthoc, a small script leads from here to the mail; it asks nobody but this site.
find-without = Without the script, or where this site is a plain copy, search for the Message-ID:

## What a page says instead of another one

to-lists = The lists
not-found = Not found
not-found-words = There is no page of that name here.
not-found-or-members = There is no page of that name here, or it is for members only.
removed = Removed
removed-words = This mail was removed from the archive.
moved = Moved
moved-words = This page stands at another address now.
go-there = Go there
which-one = Which one?
which-one-words = Several mails bear this Message-ID.
failed = Something went wrong
failed-words = This page could not be made. The reason is in the log of this server.
busy = Busy
busy-words = Too much is asked of this archive right now. Please try again in a moment.
too-often = Too often
too-often-words = Searches and downloads take work. There were too many from your network. Please try again in a moment.

## Signing in

sign-in = Sign in
sign-out = Sign out
sign-in-name = Name
sign-in-password = Password
signed-in = Signed in
signed-in-as = You are signed in as { $name }.
signed-in-by-server = You are signed in as { $name }, through this site's web server.
wrong-password = This name and password do not belong together.
wait-seconds = Too many wrong passwords. Please try again in { $count ->
    [one] a second
   *[other] { $count } seconds
}.
stale-form = This form was too old, or your browser takes no cookies. Please try again.

## What scripts say

fresh = new
fresh-count = new since your last visit: { $count }
link-copied = Link copied
text-copied = Text copied
line-copied = Link to line { $line } copied
copy-link = Copy link
copy-line = Copy link to line
copy-text = Copy
no-such-line = This mail has no line { $line }
select-first = Select some words of the line first
mail-as-file = This mail as a file
thread-as-mailbox = Its thread as a mailbox
follow = Follow
follow-no-more = Follow no more
following = You follow this thread, in this browser
following-no-more = You follow this thread no more
keeps-nothing = This browser keeps nothing for this site
threads-followed = Threads that you follow
by-answers = By answers
by-time = By time
quotes-open = All quotes are open
quotes-folded = Long quotes are folded
nothing-folded = Nothing is folded here
key-next = next link or mail
key-before = the one before
key-later = next in the thread, next page
key-earlier = previous in the thread, previous page
key-thread = the whole thread
key-up = up: the volume, the list
key-reply = reply by mail
key-follow = follow the thread, or no more
key-fold = open or fold all quotes
key-search = search
key-help = these keys
keys-and-threads = Keys and followed threads
letters-are-commands = Single letters are commands
kept-here = Followed threads: { $count }. They, and what is new since your last visit, are kept in this browser only.
take-in = Take in a file that was saved before
save-as-file = Save as a file
forget-all = Forget all
close = Close
searching = Searching …
copy-unsearchable = This copy cannot be searched; the indexes lead to every mail.
file-missing = A file is missing.
look-into-all = look into all { $all } lists, not { $taken }
