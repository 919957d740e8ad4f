<!-- Addresses hidden. -->
<SpamMode>
<NoPrintXComments>
<NoDoc>
<SubjectStripCode>
s/^Re:\s*The\s+/Re: /;
</SubjectStripCode>
