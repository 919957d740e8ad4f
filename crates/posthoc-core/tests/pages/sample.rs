//! Hand-made views of a small list: one of every kind of page. Used by the tests of the pages and by
//! the example that writes them to a folder to be looked at.
#![allow(clippy::unwrap_used)]

use posthoc_core::message::{
    Attachment, Block, Body, Limits, MessageId, MessageKey, QuotedLine, parse,
};
use posthoc_core::page::*;
use posthoc_core::query::{Has, Query};
use posthoc_core::route::{Address, IndexKind, ListName, Route, Volume};
use posthoc_core::text::TimeZone;
use std::sync::Arc;

/// 1 November 2025, 09:00 UTC.
const BEGIN: i64 = 1_761_987_600;

/// The list's name.
pub fn town() -> ListName {
    ListName::new("town-hall").unwrap()
}

/// A volume by name.
pub fn volume(name: &str) -> Volume {
    Volume::parse(name).unwrap()
}

fn head(name: &str, title: &str, description: &str) -> ListHead {
    ListHead {
        name: ListName::new(name).unwrap(),
        title: title.into(),
        description: description.into(),
        address: Some(format!("{name}@lists.example.org")),
        language: "en".into(),
        visibility: Visibility::Public,
        downloads: Downloads::Mbox,
        robots: Robots::Index,
    }
}

/// Around a page of the list, with so many of its crumbs.
pub fn chrome(crumbs: usize) -> Chrome {
    let november = volume("2025-November");
    let all = [
        ("Town hall", Route::List(town())),
        ("November 2025", Route::Volume(town(), november)),
    ];
    let crumb = |(text, route): (&str, Route)| Crumb {
        text: text.into(),
        route,
    };
    Chrome {
        list: Some(head(
            "town-hall",
            "Town hall",
            "What the town talks about when the lights in the hall are on.",
        )),
        crumbs: all.into_iter().take(crumbs).map(crumb).collect(),
    }
}

/// A mail's line: number, author, subject, hours after the beginning, depth.
pub fn line(number: u32, author: &str, subject: &str, hours: i64, depth: u16) -> MailLine {
    let first = author.split(' ').next().unwrap().to_lowercase();
    MailLine {
        address: Some(Address {
            volume: volume("2025-November"),
            number,
        }),
        key: MessageKey::of(&MessageId(format!("{number}@harbour.example"))),
        subject: subject.into(),
        author: Person {
            name: author.into(),
            address: format!("{first} at harbour.example"),
        },
        date: TimeZone::named("Europe/Prague")
            .unwrap()
            .stamp(BEGIN + hours * 3600),
        depth,
        elsewhere: false,
        current: false,
        attachments: u16::from(number % 5 == 3),
        layout: LayoutName::default(),
    }
}

fn ghost(depth: u16) -> MailLine {
    MailLine {
        address: None,
        ..line(9_999, "unknown", "", 0, depth)
    }
}

const WHERE: &str = "Where should thread indexes break?";

/// The mails of the thread that the message page shows.
pub fn thread_lines() -> Vec<MailLine> {
    let re = &format!("Re: {WHERE}");
    let mut here = line(45, "Ingrid Solheim", re, 32, 3);
    here.current = true;
    let mut old = line(40, "Marcel Okafor", WHERE, -50, 0);
    old.address.as_mut().unwrap().volume = volume("2025-October");
    old.elsewhere = true;
    vec![
        old,
        ghost(1),
        line(42, "Yuki Tanabe", re, -20, 2),
        line(43, "Ana Pereira", re, 3, 1),
        here,
        line(46, "Marcel Okafor", re, 33, 4),
        line(
            48,
            "Yuki Tanabe",
            "Minutes of the index meeting (was: Where should thread indexes break?)",
            60,
            1,
        ),
    ]
}

fn lines_of(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn quote(lines: &[(u8, &str)]) -> Block {
    Block::Quote(
        lines
            .iter()
            .map(|(depth, text)| QuotedLine {
                depth: *depth,
                text: (*text).into(),
            })
            .collect(),
    )
}

const PNG: &[u8] = include_bytes!("bell.png");

/// A body with one of each kind of block.
pub fn body() -> BodyView {
    let blocks = vec![
        Block::Attribution(lines_of("Marcel Okafor wrote:")),
        quote(&[
            (
                1,
                "The old archive cut every thread at the end of the month. Readers who",
            ),
            (
                1,
                "follow a link into the middle of a discussion never find its beginning.",
            ),
            (2, "And nobody noticed for twenty years?"),
            (3, "Somebody did, in 2004. It was filed under weather."),
            (1, ""),
            (1, "So: where should they break?"),
        ]),
        Block::Fixed(lines_of(
            "\nThey noticed. They thought it was the weather.\n\nI would keep the volumes, since \
             people cite them, but let threads run\nthrough them. A small patch to the index is all \
             it takes:\n",
        )),
        Block::Patch(lines_of(
            "diff --git a/index.c b/index.c\n--- a/index.c\n+++ b/index.c\n@@ -41,6 +41,6 @@ static int \
             same_thread(struct mail *a, struct mail *b)\n \tstruct mail *m = lookup(id);\n-\tif (m && \
             m->volume == v)\n+\tif (m)\n \t\treturn attach(m, child);",
        )),
        Block::Fixed(lines_of(
            "The numbers, from https://stats.example.org/threads?year=2025&list=town-hall:\n\n\
             month        mails   threads   longest\nSeptember      312        41        27\n\
             October        287        39        33\n\n0123456789012345678901234567890123456789\
             0123456789012345678901234567890123456789\n\n  - one thread in nine crosses a month\n  - \
             one in a hundred crosses two",
        )),
        Block::Flowed(vec![
            "This paragraph was sent as format=flowed, so it may be filled again to any width: on \
             a wide screen it takes the whole sheet, on a phone it takes what there is, and nobody \
             has to scroll from side to side to read it."
                .into(),
        ]),
        Block::Attachment(0),
        Block::Signature(lines_of(
            "Ingrid Solheim · Harbour Archive\nhttps://harbour.example/",
        )),
    ];
    let attachments = vec![
        file("bell tower.png", "image/png", PNG),
        file("index.patch", "text/x-diff", &[b'x'; 1_234]),
    ];
    with_files(Body {
        blocks,
        attachments,
        ..Body::default()
    })
}

fn file(name: &str, media_type: &str, bytes: &[u8]) -> Attachment {
    Attachment {
        name: name.into(),
        media_type: media_type.into(),
        bytes: bytes.to_vec().into(),
        content_id: Some(format!("{name}@x")),
        text: None,
    }
}

fn file_line(attachment: &Attachment) -> FileLine {
    let shown = ShownFile::of(attachment);
    FileLine {
        route: shown.route(town()),
        name: shown.name,
        media_type: shown.media_type,
        size: shown.size,
    }
}

/// Which volumes have files.
pub fn attachments() -> AttachmentsView {
    AttachmentsView {
        chrome: chrome(1),
        volumes: ["2025-November", "2025-May", "2024-December"]
            .map(volume)
            .into(),
    }
}

/// A person's mails: the newest, or a hundred earlier ones.
pub fn author(page: u32) -> AuthorView {
    let all = [
        line(
            61,
            "Marcel Okafor",
            "Re: Where does the lighthouse end?",
            60,
            0,
        ),
        line(
            47,
            "Marcel Okafor",
            "Re: Where does the lighthouse end?",
            34,
            0,
        ),
        line(45, "Marcel Okafor", "", 29, 0),
        line(12, "Marcel Okafor", "The hall's clock", -9_000, 0),
    ];
    let first = page == 0;
    AuthorView {
        chrome: chrome(1),
        key: all[3].key,
        person: all[0].author.clone(),
        addresses: match first {
            true => vec![
                "marcel at example.org".into(),
                "okafor at old.example".into(),
            ],
            false => Vec::new(),
        },
        messages: if first { 304 } else { 0 },
        page,
        last: 2,
        mails: all.into(),
    }
}

/// A list in numbers: of so many months.
pub fn stats(months: u32) -> StatsView {
    let month = |n: u32| MonthLine {
        month: (2025 - n / 12) * 100 + 12 - n % 12,
        messages: u64::from(n * 37 % 101),
        threads: u64::from(n * 37 % 101 / 4),
    };
    let months: Vec<MonthLine> = (0..months).rev().map(month).collect();
    let thread = thread_lines();
    let marcel = author(0);
    StatsView {
        chrome: chrome(1),
        messages: months.iter().map(|month| month.messages).sum(),
        threads: months.iter().map(|month| month.threads).sum(),
        authors: Some(41),
        months,
        hours: std::array::from_fn(|hour| hour as u64 * 7 % 24 * 3),
        longest: vec![LongThread {
            key: thread[0].key,
            first: thread[0].clone(),
            messages: 1_204,
        }],
        busiest: vec![
            Busy {
                person: marcel.person,
                route: Some(Route::Author(town(), marcel.key, 0)),
                messages: 304,
            },
            Busy {
                person: thread[0].author.clone(),
                route: None,
                messages: 2,
            },
        ],
    }
}

/// The body with its files' routes.
pub fn with_files(body: Body) -> BodyView {
    let route = |file| ShownFile::of(file).route(town());
    BodyView {
        files: body.attachments.iter().map(route).collect(),
        mentions: Vec::new(),
        rules: Default::default(),
        mask: Mask::At,
        language: None,
        body: body.into(),
        shown: Shown::default(),
    }
}

fn short_body(text: &str) -> BodyView {
    with_files(Body {
        blocks: vec![Block::Fixed(lines_of(text))],
        ..Body::default()
    })
}

/// A mail's page.
pub fn message() -> MessageView {
    let person = |name: &str| Person {
        name: name.into(),
        address: String::new(),
    };
    let mails = thread_lines();
    MessageView {
        chrome: chrome(2),
        line: mails[4].clone(),
        author_page: Some(Route::Author(town(), mails[4].key, 0)),
        id: MessageId("20251102.45@harbour.example".into()),
        to: vec![person("town-hall")],
        cc: vec![person("Marcel Okafor")],
        body: body(),
        written_date: None,
        thread_counts: Some((6, 4)),
        thread_key: mails[0].key,
        related: Related {
            earlier: Some(line(44, "Clerk", "Minutes of October", 30, 0)),
            later: Some(line(47, "Bell Ringer", "Re: Bell tower repairs", 34, 0)),
            thread_earlier: Some(mails[3].clone()),
            thread_later: Some(mails[5].clone()),
        },
        thread: mails.into(),
        series: None,
        reply_to: Some("town-hall@lists.example.org".into()),
        variants: Vec::new(),
    }
}

/// A mail with everything that plain text may have, and its patch series beside it.
pub fn letter() -> MessageView {
    let mail = include_str!("letter.eml")
        .replace("QUOTED", &"> One more line of the minutes.\n".repeat(21));
    let parsed = parse(mail.as_bytes(), &Limits::default());
    let mut view = with_files(parsed.body(&Limits::default()));
    let november = volume("2025-November");
    view.mentions = vec![(
        "20251102.44@harbour.example".into(),
        Route::Message(town(), november, 44),
    )];
    view.rules = Arc::new(
        LinkRules::parse(&["[Bb]ell #(\\d+) -> https://bells.example.org/$1".into()]).unwrap(),
    );
    let part = |number: u32, title: &str, hours: i64| {
        let subject = format!("[PATCH v2 {number}/2] {title}");
        (number, line(60 + number, "Bo Li", &subject, hours, 0))
    };
    let mut parts = vec![
        part(0, "Ring twice", 100),
        part(1, "Hang a bell", 100),
        part(2, "Ring it", 100),
    ];
    parts[1].1.current = true;
    let versions = vec![
        (1, line(31, "Bo Li", "[PATCH 1/2] Hang a bell", 20, 0)),
        (2, parts[1].1.clone()),
    ];
    MessageView {
        body: view,
        line: parts[1].1.clone(),
        series: Some(Series {
            version: 2,
            part: 1,
            of: 2,
            parts,
            versions,
        }),
        thread: vec![line(61, "Bo Li", "", 100, 0)].into(),
        thread_counts: Some((1, 1)),
        related: Related::default(),
        reply_to: None,
        ..message()
    }
}

/// A mail of HTML alone.
pub fn html_message() -> MessageView {
    let source = "<style>p{color:red}</style><h1>Market day</h1><p>Dear <b>neighbours</b>,<p>the \
        market is on <i>Saturday</i>. <a href=\"https://market.example/\">Stalls</a>:<table \
        border=1><tr><th>Stall<th>Goods<tr><td>1<td>Bread<tr><td>2<td>Honey and \
        wax</table><ul><li>bring a basket<li>bring change</ul><blockquote>Is there \
        cheese?</blockquote><p>There is.<img src=\"cid:bell tower.png@x\" \
        alt=\"The bell\"><img src=\"https://spy.example/pixel.gif\"><script>alert(1)</script>";
    MessageView {
        body: with_files(Body {
            blocks: vec![Block::Html(source.into())],
            attachments: vec![file("bell tower.png", "image/png", PNG)],
            ..Body::default()
        }),
        line: line(51, "Bo Li", "", 80, 0),
        written_date: Some("Tue, 04 Nov 1904 18:00:00 +0100".into()),
        variants: vec![line(50, "Bo Li", "Market day", 79, 0)],
        thread: vec![line(51, "Bo Li", "", 80, 0)].into(),
        thread_counts: Some((1, 1)),
        related: Related::default(),
        series: None,
        reply_to: None,
        ..message()
    }
}

/// One of the four indexes.
pub fn index(kind: IndexKind) -> IndexView {
    let bells = [
        line(47, "Bell Ringer", "Bell tower repairs", 26, 0),
        line(49, "Ana Pereira", "Re: Bell tower repairs", 34, 1),
        line(
            52,
            "Josephine van der Nieuwenhuizen-Papadopoulos",
            "Re: Bell tower repairs",
            90,
            2,
        ),
    ];
    let clerk = [line(44, "Clerk", "Minutes of October", 30, 0)];
    let html = [line(51, "Bo Li", "", 80, 0)];
    let group = |label: &str, lines: &[MailLine], goes_on: bool| IndexGroup {
        label: label.into(),
        thread: (kind == IndexKind::Thread).then(|| lines[0].key),
        author: (kind == IndexKind::Author && lines.len() > 1)
            .then(|| Route::Author(town(), lines[0].key, 0)),
        goes_on,
        lines: lines.to_vec(),
        files: Vec::new(),
    };
    let flat = |lines: Vec<&MailLine>| -> Vec<MailLine> {
        let flat = |line: &MailLine| MailLine {
            depth: 0,
            ..line.clone()
        };
        lines.into_iter().map(flat).collect()
    };
    let groups = match kind {
        IndexKind::Thread => vec![
            group(WHERE, &thread_lines(), true),
            group("Bell tower repairs", &bells, false),
            group("Minutes of October", &clerk, false),
            group("", &html, false),
        ],
        IndexKind::Subject => vec![
            group("Bell tower repairs", &flat(bells.iter().collect()), false),
            group("Minutes of October", &clerk, false),
        ],
        IndexKind::Author => vec![
            group(
                "Ana Pereira",
                &flat(vec![&thread_lines()[3], &bells[1]]),
                false,
            ),
            group("Bell Ringer", &flat(vec![&bells[0]]), false),
            group("Clerk", &clerk, false),
        ],
        IndexKind::Date => vec![
            group(
                "Saturday 1 November",
                &flat(vec![&thread_lines()[3]]),
                false,
            ),
            group(
                "Sunday 2 November",
                &flat(vec![
                    &bells[0],
                    &clerk[0],
                    &thread_lines()[4],
                    &thread_lines()[5],
                    &bells[1],
                ]),
                false,
            ),
            group("Tuesday 4 November", &html, false),
        ],
        IndexKind::Attachments => {
            let mut one = group("Sunday 2 November", &[bells[0].clone()], false);
            let files = body().body.attachments.iter().map(file_line).collect();
            one.files = vec![MailFiles { files, more: 12 }];
            vec![one]
        }
    };
    IndexView {
        chrome: chrome(1),
        volume: volume("2025-November"),
        kind,
        cut: None,
        messages: 287,
        cuts: Vec::new(),
        groups,
        activity: (0..30)
            .map(|day: u32| (day * day * 7 + 3) % 23 * u32::from(day % 7 < 5))
            .collect(),
        neighbours: (Some(volume("2025-October")), Some(volume("2025-December"))),
        downloads: Downloads::Mbox,
    }
}

/// The overview of a long index.
pub fn overview() -> IndexView {
    let cut = |day: u64| CutLine {
        cut: format!("{day:02}"),
        label: Label::Words(format!("{day} November")),
        messages: 20 + day * 7 % 31,
    };
    IndexView {
        cuts: (1..=30).map(cut).collect(),
        groups: Vec::new(),
        messages: 1_034,
        ..index(IndexKind::Date)
    }
}

fn list_line(name: &str, title: &str, description: &str, messages: u64) -> ListLine {
    let zone = TimeZone::utc();
    ListLine {
        head: head(name, title, description),
        messages,
        threads: messages / 7,
        first: Some(zone.stamp(1_041_465_600)),
        last: Some(zone.stamp(BEGIN)),
    }
}

fn lists() -> Vec<ListLine> {
    vec![
        list_line(
            "town-hall",
            "Town hall",
            "What the town talks about when the lights in the hall are on.",
            61_234,
        ),
        list_line(
            "bell-ringers",
            "Bell ringers",
            "Practice, repairs, and the order of ringing.",
            1_402,
        ),
        list_line("market", "Market", "", 7),
    ]
}

/// The lists.
pub fn home() -> HomeView {
    HomeView {
        chrome: Chrome::default(),
        lists: lists(),
    }
}

/// A list's page.
pub fn list() -> ListView {
    let months = posthoc_core::text::MONTHS;
    let mut volumes = Vec::new();
    for year in (2017..=2025).rev() {
        for (n, month) in months.iter().enumerate().rev() {
            let past = year == 2025 && n > 10 || year == 2017 && n < 7 || year == 2020 && n == 3;
            if !past {
                volumes.push(VolumeLine {
                    volume: volume(&format!("{year}-{month}")),
                    messages: (n as u64 * 37 + year as u64 * 91) % 400 + 5,
                    bytes: 1_000_000,
                });
            }
        }
    }
    let mails = thread_lines();
    let held = |line: &&MailLine| line.address.is_some();
    let recent = ThreadLine {
        key: mails[0].key,
        first: mails[0].clone(),
        last: mails.iter().rev().find(held).unwrap().clone(),
        messages: mails.iter().filter(held).count() as u64,
        more: false,
    };
    ListView {
        chrome: Chrome {
            crumbs: Vec::new(),
            ..chrome(0)
        },
        line: lists().remove(0),
        volumes,
        recent: vec![recent],
        news: (6, 20),
        part: TakingPart {
            address: Some("town-hall@lists.example.org".into()),
            subscribe: Some("https://lists.example.org/join/town-hall".into()),
            closed: None,
        },
    }
}

/// A thread's page.
pub fn thread() -> ThreadView {
    let texts = [
        "I moved house last month and took the old archive with me, in boxes. While\nunpacking I found \
         that every thread ends on the last day of its month.\n\nWhere should they break instead?",
        "",
        "At the end of the thread.",
        "Nowhere.",
        "",
        "Then I shall send a patch.",
        "These are the minutes.",
    ];
    let mails = thread_lines()
        .into_iter()
        .zip(texts)
        .map(|(line, text)| ThreadMail {
            body: line.address.as_ref().map(|_| match text {
                "" => body(),
                text => short_body(text),
            }),
            line,
        });
    ThreadView {
        chrome: chrome(1),
        key: thread_lines()[0].key,
        subject: WHERE.into(),
        page: 1,
        more: true,
        mails: mails.collect(),
    }
}

/// A feed.
pub fn feed() -> FeedView {
    let entry = |line: MailLine| FeedEntry {
        list: town(),
        received: line.date,
        id: MessageId(format!("{}@harbour.example", line.date.unix)),
        body: short_body("At the end of the thread, <b>not</b> of the month & year."),
        line,
    };
    let lines = thread_lines().into_iter().rev();
    FeedView {
        chrome: chrome(1),
        query: None,
        entries: lines
            .filter(|line| line.address.is_some())
            .take(2)
            .map(entry)
            .collect(),
    }
}

/// The query-less search page.
pub fn search() -> SearchView {
    SearchView {
        chrome: chrome(1),
        query: String::new(),
        error: None,
        refused: None,
        total: 0,
        threads: None,
        offset: 0,
        per_page: 20,
        order: "relevance".into(),
        hits: Vec::new(),
        partial: Vec::new(),
        facets: Facets::default(),
        meant: None,
        mailbox: false,
        lists: lists(),
    }
}

/// The search page with hits.
pub fn found() -> SearchView {
    let hit = |line: MailLine| SearchHit {
        list: town(),
        line,
        snippet: vec![
            ("… the old archive cut every ".into(), false),
            ("thread".into(), true),
            (
                " at the end of the month. Readers who follow a link into the middle …".into(),
                false,
            ),
        ],
        thread: None,
    };
    let lines = thread_lines()
        .into_iter()
        .filter(|line| line.address.is_some());
    SearchView {
        query: "thread subject:\"index\"".into(),
        total: 41,
        offset: 20,
        facets: Facets {
            months: vec![(202312, 4), (202503, 30), (202511, 7)],
            lists: vec![(town(), 40), (ListName::new("wherry").unwrap(), 1)],
            authors: vec![("Ada \"Lovelace\"".into(), 12), ("???".into(), 3)],
            carried: vec![(Has::Attachment, 1_234), (Has::Patch, 1)],
        },
        mailbox: true,
        hits: lines.map(hit).collect(),
        ..search()
    }
}

/// The same by thread, all of one year.
pub fn found_threads() -> SearchView {
    let mut view = SearchView {
        threads: Some(Threads {
            threads: 30,
            of: 40,
        }),
        query: "thread OR date:2025".into(),
        order: "new".into(),
        ..found()
    };
    view.facets = Facets {
        months: vec![(202503, 30), (202511, 11)],
        ..Facets::default()
    };
    for (n, hit) in view.hits.iter_mut().enumerate() {
        hit.thread = Some((hit.line.key, n as u64 + 1));
    }
    view
}

/// A word that stands nowhere, and a file that would be too large.
pub fn misspelt() -> SearchView {
    SearchView {
        query: "thraed".into(),
        refused: Some("These are too many mails for one file.".into()),
        meant: Some(("thread".into(), 41)),
        ..search()
    }
}

/// A search as a feed.
pub fn found_feed() -> FeedView {
    FeedView {
        query: Some("thread & \"index\"".into()),
        ..feed()
    }
}

/// Few mails with all words, then some with a part of them.
pub fn few_found() -> SearchView {
    let SearchView { mut hits, .. } = found();
    let partial = hits.split_off(1);
    SearchView {
        query: "thread index month".into(),
        total: 1,
        hits,
        partial,
        ..search()
    }
}

/// A query that cannot be read.
pub fn not_understood() -> SearchView {
    let query = "bells AND (tower OR";
    SearchView {
        query: query.into(),
        error: Query::parse(query).err(),
        ..search()
    }
}

/// What answers where nothing is.
pub fn not_found() -> NoticeView {
    NoticeView {
        chrome: Chrome::default(),
        title: "There is no such page".into(),
        words: vec!["The address may have been mistyped, or the page was never here.".into()],
        links: vec![("The lists".into(), Route::Home)],
        moved: false,
        choices: Vec::new(),
    }
}

/// The form to sign in, shown again.
pub fn sign_in() -> SignInView {
    SignInView {
        title: "Sign in".into(),
        words: vec!["This name and password do not belong together.".into()],
        form: SignInForm::In {
            token: "0123abcd".into(),
            next: "town-hall/n/42".into(),
        },
    }
}

/// What may be for members only.
pub fn members_only() -> SignInView {
    SignInView {
        title: "Not found".into(),
        words: vec!["There is no page of that name here, or it is for members only.".into()],
        form: SignInForm::Link {
            next: "town-hall/mid/a+b@example.org/".into(),
        },
    }
}

/// The form to sign out.
pub fn sign_out() -> SignInView {
    SignInView {
        title: "Signed in".into(),
        words: vec!["You are signed in as ada.".into()],
        form: SignInForm::Out {
            token: "0123abcd".into(),
        },
    }
}

/// A choice of mails.
pub fn variants() -> NoticeView {
    NoticeView {
        chrome: chrome(1),
        title: "Two mails bear this Message-ID".into(),
        words: Vec::new(),
        links: Vec::new(),
        choices: vec![
            line(50, "Bo Li", "Market day", 79, 0),
            line(51, "Bo Li", "", 80, 0),
        ],
        ..not_found()
    }
}

/// What crawlers are asked: of one list everything, of one nothing.
pub fn robots() -> RobotsView {
    let mut closed = head("parish", "Parish", "");
    closed.robots = Robots::None;
    RobotsView {
        closed: false,
        lists: vec![closed, head("town-hall", "Town hall", "")],
    }
}

/// A volume's sitemap, or the index of them.
pub fn sitemap(index: bool) -> (Route, SitemapView) {
    let volume = || volume("2025-November");
    let map = |cut: Option<&str>| Route::Sitemap {
        list: town(),
        volume: volume(),
        cut: cut.map(str::to_owned),
    };
    let newest = Lastmod::On(20_251_104);
    let mail = |number, hours| {
        let date = line(number, "Bo Li", "", hours, 0).date;
        (
            Route::Message(town(), volume(), number),
            Some(Lastmod::At(date)),
        )
    };
    let entries = match index {
        true => vec![(map(None), Some(newest)), (map(Some("03")), None)],
        false => vec![
            (Route::Volume(town(), volume()), Some(newest)),
            mail(50, 79),
            mail(51, 80),
        ],
    };
    let route = match index {
        true => Route::SitemapIndex,
        false => map(None),
    };
    (route, SitemapView { index, entries })
}

/// A page that has moved.
pub fn moved() -> NoticeView {
    NoticeView {
        title: "This mail has moved".into(),
        words: Vec::new(),
        links: vec![(
            "The mail".into(),
            Route::Message(town(), volume("2025-November"), 45),
        )],
        moved: true,
        ..not_found()
    }
}

/// Every page of the sample: its route and its view.
pub fn pages() -> Vec<(Route, View)> {
    let november = || volume("2025-November");
    let index_route = |kind, cut: Option<&str>| Route::Index {
        list: town(),
        volume: november(),
        kind,
        cut: cut.map(str::to_owned),
    };
    let message_route = |number| Route::Message(town(), november(), number);
    let thread_key = thread_lines()[0].key;
    let mut pages = vec![
        (Route::Home, View::Home(home())),
        (Route::List(town()), View::List(list())),
        (
            Route::Volume(town(), november()),
            View::Index(index(IndexKind::Thread)),
        ),
        (
            Route::Index {
                list: town(),
                volume: volume("2024-November"),
                kind: IndexKind::Date,
                cut: None,
            },
            View::Index(overview()),
        ),
        (message_route(45), View::Message(Box::new(message()))),
        (message_route(61), View::Message(Box::new(letter()))),
        (message_route(51), View::Message(Box::new(html_message()))),
        (Route::Thread(town(), thread_key, 1), View::Thread(thread())),
        (Route::Attachments(town()), View::Attachments(attachments())),
        (
            Route::Author(town(), author(0).key, 0),
            View::Author(author(0)),
        ),
        (
            Route::Author(town(), author(0).key, 2),
            View::Author(author(2)),
        ),
        (Route::Stats(town()), View::Stats(stats(30))),
        (Route::Feed(town()), View::Feed(feed())),
        (Route::Search(Some(town())), View::Search(search())),
        (Route::Search(None), View::Search(found())),
        (Route::MidPage(Some(town())), View::MidPage(chrome(1))),
        (Route::NotFound, View::Notice(not_found())),
        (Route::SignIn, View::SignIn(sign_in())),
        (Route::NotFound, View::SignIn(members_only())),
        (Route::SignOut, View::SignIn(sign_out())),
        (message_route(50), View::Notice(variants())),
        (message_route(44), View::Notice(moved())),
        (message_route(43), View::Search(not_understood())),
        (Route::Search(Some(town())), View::Search(found_threads())),
        (Route::Search(None), View::Search(misspelt())),
        (Route::Search(None), View::Feed(found_feed())),
    ];
    for kind in [
        IndexKind::Thread,
        IndexKind::Subject,
        IndexKind::Author,
        IndexKind::Date,
        IndexKind::Attachments,
    ] {
        pages.push((index_route(kind, None), View::Index(index(kind))));
    }
    let file = |route: &Route, media_type: &str, bytes: &[u8]| {
        let view = View::File {
            media_type: media_type.into(),
            bytes: bytes.into(),
        };
        (route.clone(), view)
    };
    pages.push(file(&body().files[0], "image/png", PNG));
    for asset in assets() {
        pages.push(file(
            &Route::Asset(asset.name.into()),
            asset.media_type,
            asset.bytes,
        ));
    }
    pages
}
