<TSlice>
2:2:0
</TSlice>
<TopLinks>
$TSLICE$
$TSLICE(1;1;1)$
</TopLinks>
<TSliceBeg>
<ul class="slice">
</TSliceBeg>
<TSliceEnd>
</ul>
</TSliceEnd>
<TSliceTopBegin>
<li>top $SUBJECT$
</TSliceTopBegin>
<TSliceTopBeginCur>
<li class="here">top $SUBJECTNA$
</TSliceTopBeginCur>
<TSliceLiTxtCur>
<li class="here">$SUBJECTNA$
</TSliceLiTxtCur>
<TSliceSingleTxtCur>
<li class="here">alone $SUBJECTNA$</li>
</TSliceSingleTxtCur>
<DayBegin>
<li>$MSGLOCALDATE(CUR;%d)$<ul>
</DayBegin>
<DayEnd>
</ul></li>
</DayEnd>
<MIMEArgs override>
m2h_text_plain::filter; nonfixed fancyquote disableflowed
m2h_external::filter; subdir
text/html; notitle
</MIMEArgs>
<MIMEAltPrefs>
text/plain
text/html
</MIMEAltPrefs>
