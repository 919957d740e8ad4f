<!-- Types, charsets and addresses. -->
<DecodeHeads>
<ModifyBodyAddresses>
<MIMEFilters>
text/plain; m2h_text_plain::filter; mhtxtplain.pl
image/png; m2h_external::filter; mhexternal.pl
</MIMEFilters>
<MIMEIncs>
text/plain
text/html
image
multipart
message
</MIMEIncs>
<CharsetAliases>
iso-8859-1; latin-one
</CharsetAliases>
<DefCharset>
iso-8859-1
</DefCharset>
<IconURLPrefix>
http://icons.example.org/
</IconURLPrefix>
<Icons>
text/*:text.png
*/*:[16x12]any.png
</Icons>
<AttachmentURL>
http://files.example.org/a/
</AttachmentURL>
<AddressModifyCode>
s/@/ at /
</AddressModifyCode>
<LiTemplate>
<li>$ICON$ $ICONURL$ $SUBJECT$ $FROM$ $FROMADDR$</li>
</LiTemplate>
<MIMEArgs>
m2h_external::filter; useicon inline
</MIMEArgs>
