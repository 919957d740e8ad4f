<SubSort>
<SubjectBegin>
<li><b>$SUBJECTNA$</b><ul>
</SubjectBegin>
<SubjectEnd>
</ul></li>
</SubjectEnd>
<SsMarkup>
<?xml version="1.0"?>
</SsMarkup>
<MsgHead>
<p>head</p>
</MsgHead>
<MsgFoot>
<p>foot</p>
</MsgFoot>
<HeadBodySep>
<hr size="3">
</HeadBodySep>
<MsgBodyEnd>
<hr size="4">
</MsgBodyEnd>
<SubjectHeader>
<h2>$SUBJECTNA$</h2>
</SubjectHeader>
<TopLinks>
$BUTTON(TNEXTIN)$$BUTTON(TPREVIN)$$BUTTON(TNEXTTOP)$$BUTTON(TPREVTOP)$$BUTTON(TTOP)$$BUTTON(TEND)$
$LINK(TNEXTIN)$$LINK(TPREVIN)$$LINK(TNEXTTOP)$$LINK(TPREVTOP)$$LINK(TTOP)$$LINK(TEND)$
</TopLinks>
<MIMEArgs>
m2h_text_plain::filter; quote
m2h_external::filter; usename useicon
</MIMEArgs>
<Icons>
image/*:[20x22]/icons/image.gif
*/*:/icons/any.gif
</Icons>
<FolUpBegin>
<p>Answers</p><ul>
</FolUpBegin>
<FolUpLiTxt>
<li>$ICON$ $SUBJECT$</li>
</FolUpLiTxt>
<FolUpEnd>
</ul>
</FolUpEnd>
<RefsBegin>
<p>Answered</p><ul>
</RefsBegin>
<RefsLiTxt>
<li>$ICONURL$ $SUBJECT$</li>
</RefsLiTxt>
<RefsEnd>
</ul>
</RefsEnd>
