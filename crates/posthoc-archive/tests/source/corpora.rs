//! Real mail: counts, and every byte given back. Nothing of it is kept here.

use posthoc_archive::source::{Kind, OpenOptions, Reason, Source, Split};
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The corpora's folder; without one, a line says that a test did nothing.
fn corpora(test: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    let path = std::env::var_os("POSTHOC_CORPORA").map_or_else(beside, PathBuf::from);
    if path.is_dir() {
        return Some(path);
    }
    println!("corpora absent: {test} did nothing");
    None
}

/// What Python's `mailbox` counts (a line that begins `From ` is enough for it), and the strict
/// count.
const LISTS: [(&str, usize, usize); 19] = [
    ("aligilo-eo.mbox.zst", 22, 22),
    ("bcm43xx-dev.mbox.zst", 7182, 7171),
    ("blinux-list.mbox.zst", 6019, 6019),
    ("bulmages-main-es.mbox.zst", 7835, 7835),
    ("cake-slice.mbox.zst", 1603, 1603),
    ("cuon-user-de.mbox.zst", 21, 21),
    ("divunal-list.mbox.zst", 1700, 1700),
    ("fetchmail-users.mbox.gz", 3512, 3501),
    ("hibiscus-devel-de.mbox.zst", 243, 243),
    ("jelix-public-fr.mbox.zst", 854, 854),
    ("jverein-de.mbox.zst", 114, 114),
    ("linux-mips-60k.mbox.zst", 59975, 59975),
    ("mapnik-devel.mbox.gz", 1517, 1516),
    ("noteedit-devel.mbox.zst", 760, 758),
    ("reportasistent-cs.mbox.zst", 174, 174),
    ("spamassassin-hard-ham-1.mbox.zst", 249, 249),
    ("spamassassin-spam-1.mbox.zst", 500, 500),
    ("twisted-python.mbox.zst", 33250, 33222),
    ("usrp-users-slice.mbox.zst", 3669, 3669),
];

fn unpacked_hash(path: &Path) -> [u8; 32] {
    let file = std::fs::File::open(path).unwrap();
    let mut reader: Box<dyn Read> = if path.extension().is_some_and(|e| e == "gz") {
        Box::new(flate2::read::MultiGzDecoder::new(file))
    } else {
        let mut decoder = zstd::stream::read::Decoder::new(file).unwrap();
        decoder.window_log_max(27).unwrap();
        Box::new(decoder)
    };
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match reader.read(&mut buffer).unwrap() {
            0 => return hash.finalize().into(),
            n => hash.update(&buffer[..n]),
        }
    }
}

fn check_list(path: &Path, split: Split, expected: usize) {
    let options = OpenOptions {
        split,
        ..OpenOptions::default()
    };
    let mut source = Source::open(path, &options).unwrap();
    let mut hash = Sha256::new();
    let mut mails = 0;
    for piece in &mut source {
        let piece = piece.unwrap();
        hash.update(&piece.gap);
        assert_eq!(piece.refused, None);
        if let Some(mail) = piece.mail {
            hash.update(&mail.bytes);
            mails += 1;
        }
    }
    let description = source.description();
    assert_eq!(mails, expected, "{}", path.display());
    let hash: [u8; 32] = hash.finalize().into();
    assert_eq!(hash, source.sha256_so_far());
    assert_eq!(hash, unpacked_hash(path), "{}", path.display());
    assert_eq!(Some(source.bytes_read()), source.total_bytes());
    let name = path.file_name().unwrap().to_str().unwrap();
    assert_eq!(
        description.list_name_guess.as_deref(),
        name.split(".mbox").next()
    );
}

#[test]
fn lists_have_the_strict_counts_and_come_back_whole() {
    let Some(corpora) = corpora("strict counts") else {
        return;
    };
    for (name, _, strict) in LISTS {
        check_list(&corpora.join("lists").join(name), Split::Strict, strict);
    }
}

#[test]
fn lists_have_pythons_counts_at_every_from() {
    let Some(corpora) = corpora("every-from counts") else {
        return;
    };
    for (name, every, _) in LISTS {
        if !name.starts_with("linux-mips") {
            check_list(&corpora.join("lists").join(name), Split::EveryFrom, every);
        }
    }
}

fn unpack(archive: &Path) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let status = Command::new("tar")
        .arg("--zstd")
        .arg("-xf")
        .arg(archive)
        .arg("-C")
        .arg(folder.path())
        .status()
        .unwrap();
    assert!(status.success());
    folder
}

#[test]
fn a_real_maildir_is_found_and_counted() {
    let Some(corpora) = corpora("maildir") else {
        return;
    };
    let folder = unpack(&corpora.join("maildir/spamassassin-easy-ham-1.tar.zst"));
    let path = folder.path().join("spamassassin-easy-ham-1");
    let mut source = Source::open(&path, &OpenOptions::default()).unwrap();
    assert_eq!(source.description().kind, Kind::Maildir);
    let pieces: Vec<_> = source.by_ref().map(Result::unwrap).collect();
    assert_eq!(
        pieces.iter().filter(|piece| piece.mail.is_some()).count(),
        2500
    );
    assert!(pieces.iter().all(|piece| piece.refused.is_none()));
}

/// Mails and files that hold none. CORPORA.md's counts are approximate and near these.
const SUITES: [(&str, usize, usize); 10] = [
    ("cpython-test_email", 47, 18),
    ("mimekit", 262, 317),
    ("nodemailer-mailparser", 10, 1),
    ("notmuch", 337, 34),
    ("perl-mime-tools", 66, 44),
    ("public-inbox", 21, 3),
    ("ruby-mail", 104, 10),
    ("stalwart-mail-parser", 107, 232),
    ("talon", 14, 36),
    ("tnef", 0, 134),
];

#[test]
fn suites_as_files() {
    let Some(corpora) = corpora("suites") else {
        return;
    };
    for (name, mails, not_mail) in SUITES {
        let folder = unpack(&corpora.join(format!("suites/{name}.tar.zst")));
        let options = OpenOptions {
            kind: Some(Kind::Files),
            ..OpenOptions::default()
        };
        let source = Source::open(folder.path(), &options).unwrap();
        let pieces: Vec<_> = source.map(Result::unwrap).collect();
        let read = pieces.iter().filter(|piece| piece.mail.is_some()).count();
        let refused: Vec<_> = pieces
            .iter()
            .filter_map(|piece| piece.refused.as_ref())
            .collect();
        assert_eq!((read, refused.len()), (mails, not_mail), "{name}");
        assert!(
            refused
                .iter()
                .all(|refused| refused.reason == Reason::NotMail)
        );
    }
}
