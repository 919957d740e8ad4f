//! Suites of other projects, compared with what they expect.

use crate::corpora::{corpora, output};
use crate::read;
use posthoc_core::message::{Attachment, Body, Limits};
use std::collections::BTreeMap;
use std::path::Path;

/// The regular files of a suite by their path; empty when it is not there.
pub(crate) fn suite(name: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let Some(corpora) = corpora() else {
        return files;
    };
    let archive = corpora.join(format!("suites/{name}.tar.zst"));
    let Some(tar) = output("zstd", &["-dc", archive.to_str().unwrap()]) else {
        return files;
    };
    let mut rest = tar.as_slice();
    while rest.len() > 512 && rest[0] != 0 {
        let text = |range: std::ops::Range<usize>| {
            let bytes = rest[range].split(|b| *b == 0).next().unwrap_or_default();
            String::from_utf8_lossy(bytes).trim().to_owned()
        };
        let size = usize::from_str_radix(&text(124..136), 8).unwrap_or(0);
        let path = Path::new(&text(345..500)).join(text(0..100));
        let path = path.to_string_lossy().into_owned();
        if rest[156] == b'0' || rest[156] == 0 {
            files.insert(path, rest[512..512 + size].to_vec());
        }
        rest = &rest[(512 + size.next_multiple_of(512)).min(rest.len())..];
    }
    files
}

/// A mail that is nothing but a container.
fn tnef(bytes: &[u8]) -> Body {
    let header = b"From: a@example.org\nContent-Type: application/ms-tnef; name=winmail.dat\n\n";
    read(&[header, bytes].concat()).body(&Limits::default())
}

fn has(body: &Body, expected: &[u8], name: &str) -> bool {
    // Some of the expected files lost their CR, or kept the interface id before an OLE object.
    let plain =
        |bytes: &[u8]| -> Vec<u8> { bytes.iter().copied().filter(|b| *b != b'\r').collect() };
    let object = expected
        .get(16..)
        .filter(|rest| rest.starts_with(b"\xd0\xcf\x11\xe0"));
    let same = |file: &Attachment| plain(&file.bytes) == plain(object.unwrap_or(expected));
    let named = |file: &Attachment| name.starts_with("Untitled ") || file.name == name;
    body.attachments
        .iter()
        .any(|file| same(file) && named(file))
}

/// Checks the files of one container: those that its suite names, with the bytes that it has for
/// them. Answers how many were compared.
fn check_tnef(files: &BTreeMap<String, Vec<u8>>, stem: &str, wrong: &mut Vec<String>) -> usize {
    let body = tnef(&files[&format!("{stem}.tnef")]);
    let baselines = stem.replace("datafiles/", "baselines/");
    let (folder, _) = baselines.rsplit_once('/').unwrap();
    let list = files.get(&format!("{stem}.list")).cloned();
    let list = String::from_utf8(list.unwrap_or_default()).unwrap();
    // The body is shown, and so is what is in enclosed messages, which have no names.
    let opened = |name: &str| {
        name.contains("body.") || (stem.ends_with("christmas") && name.starts_with("Untitled"))
    };
    let mut compared = 0;
    for name in list.lines().filter(|n| !n.is_empty() && !opened(n)) {
        let mut expected = files
            .iter()
            .filter(|(path, _)| {
                path.starts_with(&format!("{stem}/{name}"))
                    || **path == format!("{folder}/{name}.baseline")
            })
            .peekable();
        // The suite lost its empty files.
        let empty = expected.peek().is_none() && has(&body, b"", name);
        compared += 1;
        if !empty && !expected.any(|(_, bytes)| has(&body, bytes, name)) {
            wrong.push(format!("{stem}: {name}"));
        }
    }
    compared
}

#[test]
fn corpora_tnef_files_are_as_others_take_them_out() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (name, folder) in [("tnef", "tests/files/datafiles/"), ("mimekit", "tnef/")] {
        let files = suite(name);
        let stems = files.keys().filter_map(|path| path.strip_suffix(".tnef"));
        for stem in stems.filter(|stem| stem.contains(folder)) {
            compared += check_tnef(&files, stem, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "of {compared}: {}", wrong.join("\n"));
    assert!(
        corpora().is_none() || compared == 40,
        "{compared} were compared"
    );
}

#[test]
fn corpora_yenc_and_uuencode_are_as_others_read_them() {
    let files = suite("mimekit");
    if files.is_empty() {
        return;
    }
    let body =
        |text: &[u8]| read(&[b"From: a@example.org\n\n", text].concat()).body(&Limits::default());
    let news = |name: &str| files[&format!("mimekit/yenc/{name}")].as_slice();
    let parts: Vec<&[u8]> = ["00000020.ntx", "00000021.ntx"]
        .map(|name| {
            let mail = news(name);
            &mail[memchr::memmem::find(mail, b"=ybegin").unwrap()..]
        })
        .to_vec();
    let joined = body(&parts.concat());
    assert!(has(&joined, news("joystick.jpg"), "joystick.jpg"));
    assert_eq!(
        read(news("simple.msg"))
            .body(&Limits::default())
            .attachments[0]
            .bytes
            .len(),
        584
    );
    let photo = body(&files["mimekit/encoders/photo.uu"]);
    assert!(has(
        &photo,
        &files["mimekit/encoders/photo.jpg"],
        "photo.jpg"
    ));
}
