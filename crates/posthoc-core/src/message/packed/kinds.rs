//! The type of a file that has only a name.

/// Endings and their types.
const KINDS: [(&str, &str); 44] = [
    ("asc", "text/plain"),
    ("avi", "video/x-msvideo"),
    ("bmp", "image/bmp"),
    ("bz2", "application/x-bzip2"),
    ("c", "text/plain"),
    ("conf", "text/plain"),
    ("cpp", "text/plain"),
    ("csv", "text/csv"),
    ("dat", "application/octet-stream"),
    ("diff", "text/x-diff"),
    ("doc", "application/msword"),
    ("eps", "application/postscript"),
    ("gif", "image/gif"),
    ("gz", "application/gzip"),
    ("h", "text/plain"),
    ("hqx", "application/mac-binhex40"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("jpe", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("log", "text/plain"),
    ("md", "text/plain"),
    ("mp3", "audio/mpeg"),
    ("mpg", "video/mpeg"),
    ("patch", "text/x-patch"),
    ("pdf", "application/pdf"),
    ("pl", "text/plain"),
    ("png", "image/png"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("ps", "application/postscript"),
    ("py", "text/plain"),
    ("rtf", "application/rtf"),
    ("sh", "text/plain"),
    ("svg", "image/svg+xml"),
    ("tex", "text/plain"),
    ("tgz", "application/gzip"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("txt", "text/plain"),
    ("wav", "audio/wav"),
    ("xls", "application/vnd.ms-excel"),
    ("xml", "text/xml"),
    ("zip", "application/zip"),
];

/// The type that a name suggests.
pub(super) fn of(name: &str) -> &'static str {
    let lower = name.to_ascii_lowercase();
    if lower.ends_with("winmail.dat") {
        return "application/ms-tnef";
    }
    let ending = lower.rsplit_once('.').map_or("", |(_, ending)| ending);
    let known = KINDS.binary_search_by(|(known, _)| (*known).cmp(ending));
    known.map_or("application/octet-stream", |n| KINDS[n].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_found() {
        assert!(KINDS.is_sorted());
        for (name, kind) in [
            ("a.TXT", "text/plain"),
            ("a.tar.gz", "application/gzip"),
            ("Winmail.dat", "application/ms-tnef"),
            ("README", "application/octet-stream"),
            ("", "application/octet-stream"),
        ] {
            assert_eq!(of(name), kind, "{name}");
        }
    }
}
