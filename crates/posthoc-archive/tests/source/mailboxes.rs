//! Mailboxes cut by each rule, and what is known of each mail.

use crate::{FROM, joined, mail, mails, open, options, pieces};
use posthoc_archive::source::{OpenOptions, Reason, SourceError, Split, split_bytes};
use posthoc_core::message::Dialect;

/// Cuts LF and CRLF twins; the mails must be these, and every byte must come back.
#[track_caller]
fn check(split: &str, input: &str, expected: &[&str]) {
    for crlf in [false, true] {
        let twin = |text: &str| {
            if crlf {
                text.replace('\n', "\r\n")
            } else {
                text.to_owned()
            }
        };
        let options = OpenOptions {
            kind: Some(posthoc_archive::source::Kind::Mbox),
            ..options(split)
        };
        let pieces = pieces(twin(input), &options);
        let expected: Vec<String> = expected.iter().map(|text| twin(text)).collect();
        assert_eq!(mails(&pieces), expected, "crlf: {crlf}");
        assert_eq!(joined(&pieces), twin(input).into_bytes());
    }
}

#[test]
fn two_mails() {
    let (a, b) = (mail("a", "one"), mail("b", "two"));
    check("strict", &format!("{FROM}{a}\n{FROM}{b}\n"), &[&a, &b]);
    check("every-from", &format!("{FROM}{a}\n{FROM}{b}\n"), &[&a, &b]);
    check(
        "content-length",
        &format!("{FROM}{a}\n{FROM}{b}\n"),
        &[&a, &b],
    );
    check(
        "msgsep=^From ",
        &format!("{FROM}{a}\n{FROM}{b}\n"),
        &[&a, &b],
    );
}

#[test]
fn one_empty_line_is_the_separators_and_the_rest_is_the_mails() {
    let a = mail("a", "one\n\n");
    check("strict", &format!("{FROM}{a}\n{FROM}{a}\n"), &[&a, &a]);
    check("strict", &format!("{FROM}{a}"), &[&mail("a", "one\n")]);
}

#[test]
fn facts_of_arrival() {
    let (a, b) = (mail("a", "one"), mail("b", "two"));
    let input = format!("{FROM}{a}\n{FROM}{b}\n");
    let pieces = pieces(input.clone(), &OpenOptions::default());
    let second = pieces[1].mail.as_ref().unwrap();
    assert_eq!(
        second.from_line.as_deref(),
        Some(FROM.trim_end().as_bytes())
    );
    assert_eq!(second.offset as usize, input.rfind(&b).unwrap());
    assert_eq!(second.file, None);
    assert!(second.last && !pieces[0].mail.as_ref().unwrap().last);
    assert_eq!(pieces[1].gap, format!("\n{FROM}").into_bytes());
    assert_eq!(pieces[2].gap, b"\n");
}

#[test]
fn from_in_a_body_needs_an_empty_line_a_date_and_a_header_after_it() {
    let body = "From the start.\n\nFrom 10:00 on we met\nin: the hall\n\n\
                From bob@example.org Sat Nov  1 10:00:00 2025\nhe went away\n\ntext\n\
                From bob@example.org Sat Nov  1 10:00:00 2025\nSubject: quoted";
    let a = mail("a", body);
    check("strict", &format!("{FROM}{a}\n{FROM}{a}"), &[&a, &a]);
}

#[test]
fn from_lines_of_the_wild() {
    for line in [
        "From ann at example.org  Sat Nov  1 10:00:00 2025",
        "From ann@example.org Sat, 1 Nov 2025 10:00:00 -0400 (EDT)",
        "From ann@example.org Thu Aug 22 12:36:23 102",
        "From MAILER-DAEMON 2025-11-01T10:00Z",
        "From - Sat Nov 01 10:00:00 2025",
        "From ann@example.org Sa 1. Novembre 2025 9:00",
        "From 1844347792267117879@xxx",
        "From - ",
    ] {
        let a = mail("a", "one");
        check("strict", &format!("{FROM}{a}\n{line}\n{a}\n"), &[&a, &a]);
    }
}

#[test]
fn quoted_from_lines_before_the_header_are_skipped() {
    let a = format!(
        ">From ann@example.org Sat Nov  1 09:00:00 2025\n{}",
        mail("a", "one")
    );
    check("strict", &format!("{FROM}{a}\n{FROM}{a}\n"), &[&a, &a]);
}

#[test]
fn a_first_line_needs_no_date() {
    let a = mail("a", "one");
    check("strict", &format!("From ann\n{a}"), &[&a]);
}

#[test]
fn byte_order_mark_and_junk_before_the_first_mail() {
    let a = mail("a", "one");
    check("strict", &format!("\u{FEFF}{FROM}{a}"), &[&a]);
    check("strict", &format!("\n\n{FROM}{a}"), &[&a]);
    check(
        "strict",
        &format!("-- exported by hand --\n\n{FROM}{a}"),
        &[&a],
    );
    check(
        "strict",
        &format!("-- exported by hand --\n{FROM}{a}"),
        &[&a],
    );
    check("strict", "nothing at all\n", &[]);
    check("strict", "", &[]);
}

#[test]
fn one_mail_without_a_from_line() {
    let a = mail("a", "one\n");
    check("strict", &a, &[&a]);
    check("strict", &format!("\u{FEFF}{a}"), &[&a]);
    let found = pieces(a, &OpenOptions::default());
    assert_eq!(found[0].mail.as_ref().unwrap().dialect, Dialect::None);
}

#[test]
fn a_mail_that_quotes_a_whole_mbox_is_cut_and_nothing_is_lost() {
    let inner = mail("inner", "two");
    let input = format!(
        "{FROM}{}\n{FROM}{inner}\n{FROM}{}",
        mail("a", "see:"),
        mail("b", "three")
    );
    check(
        "strict",
        &input,
        &[&mail("a", "see:"), &inner, &mail("b", "three")],
    );
}

#[test]
fn content_length_is_followed_only_where_it_lands() {
    let quoting = format!("see:\n\n{FROM}Subject: inner\n\ntwo");
    let long = |length: usize| {
        format!("From: ann@example.org\nContent-Length: {length}\nSubject: a\n\n{quoting}\n")
    };
    let b = mail("b", "three");
    let true_one = long(quoting.len() + 1);
    let input = format!("{FROM}{true_one}\n{FROM}{b}\n");
    let cut = pieces(input.clone(), &options("content-length"));
    assert_eq!(mails(&cut), [true_one.as_str(), &b]);
    assert_eq!(joined(&cut), input.into_bytes());
    // At the end of the file.
    let cut = pieces(format!("{FROM}{true_one}"), &options("content-length"));
    assert_eq!(mails(&cut), [true_one.as_str()]);
    // Lies: too short, too long, absurd, not a number.
    for lie in [
        "3",
        "400",
        "18446744073709551615",
        "99999999999999999999999",
        "-1",
        "x",
    ] {
        let a = format!("From: ann@example.org\nContent-Length: {lie}\n\none\n");
        for split in ["content-length", "strict"] {
            check(split, &format!("{FROM}{a}\n{FROM}{b}\n"), &[&a, &b]);
        }
    }
}

#[test]
fn every_from_cuts_at_sentences() {
    let input = format!("{FROM}{}", mail("a", "x\nFrom here on\ny"));
    check("every-from", &input, &[&mail("a", "x"), "y\n"]);
}

#[test]
fn msgsep_is_a_pattern_for_lines() {
    let (a, b) = (
        mail("a", "one"),
        mail("b", "From ann, 10:00 2025\nSubject: x"),
    );
    check(
        "msgsep=^-{5}$",
        &format!("-----\n{a}\n-----\n{b}\n"),
        &[&a, &b],
    );
    assert!("msgsep=(".parse::<Split>().is_err());
    for name in [
        "strict",
        "every-from",
        "content-length",
        "msgsep=^From .*\\d$",
    ] {
        assert_eq!(name.parse::<Split>().unwrap().to_string(), name);
    }
    let error = "lax".parse::<Split>().unwrap_err().to_string();
    assert_eq!(
        error,
        "'lax' is not one of strict, every-from, text-volume, content-length, msgsep=REGEX"
    );
}

#[test]
fn three_dialects_in_one_file() {
    let quoted = mail("o", ">From the start");
    let twice = mail("rd", ">>From the start");
    let body = "From the start\n";
    let told = format!("Subject: cl2\nContent-Length: {}\n\n{body}", body.len());
    let both = ">From the start\n";
    let told_quoted = format!("Subject: cl\nContent-Length: {}\n\n{both}", both.len());
    let constant = mail("pi", "x");
    let input = format!(
        "{FROM}{told}\n{FROM}{told_quoted}\n{FROM}{quoted}\n{filler}\n{FROM}{twice}\n\
         From mboxrd@z Thu Jan  1 00:00:00 1970\n{constant}",
        filler = "x\n".repeat(40_000),
    );
    let found = pieces(input, &OpenOptions::default());
    let dialects: Vec<_> = found
        .iter()
        .filter_map(|piece| piece.mail.as_ref())
        .map(|mail| mail.dialect)
        .collect();
    use Dialect::{Mboxcl, Mboxcl2, Mboxo, Mboxrd};
    assert_eq!(dialects, [Mboxcl2, Mboxcl, Mboxo, Mboxrd, Mboxrd]);
}

#[test]
fn a_constant_from_line_votes_for_the_whole_file() {
    let input = format!(
        "From mboxrd@z Thu Jan  1 00:00:00 1970\n{a}\n{FROM}{a}",
        a = mail("a", ">From the start")
    );
    let mut source = open(input, &OpenOptions::default()).unwrap();
    assert_eq!(source.description().dialect, None);
    assert_eq!(source.by_ref().count(), 2);
    assert_eq!(source.description().dialect, Some(Dialect::Mboxrd));
}

#[test]
fn internal_data_is_refused_and_kept_in_the_gap() {
    let internal = "From MAILER-DAEMON Sat Nov  1 10:00:00 2025\n\
        Date: 01 Nov 2025 10:00:00 +0000\nFrom: Mail System Internal Data <MAILER-DAEMON@host>\n\
        Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n\
        X-IMAP: 1000000000 0000000001\nStatus: RO\n\nThis text is part of the folder.\n\n";
    let a = mail(
        "Re: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA",
        "one",
    );
    let input = format!("{internal}{FROM}{a}");
    check("strict", &input, &[&a]);
    let found = pieces(input, &OpenOptions::default());
    let refused = found[0].refused.as_ref().unwrap();
    assert_eq!(refused.reason, Reason::InternalData);
    assert_eq!(refused.reason.as_str(), "internal_data");
    assert!(found[0].mail.is_none() && found[0].gap.starts_with(b"From MAILER-DAEMON"));
}

#[test]
fn a_growing_mailbox_ends_in_half_a_mail() {
    let a = mail("a", "one");
    let half = "From: bob@exa";
    check("strict", &format!("{FROM}{a}\n{FROM}{half}"), &[&a, half]);
    check("strict", &format!("{FROM}{a}\n{FROM}Subj"), &[&a, "Subj"]);
    // Nothing of the mail yet: no mail.
    check("strict", &format!("{FROM}{a}\n{FROM}"), &[&a]);
    let found = pieces(format!("{FROM}{a}\n{FROM}{half}"), &OpenOptions::default());
    assert!(found[1].mail.as_ref().unwrap().last);
}

#[test]
fn what_is_no_mailbox_is_refused_in_one_line() {
    for input in [
        &b"%PDF-1.7\n\0\0\0"[..],
        b"#!/bin/sh\necho From: here\n",
        b"\x7FELF\0\0",
    ] {
        let error = open(input, &OpenOptions::default()).err().unwrap();
        assert!(matches!(error, SourceError::NotAMailSource { .. }));
        assert_eq!(error.to_string().lines().count(), 1);
    }
    assert_eq!(pieces("", &OpenOptions::default()), []);
}

#[test]
fn a_line_of_100_megabytes_is_no_trouble() {
    let mut input = format!("{FROM}{}", mail("a", "")).into_bytes();
    input.resize(100 << 20, b'x');
    for split in [
        "strict",
        "every-from",
        "content-length",
        "msgsep=^From .*\\d{4}$",
    ] {
        let start = std::time::Instant::now();
        let cut = split_bytes(&input, &split.parse().unwrap());
        assert_eq!(cut.len(), 1, "{split}");
        assert!(start.elapsed().as_secs() < 60, "{split}");
    }
}
