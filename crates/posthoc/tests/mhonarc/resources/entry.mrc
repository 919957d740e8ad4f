<!-- Every form of a mail's variables. -->
<DefineVar chop>
LIST-NAME
The engine
</DefineVar>
<DefineVar chop>
GREETING
List of $LIST-NAME$
</DefineVar>
<Title>
$GREETING$
</Title>
<TTitle chop>
$LIST-NAME$ by thread
</TTitle>
<FieldStore>
to
x-mailer
</FieldStore>
<LiTemplate>
<li>$MSGNUM$|$ORDNUM$|$MSG$|$MSGID$|$NUMFOLUP$|$MSGTORDNUM$|$TLEVEL$
<br>$SUBJECTNA$|$SUBJECT:10$|$SUBJECTNA:12$|$SUBJECTNA:20U$|$SUBJECTNA:J$
<br>$FROM$|$FROMNAME$|$FROMADDR$|$FROMADDRNAME$|$FROMADDRDOMAIN$|$FROMNAME:5$
<br>$DATE$|$YYYYMMDD$|$DDMMYYYY$|$MMDDYYYY$|$MSGGMTDATE$|$MSGLOCALDATE$
<br>$MSGGMTDATE(CUR;%Y-%m-%d %H:%M)$|$MSGLOCALDATE(CUR;%A %B %e)$
<br>$SUBJECT(NEXT)$|$SUBJECT(PREV)$|$SUBJECT(TNEXT)$|$SUBJECT(TPREV)$|$SUBJECT(TTOP)$|$SUBJECT(TEND)$
<br>$MSG(FIRST)$|$MSG(LAST)$|$MSG(TFIRST)$|$MSG(TLAST)$|$MSG(TNEXTIN)$|$MSG(TPREVIN)$|$MSG(TNEXTTOP)$|$MSG(TPREVTOP)$|$MSG(TPARENT)$
<br>$MSGHFIELD(CUR;to)$|$MSGHFIELD(CUR;x-mailer)$
<br><a $A_ATTR$>1</a> <a $A_NAME$>2</a> <a $A_HREF$>3</a> costs 5 $$
<br>$IDXFNAME$|$TIDXFNAME$|$IDXLABEL$|$TIDXLABEL$|$IDXTITLE$|$TIDXTITLE$|$IDXPREFIX$|$TIDXPREFIX$|$MSGPREFIX$|$DOCURL$|$PROG$|$NOSUCHVARIABLE$</li>
</LiTemplate>
<DocUrl>
http://example.org/doc/
</DocUrl>
<IdxLabel chop>
By date
</IdxLabel>
<TIdxLabel chop>
By thread
</TIdxLabel>
<NoSubjectTxt>
(nothing)
</NoSubjectTxt>
<Months>
janvier:février:mars:avril:mai:juin:juillet:août:septembre:octobre:novembre:décembre
</Months>
<WeekdaysAbr>
di:lu:ma:me:je:ve:sa
</WeekdaysAbr>
<MsgGmtDateFmt>
%a %d.%m.%y %I %p
</MsgGmtDateFmt>
<MsgLocalDateFmt>
%d %B %Y %H:%M:%S
</MsgLocalDateFmt>
