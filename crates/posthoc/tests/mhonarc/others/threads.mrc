<THREAD>
<TIDXFNAME>
slim.html
</TIDXFNAME>
<TREVERSE>
<TTITLE>
Threads, the last first
</TTITLE>
