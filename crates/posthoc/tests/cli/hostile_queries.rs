//! A hundred queries that mean harm: each is answered or refused at once, live and on the command line.

use crate::prelude::{Room, Server, list};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Far more than an answer takes in a debug build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A mail with words of its own, so that a beginning means thousands of them.
fn dictionary() -> String {
    let mut mail = String::from(
        "From ada@skarv.example Mon Nov  3 10:00:00 2025\nFrom: Ada <ada@skarv.example>\n\
         Subject: All words\nDate: Mon, 3 Nov 2025 10:00:00 +0000\n\
         Message-ID: <words@skarv.example>\n\n",
    );
    for n in 0..30_000_u32 {
        let letter = |by: u32| char::from(b'a' + u8::try_from(n / by % 26).unwrap());
        let _ = writeln!(mail, "{}{}{}{n}", letter(1), letter(26), letter(676));
    }
    mail
}

fn queries() -> Vec<String> {
    let letters = ('a'..='z').map(String::from);
    let mut all: Vec<String> = Vec::new();
    // Beginnings: one letter, many of them, nothing at all.
    all.extend(letters.clone().step_by(3).map(|letter| letter + "*"));
    all.push(
        letters
            .clone()
            .map(|letter| letter + "* OR ")
            .collect::<String>()
            + "z",
    );
    all.push(letters.clone().map(|letter| letter + "* ").collect());
    all.push(letters.map(|letter| format!("-{letter}* ")).collect());
    all.extend(
        [
            "*",
            "**",
            "* *",
            "\"*\"",
            "*a",
            "a*b*c*",
            "subject:*",
            "from:*",
            "mid:*",
        ]
        .map(String::from),
    );
    // Clauses and parentheses, at the limits and beyond.
    for n in [1, 15, 16, 17, 200, 490] {
        all.push("(".repeat(n) + "bell" + &")".repeat(n));
        all.push("(".repeat(n));
        all.push(")".repeat(n));
        all.push("NOT ".repeat(n / 2) + "bell");
        all.push("-".repeat(n) + "bell");
        all.push("\"".repeat(n));
    }
    for word in [
        "the ",
        "the OR ",
        "-the ",
        "\"the the\" ",
        "date:..2025 ",
        "thread:the ",
    ] {
        all.push(word.repeat(60) + "the");
        all.push(word.repeat(990 / word.len()) + "the");
    }
    // Negations only.
    all.extend(
        [
            "-bell",
            "NOT bell",
            "NOT NOT bell",
            "-bell -tower",
            "-(bell OR tower)",
            "-*",
        ]
        .map(String::from),
    );
    // Long words, phrases and marks; other scripts; control bytes.
    for piece in [
        "a",
        "_",
        "a_",
        "+",
        "C++",
        "ß",
        "中",
        "\u{301}",
        "\u{202e}",
        "\u{1f514}",
        "\u{fffd}",
    ] {
        all.push(piece.repeat(990 / piece.len()));
    }
    all.extend(["a".repeat(100_000), "bell ".repeat(3_000)]);
    all.extend(
        [
            "\u{1}\u{2}\u{7f}",
            "bell\r\nX-Header: 1",
            "\u{1b}[2J",
            "\u{feff}bell",
            "\t\n\r",
        ]
        .map(String::from),
    );
    // Dates and sizes that are none.
    let dates = [
        "date:",
        "date:..",
        "date:0",
        "date:99999999999",
        "date:2025-13",
        "date:2025-02-30",
        "date:2025..2024",
        "date:-1",
        "date:9999..",
        "date:..0000",
        "before:999999999999999999999d",
        "after:99999999y",
        "size:..",
        "size:99999999999999999999g",
        "size:-5",
        "size:2m..1m",
        "date:2025-00-00",
        "since:NaN",
    ];
    all.extend(dates.map(String::from));
    // Fields that are none, within each other, and words of other languages of queries.
    let fields = [
        ":",
        "::::",
        "from:",
        "from:from:from:bell",
        "nofield:bell",
        "thread:(thread:(bell))",
        "thread:*",
        "thread:(-bell)",
        "is:",
        "has:%00",
        "list:../../etc/passwd",
        "mid:<>",
        "mid:<<<<>>>>",
        "lang:",
        "' OR 1=1; --",
        "<script>alert(1)</script>",
        "${jndi:ldap://a}",
        "{{7*7}}",
        "a~2",
        "/(a+)+$/",
        "[a TO z]",
        "bell^1e308",
        "bell AND",
        "OR",
        "AND OR NOT",
        "bell NEAR/0 tower",
    ];
    all.extend(fields.map(String::from));
    all
}

fn in_url(query: &str) -> String {
    let mut url = String::from("/search/?q=");
    for byte in query.bytes() {
        let _ = write!(url, "%{byte:02X}");
    }
    url
}

#[test]
fn hostile_queries_are_bounded_and_harmless() {
    let room = Room::new();
    room.run(&["import", "--public", &list("town-hall.mbox")])
        .ends(0);
    room.write("words.mbox", dictionary());
    room.run(&["import", "--public", "words.mbox"]).ends(0);
    room.write(
        "archive/posthoc.toml",
        "[serve]\nsearches_per_minute = 100000\n",
    );
    let server = Server::start(&room, &["serve", "--listen", "0"]);
    let queries = queries();
    assert!(queries.len() >= 100, "{}", queries.len());
    let mut urls: Vec<String> = queries.iter().map(|query| in_url(query)).collect();
    // What no text can hold, and what stands beside a query.
    urls.extend(
        [
            "/search/?q=%00",
            "/search/?q=%FF%FE",
            "/search/?q=%E0%80",
            "/search/?q=%",
        ]
        .map(String::from),
    );
    for more in [
        "o=-1",
        "o=99999999999999999999",
        "sort=x",
        "as=x",
        "as=threads&o=4000000000",
        "q=a&q=b",
    ] {
        urls.push(format!("/search/?q=the&{more}"));
    }
    for url in &urls {
        let began = Instant::now();
        let answer = server.get(url);
        let head = answer.lines().next().unwrap_or_default();
        let status = head.split(' ').nth(1).unwrap_or_default();
        let shown: String = url.chars().take(200).collect();
        assert!(status.starts_with(['2', '3', '4']), "{shown}: {head}");
        assert!(!answer.contains("<script>alert"), "{shown}");
        assert!(began.elapsed() < PATIENCE, "{shown}: {:?}", began.elapsed());
    }
    let alive = server.get("/search/?q=zyx");
    assert!(alive.starts_with("HTTP/1.1 200"), "{alive}");
    // A process for each of some of them: they are read by the same code.
    for query in queries.iter().step_by(4) {
        let began = Instant::now();
        let ran = room.run(&["search", "--", query]);
        let shown: String = query.chars().take(200).collect();
        assert!([0, 1, 64, 65].contains(&ran.status), "{shown}: {ran:?}");
        assert!(
            !ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'),
            "{shown}: {ran:?}"
        );
        assert!(began.elapsed() < PATIENCE, "{shown}: {:?}", began.elapsed());
    }
}
