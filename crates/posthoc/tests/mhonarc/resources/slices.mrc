<!-- Every piece of a slice of threads. -->
<TSlice>
3:3:0
</TSlice>
<TSliceLevels>
2
</TSliceLevels>
<MsgFoot>
$TSLICE$
$TSLICE(1;4;1)$
</MsgFoot>
<TSliceSingleTxt>
<li>alone $SUBJECT$</li>
</TSliceSingleTxt>
<TSliceLiTxt>
<li>$SUBJECT$ $FROMNAME$
</TSliceLiTxt>
<TSliceLiEnd>
</li>
</TSliceLiEnd>
<TSliceLiEndCur>
</li><!-- here -->
</TSliceLiEndCur>
<TSliceLiNone>
<li>not here
</TSliceLiNone>
<TSliceLiNoneEnd>
</li><!-- not here -->
</TSliceLiNoneEnd>
<TSliceSubListBeg>
<ol>
</TSliceSubListBeg>
<TSliceSubListEnd>
</ol>
</TSliceSubListEnd>
<TSliceSubjectBeg>
<li>by subject</li>
</TSliceSubjectBeg>
<TSliceSubjectEnd>
<li>end of by subject</li>
</TSliceSubjectEnd>
<TSliceContBegin>
<li>continued $SUBJECTNA$
</TSliceContBegin>
<TSliceContEnd>
</li><!-- continued -->
</TSliceContEnd>
<TSliceIndentBegin>
<ol class="in">
</TSliceIndentBegin>
<TSliceIndentEnd>
</ol><!-- in -->
</TSliceIndentEnd>
<TSliceTopEnd>
</li><!-- top -->
</TSliceTopEnd>
<TSliceTopEndCur>
</li><!-- top, here -->
</TSliceTopEndCur>
