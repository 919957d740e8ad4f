<!-- Dates and who wrote. -->
<Sort>
<TSort>
<UseLocalTime>
<TimeZones override>
CET:-1
XYZ:3
</TimeZones>
<Weekdays>
So:Mo:Di:Mi:Do:Fr:Sa
</Weekdays>
<MonthsAbr>
J:F:Maer:A:M:Jn:Jl:Au:S:O:N:D
</MonthsAbr>
<DateFields>
x-arrived
date
received
</DateFields>
<FromFields>
reply-to:from
</FromFields>
<DayBegin>
<li>$MSGLOCALDATE(CUR;%A, %d %b %y %H:%M %Z)$<ul>
</DayBegin>
<DayEnd>
</ul></li>
</DayEnd>
<LiTemplate>
<li>$SUBJECT$ $FROMADDRNAME$ at $FROMADDRDOMAIN$ $MSGGMTDATE(CUR;%a %e %B %I %p %j %w %U)$ $YYYYMMDD$ $DDMMYYYY$ $MMDDYYYY$ $DATE$</li>
</LiTemplate>
