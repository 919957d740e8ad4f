<!-- Every button and link between mails. -->
<NEXTButton>
[<a href="$MSG(NEXT)$">next $SUBJECTNA(NEXT)$</a>]
</NEXTButton>
<NEXTButtonIA>
[no next]
</NEXTButtonIA>
<NEXTLink>
<li>next: <a href="$MSG(NEXT)$">$FROMNAME(NEXT)$, $MSGNUM(NEXT)$</a></li>
</NEXTLink>
<NEXTLinkIA>
<li>next: none</li>
</NEXTLinkIA>
<PREVButton>
[<a href="$MSG(PREV)$">prev $SUBJECTNA(PREV)$</a>]
</PREVButton>
<PREVButtonIA>
[no prev]
</PREVButtonIA>
<PREVLink>
<li>prev: <a href="$MSG(PREV)$">$FROMNAME(PREV)$, $MSGNUM(PREV)$</a></li>
</PREVLink>
<PREVLinkIA>
<li>prev: none</li>
</PREVLinkIA>
<TNEXTButton>
[<a href="$MSG(TNEXT)$">tnext $SUBJECTNA(TNEXT)$</a>]
</TNEXTButton>
<TNEXTButtonIA>
[no tnext]
</TNEXTButtonIA>
<TNEXTLink>
<li>tnext: <a href="$MSG(TNEXT)$">$FROMNAME(TNEXT)$, $MSGNUM(TNEXT)$</a></li>
</TNEXTLink>
<TNEXTLinkIA>
<li>tnext: none</li>
</TNEXTLinkIA>
<TPREVButton>
[<a href="$MSG(TPREV)$">tprev $SUBJECTNA(TPREV)$</a>]
</TPREVButton>
<TPREVButtonIA>
[no tprev]
</TPREVButtonIA>
<TPREVLink>
<li>tprev: <a href="$MSG(TPREV)$">$FROMNAME(TPREV)$, $MSGNUM(TPREV)$</a></li>
</TPREVLink>
<TPREVLinkIA>
<li>tprev: none</li>
</TPREVLinkIA>
<TNEXTINButton>
[<a href="$MSG(TNEXTIN)$">tnextin $SUBJECTNA(TNEXTIN)$</a>]
</TNEXTINButton>
<TNEXTINButtonIA>
[no tnextin]
</TNEXTINButtonIA>
<TNEXTINLink>
<li>tnextin: <a href="$MSG(TNEXTIN)$">$FROMNAME(TNEXTIN)$, $MSGNUM(TNEXTIN)$</a></li>
</TNEXTINLink>
<TNEXTINLinkIA>
<li>tnextin: none</li>
</TNEXTINLinkIA>
<TPREVINButton>
[<a href="$MSG(TPREVIN)$">tprevin $SUBJECTNA(TPREVIN)$</a>]
</TPREVINButton>
<TPREVINButtonIA>
[no tprevin]
</TPREVINButtonIA>
<TPREVINLink>
<li>tprevin: <a href="$MSG(TPREVIN)$">$FROMNAME(TPREVIN)$, $MSGNUM(TPREVIN)$</a></li>
</TPREVINLink>
<TPREVINLinkIA>
<li>tprevin: none</li>
</TPREVINLinkIA>
<TNEXTTOPButton>
[<a href="$MSG(TNEXTTOP)$">tnexttop $SUBJECTNA(TNEXTTOP)$</a>]
</TNEXTTOPButton>
<TNEXTTOPButtonIA>
[no tnexttop]
</TNEXTTOPButtonIA>
<TNEXTTOPLink>
<li>tnexttop: <a href="$MSG(TNEXTTOP)$">$FROMNAME(TNEXTTOP)$, $MSGNUM(TNEXTTOP)$</a></li>
</TNEXTTOPLink>
<TNEXTTOPLinkIA>
<li>tnexttop: none</li>
</TNEXTTOPLinkIA>
<TPREVTOPButton>
[<a href="$MSG(TPREVTOP)$">tprevtop $SUBJECTNA(TPREVTOP)$</a>]
</TPREVTOPButton>
<TPREVTOPButtonIA>
[no tprevtop]
</TPREVTOPButtonIA>
<TPREVTOPLink>
<li>tprevtop: <a href="$MSG(TPREVTOP)$">$FROMNAME(TPREVTOP)$, $MSGNUM(TPREVTOP)$</a></li>
</TPREVTOPLink>
<TPREVTOPLinkIA>
<li>tprevtop: none</li>
</TPREVTOPLinkIA>
<TTOPButton>
[<a href="$MSG(TTOP)$">ttop $SUBJECTNA(TTOP)$</a>]
</TTOPButton>
<TTOPButtonIA>
[no ttop]
</TTOPButtonIA>
<TTOPLink>
<li>ttop: <a href="$MSG(TTOP)$">$FROMNAME(TTOP)$, $MSGNUM(TTOP)$</a></li>
</TTOPLink>
<TTOPLinkIA>
<li>ttop: none</li>
</TTOPLinkIA>
<TENDButton>
[<a href="$MSG(TEND)$">tend $SUBJECTNA(TEND)$</a>]
</TENDButton>
<TENDButtonIA>
[no tend]
</TENDButtonIA>
<TENDLink>
<li>tend: <a href="$MSG(TEND)$">$FROMNAME(TEND)$, $MSGNUM(TEND)$</a></li>
</TENDLink>
<TENDLinkIA>
<li>tend: none</li>
</TENDLinkIA>
<TopLinks>
$BUTTON(NEXT)$
$BUTTON(PREV)$
$BUTTON(TNEXT)$
$BUTTON(TPREV)$
$BUTTON(TNEXTIN)$
$BUTTON(TPREVIN)$
$BUTTON(TNEXTTOP)$
$BUTTON(TPREVTOP)$
$BUTTON(TTOP)$
$BUTTON(TEND)$
</TopLinks>
<BotLinks>
<ul>
$LINK(NEXT)$
$LINK(PREV)$
$LINK(TNEXT)$
$LINK(TPREV)$
$LINK(TNEXTIN)$
$LINK(TPREVIN)$
$LINK(TNEXTTOP)$
$LINK(TPREVTOP)$
$LINK(TTOP)$
$LINK(TEND)$
</ul>
</BotLinks>
