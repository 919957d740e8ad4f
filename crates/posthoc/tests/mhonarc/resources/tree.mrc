<!-- The thread index, cut into pages in the middle of threads. -->
<MultiPg>
<IdxSize>
2
</IdxSize>
<TLevels>
2
</TLevels>
<TTopBegin>
<li class="top">$SUBJECT$ $FROMNAME$
</TTopBegin>
<TTopEnd>
</li><!-- top -->
</TTopEnd>
<TLiTxt>
<li class="answer">$SUBJECT$ $TLEVEL$ $MSGTORDNUM$
</TLiTxt>
<TLiEnd>
</li><!-- answer -->
</TLiEnd>
<TLiNone>
<li class="none">a mail that is not here
</TLiNone>
<TLiNoneEnd>
</li><!-- none -->
</TLiNoneEnd>
<TSubListBeg>
<ul class="below">
</TSubListBeg>
<TSubListEnd>
</ul><!-- below -->
</TSubListEnd>
<TSubjectBeg>
<li class="maybe">by subject</li>
</TSubjectBeg>
<TSubjectEnd>
<li>these were by subject</li>
</TSubjectEnd>
<TSingleTxt>
<li class="alone">$SUBJECT$ $ORDNUM$</li>
</TSingleTxt>
<TContBegin>
<li class="more">$SUBJECTNA$, continued
</TContBegin>
<TContEnd>
</li><!-- more -->
</TContEnd>
<TIndentBegin>
<ul class="in">
</TIndentBegin>
<TIndentEnd>
</ul><!-- in -->
</TIndentEnd>
<THead>
<p>$PGLINK(TFIRST)$ $PGLINK(TPREV)$ $PGLINK(TNEXT)$ $PGLINK(TLAST)$</p>
<ul>
</THead>
<TFoot>
</ul>
<p>$PGLINKLIST(T)$ page $PAGENUM$ of $NUMOFPAGES$</p>
</TFoot>
<TFirstPgLink>
<a href="$PG(TFIRST)$">the first</a>
</TFirstPgLink>
<TLastPgLink>
<a href="$PG(TLAST)$">the last</a>
</TLastPgLink>
<TNextPgLink>
<a href="$PG(TNEXT)$">on</a>
</TNextPgLink>
<TNextPgLinkIA>
on
</TNextPgLinkIA>
<TPrevPgLink>
<a href="$PG(TPREV)$">back</a>
</TPrevPgLink>
<TPrevPgLinkIA>
back
</TPrevPgLinkIA>
<TIdxPgSSMarkup>
<?xml version="1.0"?>
</TIdxPgSSMarkup>
<TIdxPgBegin>
<html><head><title>$TIDXTITLE$</title></head><body>
</TIdxPgBegin>
<TIdxPgEnd>
</body></html>
</TIdxPgEnd>
