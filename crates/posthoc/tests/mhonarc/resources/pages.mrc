<!-- Indexes cut into pages, in reverse. -->
<MultiPg>
<IdxSize>
3
</IdxSize>
<Reverse>
<TReverse>
<UsingLastPg>
<IdxFname>
index.html
</IdxFname>
<IdxPrefix>
idx
</IdxPrefix>
<TIdxFname>
thread.html
</TIdxFname>
<TIdxPrefix>
thr
</TIdxPrefix>
<MsgPrefix>
m
</MsgPrefix>
<HtmlExt>
htm
</HtmlExt>
<FirstPgLink chop>
[<a href="$PG(FIRST)$">first</a>]
</FirstPgLink>
<LastPgLink chop>
[<a href="$PG(LAST)$">last</a>]
</LastPgLink>
<NextPgLink chop>
[<a href="$PG(NEXT)$">next</a>]
</NextPgLink>
<NextPgLinkIA chop>
[next]
</NextPgLinkIA>
<PrevPgLink chop>
[<a href="$PG(PREV)$">back</a>]
</PrevPgLink>
<PrevPgLinkIA chop>
[back]
</PrevPgLinkIA>
<ListBegin>
<p>Page $PAGENUM$ of $NUMOFPAGES$, $NUMOFIDXMSG$ of $NUMOFMSG$ mails, $IDXSIZE$ a page.
$PGLINK(FIRST)$$PGLINK(PREV)$$PGLINK(NEXT)$$PGLINK(LAST)$ $PGLINKLIST$ $PGLINKLIST(1;1)$</p>
<ol>
</ListBegin>
<LiTemplate>
<li value="$ORDNUM$">$SUBJECT$ $MSGNUM$</li>
</LiTemplate>
<ListEnd>
</ol>
</ListEnd>
