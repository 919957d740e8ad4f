<IDXFNAME>
authors.html
</IDXFNAME>
<AUTHSORT>
<TITLE>
Town hall by author
</TITLE>
<AUTHORBEGIN>
<li><strong>$FROMNAME$</strong><ul>
</AUTHORBEGIN>
<AUTHOREND>
</ul></li>
</AUTHOREND>
<LITEMPLATE>
<li>$SUBJECT$ ($NUMOFMSG$)</li>
</LITEMPLATE>
