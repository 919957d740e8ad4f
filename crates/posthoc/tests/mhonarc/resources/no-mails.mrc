<!-- Indexes alone. -->
<NoMsgPgs>
<NoSort>
<Reverse>
