<CharsetConverters override>
default; mhonarc::htmlize
</CharsetConverters>
<TextEncode>
utf-8; MHonArc::UTF8::to_utf8; MHonArc/UTF8.pm
</TextEncode>
<MIMEExcs>
image/png
</MIMEExcs>
<NoThread>
<NoMailTo>
<NoNews>
