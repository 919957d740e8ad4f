//! File name extensions by media type, as the Python of Mailman 2.1.18 chose them.

/// Media types with their extensions; where a file has none of them, it gets the first.
const TYPES: &[(&str, &[&str])] = &[
    ("application/gzip", &[".gz"]),
    ("application/msword", &[".doc", ".dot"]),
    (
        "application/octet-stream",
        &[".obj", ".bin", ".exe", ".dll", ".so", ".o", ".a"],
    ),
    ("application/pdf", &[".pdf"]),
    ("application/pgp-encrypted", &[".pgp"]),
    ("application/pgp-keys", &[".key"]),
    ("application/pgp-signature", &[".sig"]),
    ("application/pkcs7-mime", &[".p7c", ".p7m"]),
    ("application/pkcs7-signature", &[".p7s"]),
    ("application/postscript", &[".ps", ".eps", ".ai"]),
    ("application/rtf", &[".rtf"]),
    ("application/vnd.ms-excel", &[".xls", ".xlb"]),
    ("application/vnd.ms-powerpoint", &[".ppt", ".pps"]),
    ("application/x-gzip", &[".gz"]),
    ("application/x-javascript", &[".js"]),
    ("application/x-sh", &[".sh"]),
    ("application/x-tar", &[".tar"]),
    ("application/xml", &[".xml", ".xsl", ".xsd"]),
    ("application/zip", &[".zip"]),
    ("audio/mpeg", &[".mp3", ".mp2", ".mpga"]),
    ("audio/x-wav", &[".wav"]),
    ("image/bmp", &[".bmp"]),
    ("image/gif", &[".gif"]),
    ("image/jpeg", &[".jpe", ".jpg", ".jpeg"]),
    ("image/jpg", &[".jpg"]),
    ("image/pjpeg", &[]),
    ("image/png", &[".png"]),
    ("image/svg+xml", &[".svg", ".svgz"]),
    ("image/tiff", &[".tiff", ".tif"]),
    ("image/x-ms-bmp", &[".bmp"]),
    ("message/rfc822", &[".eml", ".mht", ".mhtml", ".nws"]),
    ("text/calendar", &[".ics", ".icz"]),
    ("text/css", &[".css"]),
    ("text/csv", &[".csv"]),
    ("text/html", &[".htm", ".html", ".shtml"]),
    (
        "text/plain",
        &[
            ".ksh", ".txt", ".text", ".c", ".h", ".bat", ".pl", ".asc", ".pot", ".brf", ".srt",
        ],
    ),
    ("text/richtext", &[".rtx"]),
    ("text/x-c++src", &[".c++", ".cpp", ".cxx", ".cc"]),
    ("text/x-chdr", &[".h"]),
    ("text/x-csrc", &[".c"]),
    ("text/x-perl", &[".pl", ".pm"]),
    ("text/x-python", &[".py"]),
    ("text/x-sh", &[".sh"]),
    ("text/x-vcard", &[".vcf"]),
    ("text/xml", &[".xml"]),
    ("video/mp4", &[".mp4"]),
    ("video/mpeg", &[".mpe", ".mpeg", ".mpg"]),
    ("video/quicktime", &[".qt", ".mov"]),
];

/// The extension for a file of that type whose name ends in `own`; `.bin` for a type that is not known.
pub(crate) fn extension(media_type: &str, own: &str) -> String {
    let known = TYPES.binary_search_by(|(name, _)| name.cmp(&media_type));
    let all = known.map_or(&[][..], |at| TYPES[at].1);
    if all.contains(&own) {
        return own.to_owned();
    }
    match all.first() {
        Some(first) => (*first).to_owned(),
        None if media_type == "message/rfc822" => ".txt".to_owned(),
        None => ".bin".to_owned(),
    }
}

/// Whether browsers run what is in a file of that extension.
pub(crate) fn runs_in_browsers(extension: &str) -> bool {
    const THEY_RUN: [&str; 12] = [
        ".svg", ".svgz", ".xml", ".xsl", ".xsd", ".htm", ".html", ".shtml", ".xht", ".xhtml",
        ".mht", ".mhtml",
    ];
    THEY_RUN
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_in_order() {
        assert!(TYPES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn extensions_follow_name_and_type() {
        assert_eq!(extension("image/jpeg", ".jpg"), ".jpg");
        assert_eq!(extension("image/jpeg", ".exe"), ".jpe");
        assert_eq!(extension("x/y", ".y"), ".bin");
    }
}
