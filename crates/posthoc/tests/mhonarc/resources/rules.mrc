<!-- What is taken in, and how subjects are compared. -->
<CheckNoArchive>
<SubSort>
<Reverse>
<MsgExcFilter>
/^organization:\s*analytical/im
</MsgExcFilter>
<SubjectArticleRxp>
^(the|a|an|re)\s+
</SubjectArticleRxp>
<SubjectReplyRxp>
^\s*(re|aw):\s*
</SubjectReplyRxp>
<SubjectBegin>
<li>$SUBJECTNA$<ul>
</SubjectBegin>
<SubjectEnd>
</ul></li>
</SubjectEnd>
<Note>
<p>noted: $NOTETEXT$</p>
</Note>
<NoteIA>
<p>no note on $MSGNUM$</p>
</NoteIA>
<MsgHead>
$NOTE$$NOTE(NEXT)$
</MsgHead>
