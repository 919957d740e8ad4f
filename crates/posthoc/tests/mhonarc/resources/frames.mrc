<!-- Beginnings and ends of pages. -->
<IdxPgSSMarkup>
<?xml version="1.0" encoding="us-ascii"?>
</IdxPgSSMarkup>
<IdxPgBegin>
<html><head><title>$IDXTITLE$</title></head><body class="index">
</IdxPgBegin>
<IdxPgEnd>
<p>$LOCALDATE$ $GMTDATE$</p></body></html>
</IdxPgEnd>
<MsgPgSSMarkup>
<?xml version="1.0" encoding="utf-8"?>
</MsgPgSSMarkup>
<MsgPgBegin>
<html><head><title>$SUBJECTNA$</title></head><body class="mail">
</MsgPgBegin>
<MsgPgEnd>
<p>$LOCALDATE$</p></body></html>
</MsgPgEnd>
<GMTDateFmt>
without a time
</GMTDateFmt>
<LocalDateFmt>
without a local time
</LocalDateFmt>
<MsgIdLink>
<a class="id" $A_HREF$>$MSGID$</a>
</MsgIdLink>
<DefineDerived>
gone-$MSGNUM$.txt
never made
</DefineDerived>
<DefineDerived override>
text-$MSGNUM$.txt
$SUBJECTNA$ by $FROM$
$MSGID$
</DefineDerived>
<DefineVar>
LOST
never shown
</DefineVar>
<DefineVar override>
SIGNED
signed: $FROMNAME$
</DefineVar>
<MsgFoot>
$SIGNED$ [$LOST$]
</MsgFoot>
<Include>
included.txt
</Include>
