The list's own resources, with three more indexes.

<TITLE>
Town hall by date
</TITLE>
<OTHERINDEXES>
by-author.mrc
by-subject.mrc:threads.mrc
</OTHERINDEXES>
