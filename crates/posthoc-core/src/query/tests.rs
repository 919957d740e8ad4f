#![allow(clippy::unwrap_used)]

use super::*;
use crate::text::TimeZone;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The canonical form of each query.
#[track_caller]
fn check(table: &[(&str, &str)]) {
    for (typed, canonical) in table {
        let query = Query::parse(typed).unwrap_or_else(|e| panic!("{typed}: {e}"));
        assert_eq!(query.to_string(), *canonical, "typed: {typed}");
        let again = Query::parse(canonical).unwrap_or_else(|e| panic!("{canonical}: {e}"));
        assert_eq!(again, query, "canonical: {canonical}");
    }
}

#[test]
fn words_and_operators() {
    check(&[
        ("", "*"),
        ("  \t ", "*"),
        ("*", "*"),
        ("one two", "one two"),
        ("one AND two", "one two"),
        ("one and two or not", "one and two or not"),
        ("one OR two", "one OR two"),
        ("a1 b1 OR c1 d1", "a1 b1 OR c1 d1"),
        ("a1 (b1 OR c1) d1", "a1 (b1 OR c1) d1"),
        ("(a1 b1) c1", "a1 b1 c1"),
        ("((a1 OR b1)) OR c1", "a1 OR b1 OR c1"),
        ("-spam", "NOT spam"),
        ("NOT NOT spam", "spam"),
        ("NOT (-spam)", "spam"),
        ("kernel -\"out of tree\"", "kernel NOT \"out of tree\""),
        ("-(a1 OR b1)", "NOT (a1 OR b1)"),
        ("one & two - three", "one two three"),
        ("--force", "--force"),
        ("NOT --force", "NOT --force"),
        ("ORacle ANDroid NOTe", "ORacle ANDroid NOTe"),
        ("say\"hi there\"", "say \"hi there\""),
        ("\"OR\"", "\"OR\""),
        ("linux*", "linux*"),
        ("中*", "中*"),
        ("foo.*", "foo.*"),
        ("printf()", "printf()"),
        ("(printf() OR puts())", "printf() OR puts()"),
        ("(foo(bar OR baz ) qux", "(foo(bar OR baz ) qux"),
        (
            "foo::bar http://example.org/x",
            "foo::bar http://example.org/x",
        ),
        ("Re: hello", "Re: hello"),
    ]);
}

#[test]
fn fields() {
    check(&[
        ("f:alice", "from:alice"),
        ("FROM:Alice", "from:Alice"),
        ("from: alice", "from:alice"),
        ("Subject: Re: hello world", "subject:Re: hello world"),
        ("s:\"hello world\" t:bob", "subject:\"hello world\" to:bob"),
        ("subject:(one OR two)", "subject:one OR subject:two"),
        ("subject:(one -from:bob)", "subject:one NOT from:bob"),
        ("subject:-one", "subject:-one"),
        ("s:ker*", "subject:ker*"),
        ("b:one nq:two q:three", "body:one nq:two quoted:three"),
        ("l:Ports", "list:ports"),
        ("list:\"odd name\"", "list:\"odd name\""),
        ("m:<a@b.example>", "<a@b.example>"),
        ("mid:a@b.example", "<a@b.example>"),
        ("<a@b.example>", "<a@b.example>"),
        ("<\"odd\"@b.example>", "<\"odd\"@b.example>"),
        ("mid:nonsense", "mid:\"nonsense\""),
        ("alice@example.org", "alice@example.org"),
        ("c:bob tc:eve a:al", "cc:bob recipient:eve anyone:al"),
        (
            "n:a.jpg type:image/* lang:de",
            "filename:a.jpg type:image/* lang:de",
        ),
        (
            "has:files has:patch IS:Root",
            "has:attachment has:patch is:root",
        ),
        (
            "size:10k..2M size:..1g",
            "size:10000..2000000 size:..1000000000",
        ),
        (
            "thread:one -thread:(one OR f:two)",
            "thread:(one) NOT thread:(one OR from:two)",
        ),
        ("thread:<a@b.example>", "thread:(<a@b.example>)"),
        ("d:2019", "date:2019"),
        ("date:2019-03", "date:2019-03"),
        ("date:20190304", "date:2019-03-04"),
        ("date:2019..2021-06", "date:2019..2021-06"),
        ("date:2019..2019", "date:2019"),
        ("date:..2019-02-28", "date:..2019-02-28"),
        ("date:2w..", "date:2w.."),
        ("date:Yesterday", "date:yesterday"),
        ("after:2019 before:2020", "date:2019.. before:2020"),
    ]);
}

#[test]
fn what_is_wrong_and_where() {
    let table: &[(&str, usize, &str)] = &[
        ("one OR", 6, "something is missing at the end"),
        ("OR one", 0, "OR needs something on both sides"),
        ("one OR OR two", 7, "OR needs something on both sides"),
        ("one AND", 7, "something is missing at the end"),
        ("AND one", 0, "AND needs something before it"),
        ("one AND AND two", 8, "AND needs something before it"),
        ("one NOT", 4, "nothing to leave out"),
        ("(one NOT)", 5, "nothing to leave out"),
        ("-&", 0, "nothing to leave out"),
        ("(one", 0, "parenthesis is not closed"),
        ("(", 1, "something is missing at the end"),
        ("one ()", 5, "nothing between the parentheses"),
        ("one)", 3, "nothing is open here"),
        ("one \"two", 4, "quotation mark is not closed"),
        ("& ...", 0, "nothing to look for"),
        ("one OR &", 7, "nothing to look for"),
        ("a*", 0, "beginning is too short"),
        ("from:", 0, "nothing after from:"),
        ("one from:\"\"", 4, "nothing after from:"),
        ("from:&", 5, "nothing after from:"),
        ("mid:<>", 4, "nothing after mid:"),
        ("date:2019-13", 5, "\"2019-13\" is no date"),
        ("date:2019-02-30", 5, "\"2019-02-30\" is no date"),
        ("date:2019..soon", 11, "\"soon\" is no date"),
        ("date:..", 5, "range has no end"),
        ("date:2020..2019", 5, "range ends before it begins"),
        ("before:x", 7, "\"x\" is no date"),
        ("é é)", 5, "nothing is open here"),
        ("is:", 0, "nothing after is:"),
        ("one is:anwsered", 7, "is: knows no \"anwsered\""),
        ("has:wings", 4, "has: knows no \"wings\""),
        ("size:100k", 5, "a size needs a range"),
        ("size:..", 5, "range has no end"),
        ("size:1k..2x", 9, "\"2x\" is no size"),
        ("size:2m..1k", 5, "range ends before it begins"),
        ("thread:", 0, "nothing after thread:"),
        ("(thread: )", 1, "nothing after thread:"),
        ("thread:(one thread:(two))", 12, "thread: within thread:"),
        ("thread:(one", 7, "parenthesis is not closed"),
    ];
    for (typed, at, what) in table {
        let error = Query::parse(typed).expect_err(typed);
        assert_eq!(
            (error.at, error.fault.what().as_str()),
            (*at, *what),
            "{typed}"
        );
    }
}

#[test]
fn limits() {
    let error = |text: &str| Query::parse(text).unwrap_err();
    assert_eq!(error(&"é".repeat(501)).at, 1_000);
    assert_eq!(
        error(&"x ".repeat(65)).fault.what(),
        "query has too many words"
    );
    assert!(Query::parse(&"x ".repeat(64)).is_ok());
    let deep = |n: usize| format!("{}x{}", "(".repeat(n), ")".repeat(n));
    assert!(Query::parse(&deep(16)).is_ok());
    assert_eq!(error(&deep(17)).at, 16);
    assert_eq!(
        error(&"(".repeat(1_000)).fault.what(),
        "too many parentheses"
    );
    assert!(Query::parse(&format!("{} x", "NOT ".repeat(240))).is_ok());
    assert!(Query::parse(&format!("{}x{}", "-(".repeat(16), ")".repeat(16))).is_ok());
}

#[test]
fn message_ids_and_lists_are_seen() {
    let id = |text: &str| Query::parse(text).unwrap().message_id().map(str::to_owned);
    assert_eq!(id("<a@b>").as_deref(), Some("a@b"));
    assert_eq!(id(" a@b ").as_deref(), Some("a@b"));
    assert_eq!(id("mid:x").as_deref(), Some("x"));
    assert_eq!(id("a@b c"), None);
    assert_eq!(id("@b"), None);
    let query = Query::parse("list:b -list:A (x OR l:b) thread:(l:c)").unwrap();
    assert_eq!(query.lists(), ["a", "b", "c"]);
    let query = Query::parse("is:root thread:(x is:reply) is:root").unwrap();
    let leaves: Vec<String> = query.of_catalog().iter().map(|l| l.to_string()).collect();
    assert_eq!(leaves, ["is:root", "is:reply", "thread:(x is:reply)"]);
}

#[test]
fn what_was_probably_meant() {
    let hint = |typed: &str| Query::parse(typed).unwrap_err().fault.hint();
    assert_eq!(hint("is:unanswerd"), "did you mean is:unanswered?");
    assert_eq!(hint("has:pathc"), "did you mean has:patch?");
    assert_eq!(hint("is:x"), "write is:root or is:reply or is:unanswered");
    assert_eq!(hint("size:2m..1k"), "write 1k..2m");
}

#[test]
fn languages_of_texts() {
    let table = [
        (
            "I have not seen that this is fixed, but it was what you said.",
            Some("en"),
        ),
        (
            "Das ist nicht der Fehler, und ich habe auch die Datei mit angehängt.",
            Some("de"),
        ),
        (
            "Je ne sais pas si vous avez les droits pour le faire, mais c'est une idée.",
            Some("fr"),
        ),
        (
            "No sé por qué las pruebas fallan con esta versión, pero los datos son para el.",
            Some("es"),
        ),
        (
            "Já jsem nevěděl, že je to takto, ale když jsme byli doma, bylo to jen pro nás.",
            Some("cs"),
        ),
        (
            "Я не знаю, что это такое, но если так, то как же быть?",
            Some("ru"),
        ),
        ("これは私のパッチです。ありがとうございます。", Some("ja")),
        ("这个补丁没有解决我们的问题。", Some("zh")),
        ("이 패치는 문제를 해결하지 못했습니다.", Some("ko")),
        ("PATCH 3/4 mips foo_bar()", None),
        ("", None),
    ];
    for (text, expected) in table {
        assert_eq!(language(text), expected, "{text}");
    }
}

#[test]
fn the_book_has_the_table_of_fields() {
    let mut table = String::from("| field | finds | as in |\n| --- | --- | --- |\n");
    for info in FIELDS {
        let names = std::iter::once(&info.name).chain(info.short);
        let names: Vec<String> = names.map(|name| format!("`{name}:`")).collect();
        let (names, help, example) = (names.join(", "), info.help, info.example);
        table += &format!("| {names} | {help} | `{example}` |\n");
    }
    let book = include_str!("../../../../docs/search.md");
    assert!(book.contains(&table), "docs/search.md lacks\n{table}");
}

#[test]
fn help_names_every_field() {
    let help = help();
    for info in FIELDS {
        assert!(help.contains(&format!("{}:", info.name)));
        Query::parse(info.example).unwrap();
    }
}

/// The tokens of a text as an index has them: `position:text`.
fn tokens(text: &str) -> String {
    let mut tokens = Tokens::new(text, Purpose::Index);
    let mut out = Vec::new();
    while let Some(token) = tokens.next() {
        out.push(format!("{}:{}", token.position, token.text));
        assert!(token.from < token.to && text.get(token.from..token.to).is_some());
    }
    out.join(" ")
}

#[test]
fn tokens_of_texts() {
    let table = [
        ("", ""),
        ("Hello, World!", "0:hello 1:world"),
        ("don't 3.14", "0:don 1:t 2:3 3:14"),
        ("alice@example.org", "0:alice 1:example 2:org"),
        ("a foo_bar baz", "0:a 1:foo_bar 1:foo 2:bar 3:baz"),
        ("__init__ x", "0:init 1:x"),
        ("_ __ x", "0:x"),
        ("__do__it_ y", "0:do__it 0:do 1:it 2:y"),
        ("ÉCOLE école e\u{301}cole", "0:ecole 1:ecole 2:ecole"),
        (
            "Straße STRASSE ŁÓDŹ Øre",
            "0:strasse 1:strasse 2:lodz 3:ore",
        ),
        ("ﬁne Ａ１ ²", "0:fine 1:a1 2:2"),
        ("Ёлка ΣΟΦΟΣ σοφος", "0:елка 1:σοφοσ 2:σοφοσ"),
        ("soft\u{ad}ly", "0:softly"),
        (
            "C++ c++11 C# a+b i+++j",
            "0:c++ 0:c 1:c++ 1:c 2:11 3:c# 3:c 4:a 5:b 6:i 7:j",
        ),
        ("foo_bar++ x#", "0:foo_bar++ 0:foo 1:bar 2:x# 2:x"),
        ("an exam-\nple of", "0:an 1:exam 1:example 2:ple 3:of"),
        ("exam-\r\n  ple", "0:exam 0:example 1:ple"),
        (
            "x86-\nfoo Foo-\nBar a- b",
            "0:x86 1:foo 2:foo 3:bar 4:a 5:b",
        ),
        ("Straßen-\nnamen", "0:strassen 0:strassennamen 1:namen"),
        ("东京都", "0:东京 1:京都 2:都"),
        ("日", "0:日"),
        ("Linux内核x", "0:linux 1:内核 2:核 3:x"),
        ("ｶﾞｲﾄﾞ", "0:ガイ 1:イド 2:ド"),
        ("한국어", "0:한국 1:국어 2:어"),
        ("हिन्दी", "0:हिन्दी"),
        ("שָׁלוֹם", "0:שלום"),
    ];
    for (text, expected) in table {
        assert_eq!(tokens(text), expected, "{text}");
    }
    assert_eq!(tokens(&"x".repeat(1_000)).len(), 2 + MAX_TOKEN_BYTES);
    assert_eq!(tokens(&"é".repeat(1_000)).len(), 2 + MAX_TOKEN_BYTES);
}

#[test]
fn tokens_of_queries() {
    let asked = |text: &str| {
        let tokens = query_tokens(text).into_iter();
        tokens
            .map(|t| format!("{}:{}{}", t.offset, t.text, if t.single { "?" } else { "" }))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(asked("a foo_bar baz"), "0:a 1:foo_bar 3:baz");
    assert_eq!(asked("东京都"), "0:东京 1:京都");
    assert_eq!(asked("日"), "0:日?");
    assert_eq!(asked("x 日 y 东京 z"), "0:x 1:日? 2:y 3:东京 5:z");
    assert_eq!(asked("g++ C# x"), "0:g++ 1:c# 2:x");
    assert_eq!(asked("exam-\nple"), "0:exam 1:ple");
}

#[test]
fn a_clause_that_is_there_again_is_looked_up_once() {
    let (lists, zone) = (BTreeMap::new(), TimeZone::utc());
    let scope = Scope {
        lists: &lists,
        zone: &zone,
        now: 0,
        standing: &[],
        stems: Stems::NONE,
    };
    let plan = |text: &str| Query::parse(text).unwrap().plan(&scope);
    for (again, once) in [
        ("bell bell tower bell", "bell tower"),
        ("bell OR tower OR bell", "bell OR tower"),
        (
            "bell -tower subject:bell -tower",
            "bell -tower subject:bell",
        ),
    ] {
        assert_eq!(plan(again), plan(once), "{again}");
    }
    assert_ne!(plan("bell -bell"), plan("bell"));
}

fn doc() -> Doc {
    Doc {
        list: 7,
        number: 42,
        date: 1_551_657_600, // 2019-03-04 00:00 UTC
        id: "20190304.1@example.org".to_owned(),
        subject: "[PATCH] Fix the cache_flush race".to_owned(),
        author: "Zoë Müller <zoe@example.org>".to_owned(),
        to: "ports@lists.example.net".to_owned(),
        text: "The TLB handler runs twice.\nSee arch/mips/mm/c-r4k.c, 缓存一致性 is broken.\nSince 1f2e3d4c5b6a a race flush-\ning it."
            .to_owned(),
        quoted: "Who flushes the cache twice?".to_owned(),
        cc: "Bob Builder bob@site.example".to_owned(),
        files: "flush-cache.patch\nphoto.jpg".to_owned(),
        types: "text/x-patch\nimage/jpeg".to_owned(),
        marks: "attachment patch".to_owned(),
        language: "en".to_owned(),
        size: 5_000,
    }
}

#[test]
fn matches() {
    let lists = BTreeMap::from([("ports".to_owned(), 7), ("other".to_owned(), 8)]);
    let prague = TimeZone::named("Europe/Prague").unwrap();
    let mut here = Places::default();
    here.insert(7, 42);
    let leaf = |typed: &str| Query::parse(typed).unwrap().expr().clone();
    let standing = [
        (leaf("is:reply"), Arc::new(here.clone())),
        (leaf("thread:(one OR from:two)"), Arc::new(here)),
        (leaf("is:root"), Arc::new(Places::default())),
    ];
    let scope = Scope {
        zone: &prague,
        now: 1_551_700_000,
        lists: &lists,
        standing: &standing,
        stems: Stems::NONE,
    };
    let table = [
        (true, "* tlb TWICE cache_flush flush"),
        (true, "zoe muller zoe@example.org from:example.org"),
        (false, "subject:tlb"),
        (true, "body:twice q:twice nq:twice"),
        (false, "nq:flushes"),
        (true, "\"handler runs twice see\""),
        (false, "\"handler twice\""),
        (false, "\"runs flushes\""),
        (true, "\"the cache_flush race\""),
        (true, "\"fix the cache flush race\""),
        (true, "c-r4k.c arch/mips"),
        (true, "1f2e3d4c 1F2E3D4"),
        (false, "1f2e3d5"),
        (false, "1f2e3d"),
        (false, "\"1f2e3d4\""),
        (true, "flushing \"race flushing\" flush"),
        (false, "c-r4k.h"),
        (true, "han* cach*"),
        (true, "from:example.or*"),
        (false, "hanx*"),
        (true, "缓存 一致性 致 性 缓*"),
        (false, "存缓"),
        (true, "-spam NOT (octeon OR sgi)"),
        (false, "-tlb"),
        (true, "octeon OR tlb"),
        (true, "list:ports l:PORTS -list:other"),
        (false, "list:unknown"),
        (true, "-list:unknown"),
        (true, "20190304.1@example.org"),
        (true, "<20190304.1@example.org> mid:20190304.1@example.org"),
        (false, "<20190304.2@example.org>"),
        (true, "to:ports t:example.net"),
        (false, "to:bob"),
        (true, "cc:bob c:site.example tc:bob tc:ports"),
        (true, "a:zoe a:bob anyone:ports tcf:bob@site.example"),
        (false, "from:bob"),
        (true, "filename:photo.jpg n:flush n:pho*"),
        (false, "filename:cache.jpg"),
        (true, "type:image type:jpeg type:image/jpeg type:image/*"),
        (false, "type:image/x"),
        (true, "lang:en LANG:EN"),
        (false, "lang:de"),
        (true, "has:attachment has:patch HAS:Attachments"),
        (true, "is:reply thread:(one OR f:two)"),
        (false, "is:root"),
        (true, "-is:root -is:unanswered"),
        (true, "size:5k.. size:..5k size:5000..5000 size:1..1m"),
        (false, "size:5001.."),
        (false, "size:..4999"),
        (
            true,
            "date:2019 d:2019-03 date:2019-03-04 date:2019-03-04..2019-03-04",
        ),
        (true, "date:2018..2020 date:..2019-03-04 date:2019-03-04.."),
        (false, "date:2019-03-03"),
        (false, "before:2019-03-04"),
        (true, "before:2019-03-05 after:2019-03-04"),
        (true, "date:today date:1d.. date:0d"),
        (false, "date:yesterday"),
        (false, "date:..1d"),
        (true, "date:9999y.."),
        (true, "date:..9999"),
    ];
    for (expected, typed) in table {
        let query = Query::parse(typed).unwrap();
        let matcher = Matcher::new(query.plan(&scope));
        assert_eq!(matcher.matches(&doc()), expected, "{typed}");
    }
    // 23:30 UTC on the 3rd is the 4th in Prague.
    let late = Doc {
        date: 1_551_657_600 - 1_800,
        ..doc()
    };
    let query = Query::parse("date:2019-03-04").unwrap();
    assert!(Matcher::new(query.plan(&scope)).matches(&late));
}

/// The pieces with hits in brackets.
fn shown(text: &str, typed: &str, part: Part, max: usize) -> String {
    let query = Query::parse(typed).unwrap();
    let pieces = snippet(text, &query, Stems::NONE, part, max).into_iter();
    pieces
        .map(|p| {
            if p.hit {
                format!("[{}]", p.text)
            } else {
                p.text
            }
        })
        .collect()
}

#[test]
fn snippets() {
    let long = format!(
        "{} The cache is\n\n  flushed twice. {} cache {}",
        "lorem ipsum ".repeat(20),
        "dolor ".repeat(30),
        "sit ".repeat(30)
    );
    let table = [
        ("Short and whole.", "and", 50, "Short [and] whole."),
        ("Short  and\n whole.", "nothing", 50, "Short and whole."),
        ("don't panic", "don't", 50, "[don't] panic"),
        ("Große Flüsse", "grosse flus*", 50, "[Große] [Flüsse]"),
        ("see foo_bar()", "bar", 50, "see foo_[bar]()"),
        ("see foo_bar()", "foo_bar bar", 50, "see [foo_bar]()"),
        ("不同的缓存一致性", "缓存一致性", 50, "不同的[缓存一致性]"),
        ("a b a b c", "\"a b c\"", 50, "a b [a b c]"),
        ("spam spam eggs", "eggs -spam", 50, "spam spam [eggs]"),
        ("spam eggs", "subject:eggs", 50, "spam eggs"),
        (
            long.as_str(),
            "cache flushed",
            40,
            "… The [cache] is [flushed] twice. dolor …",
        ),
        (long.as_str(), "zzz", 24, "lorem ipsum lorem ipsum …"),
        ("", "x", 10, ""),
    ];
    for (text, typed, max, expected) in table {
        assert_eq!(shown(text, typed, Part::Text, max), expected, "{typed}");
    }
    assert_eq!(
        shown("spam eggs", "subject:eggs", Part::Subject, 50),
        "spam [eggs]"
    );
}

/// Text that looks like a query.
fn typed() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("one"),
        Just("tw*"),
        Just("OR"),
        Just("AND"),
        Just("NOT"),
        Just("-"),
        Just("("),
        Just(")"),
        Just("\""),
        Just("from:"),
        Just("subject:"),
        Just("s:("),
        Just("date:"),
        Just("2019"),
        Just(".."),
        Just("2w"),
        Just("mid:"),
        Just("<a@b>"),
        Just("<"),
        Just(">"),
        Just("@"),
        Just("list:"),
        Just(" "),
        Just(" "),
        Just("foo_bar"),
        Just("日本"),
        Just("é"),
        Just("*"),
        Just(":"),
        Just("&"),
        Just("_"),
        Just("before:"),
        Just("x(y"),
        Just("\u{301}"),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn printing_is_canonical(text in typed()) {
        if let Ok(query) = Query::parse(&text) {
            let canonical = query.to_string();
            let again = Query::parse(&canonical);
            prop_assert_eq!(again.as_ref(), Ok(&query), "{}", canonical);
        }
    }

    #[test]
    fn errors_point_into_the_text(text in prop_oneof![typed(), ".{0,80}"]) {
        if let Err(error) = Query::parse(&text) {
            prop_assert!(text.is_char_boundary(error.at));
        }
    }

    #[test]
    fn a_mail_answers_each_of_its_words(text in "[a-zé日本한_ .,'-]{0,60}") {
        let scope_lists = BTreeMap::new();
        let zone = TimeZone::utc();
        let scope = Scope { zone: &zone, now: 0, lists: &scope_lists, standing: &[], stems: Stems::NONE };
        let doc = Doc { text: text.clone(), ..Doc::default() };
        for word in text.split(' ').filter(|word| !query_tokens(word).is_empty()) {
            let query = Query::parse(&format!("nq:\"{word}\"")).unwrap();
            prop_assert!(Matcher::new(query.plan(&scope)).matches(&doc), "{}", word);
        }
    }

    #[test]
    fn snippets_stay_within_their_length(text in ".{0,200}", query in typed(), max in 0usize..80) {
        if let Ok(query) = Query::parse(&query) {
            let pieces = snippet(&text, &query, Stems::NONE, Part::Text, max);
            let length: usize = pieces.iter().map(|p| p.text.chars().count()).sum();
            prop_assert!(length <= max + 4);
            prop_assert!(pieces.iter().all(|p| !p.text.is_empty()));
        }
    }
}
