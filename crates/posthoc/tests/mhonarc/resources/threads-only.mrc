<!-- No main index, the threads by number. -->
<NoMain>
<NoTSort>
<TReverse>
