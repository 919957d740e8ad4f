//! Attachments as others get them: under a name that a static host may serve without harm, in a folder
//! named by their bytes, so that what many mails have is there once.
//!
//! A plain web server decides by the name alone how a browser treats a file, so a stranger's file
//! must have a name that no server runs and no browser renders as a page.

use super::clean::{clip, one_line};
use super::strings::{Arg, Strings, Text};
use crate::message::{Attachment, FileKey};
use crate::route::{ListName, Route};

/// Bytes of the longest name.
const LONGEST: usize = 100;

/// An attachment's name in its route, and the type that goes with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InertName {
    /// ASCII letters, digits, `.`, `_` and `-`; no leading dot; at most 100 bytes.
    pub name: String,
    /// The type a server should send: never one that a browser runs or renders as a page.
    pub media_type: &'static str,
}

/// Extensions that stay, with their types. Images stay only when their first bytes agree.
const KEPT: [(&str, &str, Kind); 27] = [
    ("png", "image/png", Kind::Image(b"\x89PNG\r\n\x1a\n", 0)),
    ("jpg", "image/jpeg", Kind::Image(b"\xFF\xD8\xFF", 0)),
    ("jpeg", "image/jpeg", Kind::Image(b"\xFF\xD8\xFF", 0)),
    ("gif", "image/gif", Kind::Image(b"GIF8", 0)),
    ("webp", "image/webp", Kind::Image(b"WEBP", 8)),
    ("avif", "image/avif", Kind::Image(b"ftypavi", 4)),
    ("pdf", "application/pdf", Kind::Image(b"%PDF-", 0)),
    ("txt", "text/plain; charset=utf-8", Kind::Text),
    ("text", "text/plain; charset=utf-8", Kind::Text),
    ("log", "text/plain; charset=utf-8", Kind::Text),
    ("asc", "text/plain; charset=utf-8", Kind::Text),
    ("diff", "text/plain; charset=utf-8", Kind::Text),
    ("patch", "text/plain; charset=utf-8", Kind::Text),
    ("mp3", "audio/mpeg", Kind::Media),
    ("ogg", "audio/ogg", Kind::Media),
    ("oga", "audio/ogg", Kind::Media),
    ("opus", "audio/ogg", Kind::Media),
    ("wav", "audio/wav", Kind::Media),
    ("flac", "audio/flac", Kind::Media),
    ("m4a", "audio/mp4", Kind::Media),
    ("mp4", "video/mp4", Kind::Media),
    ("m4v", "video/mp4", Kind::Media),
    ("webm", "video/webm", Kind::Media),
    ("ogv", "video/ogg", Kind::Media),
    ("mov", "video/quicktime", Kind::Media),
    ("avi", "video/x-msvideo", Kind::Media),
    ("mkv", "video/x-matroska", Kind::Media),
];

/// What must be true of a file for its extension to stay.
#[derive(Clone, Copy)]
enum Kind {
    /// These bytes at that place.
    Image(&'static [u8], usize),
    /// Text without a NUL.
    Text,
    /// Declared as audio or video.
    Media,
}

/// Extensions that servers run or read as instructions wherever they stand in a name (Apache's
/// mod_mime looks at all of them), so they lose their dot.
const RUN: [&str; 22] = [
    "php", "php3", "php4", "php5", "php7", "php8", "phtml", "phps", "phar", "cgi", "fcgi", "pl",
    "py", "rb", "sh", "asp", "aspx", "jsp", "shtml", "asis", "var", "htaccess",
];

/// An attachment as a page links to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownFile {
    /// The key of its bytes.
    pub key: FileKey,
    /// Its name in the route.
    pub inert: String,
    /// Its name in words, at most 120 characters on one line; never empty.
    pub name: String,
    /// Its declared type, at most 80 characters on one line.
    pub media_type: String,
    /// Its size in bytes.
    pub size: u64,
}

impl ShownFile {
    /// Of an attachment, masked as its list says.
    pub fn of(attachment: &Attachment) -> Self {
        let inert = inert_name(attachment);
        ShownFile {
            key: FileKey::of(served(attachment, &inert)),
            inert: inert.name,
            name: file_words(&attachment.name),
            media_type: type_words(&attachment.media_type),
            size: attachment.bytes.len() as u64,
        }
    }

    /// Where it is on a list.
    pub fn route(&self, list: ListName) -> Route {
        Route::Attachment(list, self.key, self.inert.clone())
    }
}

/// A file's name as shown and offered for saving.
pub(super) fn file_words(name: &str) -> String {
    match clip(&one_line(name), 120).into_owned() {
        name if name.is_empty() => "attachment".to_owned(),
        name => name,
    }
}

/// A declared type as shown.
pub(super) fn type_words(media_type: &str) -> String {
    clip(&one_line(media_type), 80).into_owned()
}

/// The bytes of an attachment as others get them: text in UTF-8.
pub fn served<'a>(attachment: &'a Attachment, inert: &InertName) -> &'a [u8] {
    match &attachment.text {
        Some(text) if inert.media_type.starts_with("text/") => text.as_bytes(),
        _ => &attachment.bytes,
    }
}

/// Names an attachment by its own name, its declared type and its bytes.
pub fn inert_name(attachment: &Attachment) -> InertName {
    let (stem, extension) = split(&attachment.name);
    let lower = extension.to_ascii_lowercase();
    let kept = KEPT
        .iter()
        .find(|(kept, _, kind)| *kept == lower && agrees(attachment, *kind));
    let (ending, media_type) = match kept {
        Some((kept, media_type, _)) => (format!(".{kept}"), *media_type),
        None => {
            let dot = if RUN.contains(&lower.as_str()) {
                "_"
            } else {
                "."
            };
            let dot = if extension.is_empty() { "" } else { dot };
            match is_text(attachment) {
                true => (format!("{dot}{extension}.txt"), "text/plain; charset=utf-8"),
                false => (format!("{dot}{extension}.bin"), "application/octet-stream"),
            }
        }
    };
    let room = LONGEST.saturating_sub(ending.len());
    let stem = &stem[..stem.len().min(room)];
    InertName {
        name: format!("{stem}{ending}"),
        media_type,
    }
}

/// The name's stem without dots and its extension, both in plain characters.
fn split(name: &str) -> (String, String) {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name).trim();
    let plain = |text: &str| -> String {
        text.chars()
            .take(LONGEST)
            .map(|c| match c {
                'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '-' => c,
                _ => '_',
            })
            .collect()
    };
    match name.rsplit_once('.') {
        Some((stem, extension)) if (1..=10).contains(&extension.len()) && !stem.is_empty() => {
            let extension = plain(extension);
            (plain(stem), extension)
        }
        _ => {
            let stem = plain(name.trim_start_matches('.'));
            let stem = if stem.is_empty() {
                "attachment".to_owned()
            } else {
                stem
            };
            (stem, String::new())
        }
    }
}

fn agrees(attachment: &Attachment, kind: Kind) -> bool {
    match kind {
        Kind::Image(magic, at) => attachment
            .bytes
            .get(at..at + magic.len())
            .is_some_and(|start| start == magic),
        Kind::Text => is_text(attachment),
        Kind::Media => ["audio/", "video/"]
            .iter()
            .any(|kind| attachment.media_type.starts_with(kind)),
    }
}

fn is_text(attachment: &Attachment) -> bool {
    let declared = attachment.text.is_some() || attachment.media_type.starts_with("text/");
    declared && !attachment.bytes.contains(&0)
}

/// Whether a page may show the file of that inert name as a picture.
pub(super) fn is_shown_image(name: &str) -> bool {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["png", "jpg", "jpeg", "gif", "webp", "avif"].contains(&extension)
}

/// `812 bytes`, `1.2 kB`, `48 kB`, `3.1 MB`
pub(super) fn size_words(bytes: u64, strings: &Strings) -> String {
    let tenths = |unit: u64, text: Text| {
        let number = match (bytes * 10 + unit / 2) / unit {
            tenths @ 0..100 => {
                let mark = strings.get(Text::DecimalMark);
                format!("{}{mark}{}", tenths / 10, tenths % 10)
            }
            tenths => ((tenths + 5) / 10).to_string(),
        };
        strings.with(text, &[("number", Arg::Words(&number))])
    };
    match bytes {
        0..1_000 => strings.with(Text::Bytes, &[("count", Arg::Digits(bytes))]),
        1_000..999_500 => tenths(1_000, Text::Kilobytes),
        _ => tenths(1_000_000, Text::Megabytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, media_type: &str, bytes: &[u8]) -> Attachment {
        Attachment {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            bytes: bytes.to_vec().into(),
            content_id: None,
            text: None,
        }
    }

    #[test]
    fn names_are_inert() {
        let png = b"\x89PNG\r\n\x1a\n...";
        let long = format!("{}.html", "x".repeat(300));
        let long_name = format!("{}.html.txt", "x".repeat(91));
        let table: &[(&str, &str, &[u8], &str)] = &[
            ("a.png", "image/png", png, "a.png"),
            ("A B.PNG", "application/octet-stream", png, "A_B.png"),
            ("a.png", "image/png", b"<script>", "a.png.bin"),
            ("a.svg", "image/svg+xml", b"<svg>", "a.svg.bin"),
            ("a.html", "text/html", b"<p>", "a.html.txt"),
            ("a.txt", "text/plain", b"x", "a.txt"),
            ("a.txt", "application/x", b"x", "a.txt.bin"),
            ("a.patch", "text/x-diff", b"x", "a.patch"),
            ("shell.php", "text/plain", b"x", "shell_php.txt"),
            (
                "shell.php.jpg",
                "image/jpeg",
                b"\xFF\xD8\xFF",
                "shell_php.jpg",
            ),
            ("a.tar.gz", "application/gzip", b"\x1f\x8b", "a_tar.gz.bin"),
            ("a.mp3", "audio/mpeg", b"ID3", "a.mp3"),
            ("../../etc/passwd", "text/plain", b"x", "passwd.txt"),
            ("C:\\x\\y.exe", "application/x", b"MZ", "y.exe.bin"),
            (".htaccess", "text/plain", b"x", "htaccess.txt"),
            ("", "text/plain", b"x", "attachment.txt"),
            ("...", "application/x", b"x", "attachment.bin"),
            ("\u{202e}gpj.exe", "application/x", b"x", "_gpj.exe.bin"),
            ("čau.txt", "text/plain", b"x", "_au.txt"),
            (&long, "text/html", b"x", &long_name),
        ];
        for (name, media_type, bytes, expected) in table {
            let inert = inert_name(&named(name, media_type, bytes));
            assert_eq!(&inert.name, expected, "{name}");
            assert!(inert.name.len() <= 100);
        }
    }

    #[test]
    fn the_same_bytes_have_one_key() {
        let one = ShownFile::of(&named("a.txt", "text/plain", b"x"));
        let other = ShownFile::of(&named("b.dat", "application/x", b"x"));
        assert_eq!(one.key, other.key);
        assert_eq!(one.key.to_string(), "hlt5qbpwpcngiavmw4fniclkqu");
        assert_ne!(
            one.key,
            ShownFile::of(&named("a.txt", "text/plain", b"y")).key
        );
    }

    #[test]
    fn sizes() {
        let english = Strings::new("en", None);
        let table = [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_234, "1.2 kB"),
            (48_400, "48 kB"),
            (999_999, "1.0 MB"),
            (31_400_000, "31 MB"),
        ];
        for (bytes, words) in table {
            assert_eq!(size_words(bytes, &english), words);
        }
    }
}
