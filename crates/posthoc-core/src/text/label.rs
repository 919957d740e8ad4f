//! Charset labels of the wild.

use super::escape_charsets as shims;
use encoding_rs::Encoding;

/// A character encoding that this program can read.
#[derive(Clone, Copy)]
pub(super) enum Charset {
    /// One of the WHATWG encodings.
    Web(&'static Encoding),
    /// 7-bit text: any byte above 127 shows that the label is wrong.
    Ascii,
    /// ISO 8859-N as declared, decoded by its WHATWG superset; remembered because C1 bytes in it
    /// show that the label is wrong.
    Iso8859(&'static Encoding),
    /// A code page of DOS that browsers do not know.
    Oem(u16),
    /// An encoding that encoding_rs refuses, read by a shim of ours.
    Shim(&'static str, fn(&[u8]) -> (String, bool)),
}

impl Charset {
    /// The name under which the charset is reported, lower case.
    pub(super) fn name(self) -> String {
        match self {
            Charset::Web(encoding) | Charset::Iso8859(encoding) => {
                encoding.name().to_ascii_lowercase()
            }
            Charset::Ascii => "us-ascii".to_owned(),
            Charset::Oem(page) => format!("cp{page}"),
            Charset::Shim(name, _) => name.to_owned(),
        }
    }
}

/// What a label says.
pub(super) enum Label {
    /// A known charset.
    Known(Charset),
    /// A label that means "I do not know" (RFC 1428 `unknown-8bit` and its cousins).
    Undeclared,
    /// Nothing that anybody knows.
    Unknown,
}

/// Code pages of `oem_cp` that encoding_rs lacks.
const OEM_PAGES: [u16; 16] = [
    437, 720, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 869,
];

/// Reads a label, also those that version 1 of the content's identity does not know.
pub(super) fn read(label: &str) -> Label {
    match read_version_1(label) {
        Label::Unknown => newer(label),
        known => known,
    }
}

/// Labels learnt since version 1: by their beginning, since junk is glued to many.
fn newer(label: &str) -> Label {
    let letters = label.chars().filter(char::is_ascii_alphanumeric).take(64);
    let squeezed: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    let squeezed = squeezed.strip_prefix("charset").unwrap_or(&squeezed);
    let starts = |words: &[&str]| words.iter().any(|w| squeezed.starts_with(w));
    let shim = |name, decode| Label::Known(Charset::Shim(name, decode));
    if starts(&["utf32be", "ucs4be"]) {
        return shim("utf-32be", shims::utf32be);
    }
    if starts(&["utf32", "ucs4", "iso10646ucs4", "csucs4"]) {
        return shim("utf-32le", shims::utf32le);
    }
    if starts(&["ansix34", "usascii", "ascii"]) {
        return Label::Known(Charset::Ascii);
    }
    if starts(&["utf8"]) {
        return mended("utf8n");
    }
    if starts(&["enus", "enca", "engb"]) {
        return Label::Undeclared;
    }
    // `iso-8859-1-something`, `windows-1252http-equivcontent-type`, code pages by number.
    let digits = |prefix: &str| {
        let rest = squeezed.strip_prefix(prefix)?;
        let end = rest.bytes().take_while(u8::is_ascii_digit).count();
        (end > 0 && end <= 5).then(|| &rest[..end])
    };
    if let Some(part) = digits("iso8859").filter(|part| part.len() <= 2) {
        return mended(&format!("iso8859{part}"));
    }
    let page = ["windows", "cp", "ibm", "xcp", "codepage", "mscodepage"]
        .iter()
        .find_map(|prefix| digits(prefix));
    match page {
        Some("20127") => Label::Known(Charset::Ascii),
        Some("20866") => mended("koi8"),
        Some("21866") => read_whole("koi8-u"),
        Some("20932" | "51932") => mended("eucjp"),
        Some("50220" | "50221" | "50222") => mended("jis"),
        Some("50225") => read_whole("iso-2022-kr"),
        Some("51949" | "949") => mended("uhc"),
        Some("52936") => read_whole("hz"),
        Some("54936") => read_whole("gb18030"),
        Some("1200") => read_whole("utf-16le"),
        Some("1201") => read_whole("utf-16be"),
        Some("12000") => shim("utf-32le", shims::utf32le),
        Some("10000") => mended("macroman"),
        // 28591 is ISO 8859-1, and so on up to 28605.
        Some(page) if page.starts_with("2859") || page.starts_with("2860") => {
            let part = page
                .parse::<u16>()
                .map_or(0, |page| page.saturating_sub(28_590));
            mended(&format!("iso8859{part}"))
        }
        Some(page) => mended(&format!("cp{page}")),
        None => Label::Unknown,
    }
}

/// Reads a label: blanks, quotes, glued parameters (`utf-8; format=flowed`), an RFC 2231 language
/// (`utf-8*en`) and the misspellings met in archives are all taken off or mended.
pub(super) fn read_version_1(label: &str) -> Label {
    match read_whole(label) {
        // `iso-8859-1 format=flowed`: a semicolon was forgotten.
        Label::Unknown => read_whole(label.split_whitespace().next().unwrap_or_default()),
        known => known,
    }
}

fn read_whole(label: &str) -> Label {
    let label = label
        .split([';', ',', '*', '\0'])
        .next()
        .unwrap_or_default();
    let label = label.trim_matches(|c: char| c.is_whitespace() || "\"'<>=".contains(c));
    if label.len() > 64 {
        return Label::Unknown;
    }
    let label = label.to_ascii_lowercase();
    let squeezed: String = label.chars().filter(char::is_ascii_alphanumeric).collect();
    match squeezed.as_str() {
        "" | "unknown" | "unknown8bit" | "xunknown" | "xuserdefined" | "userdefined"
        | "default" | "xdefault" | "none" | "null" | "8bit" | "7bit" | "binary" | "autodetect"
        | "autodetectall" | "undefined" | "charset" | "notspecified" => return Label::Undeclared,
        "usascii" | "ascii" | "ansix341968" | "ansix341986" | "iso646us" | "iso646" | "us"
        | "646" | "cp367" | "ibm367" | "csascii" | "asci" => return Label::Known(Charset::Ascii),
        "utf7" | "unicode11utf7" | "xunicode20utf7" | "csunicode11utf7" => {
            return Label::Known(Charset::Shim("utf-7", shims::utf7));
        }
        "iso2022kr" | "csiso2022kr" => {
            return Label::Known(Charset::Shim("iso-2022-kr", shims::iso_2022_kr));
        }
        "hzgb2312" | "hz" => return Label::Known(Charset::Shim("hz-gb-2312", shims::hz)),
        _ => {}
    }
    if let Some(encoding) = Encoding::for_label_no_replacement(label.as_bytes()) {
        let iso = squeezed.contains("8859") || squeezed.starts_with("latin");
        return Label::Known(if iso && squeezed != "iso88598i" {
            Charset::Iso8859(encoding)
        } else {
            Charset::Web(encoding)
        });
    }
    mended(&squeezed)
}

/// Labels that browsers refuse, by their letters and digits alone.
fn mended(squeezed: &str) -> Label {
    let web = |name: &str| match Encoding::for_label_no_replacement(name.as_bytes()) {
        Some(encoding) => Label::Known(Charset::Web(encoding)),
        None => Label::Unknown,
    };
    let number = |prefixes: &[&str]| {
        prefixes
            .iter()
            .find_map(|p| squeezed.strip_prefix(p)?.parse::<u16>().ok())
    };
    if let Some(part) = number(&["iso8859", "xiso8859", "8859", "isolatin", "latin", "iso885"]) {
        return match Encoding::for_label_no_replacement(format!("iso-8859-{part}").as_bytes()) {
            Some(encoding) => Label::Known(Charset::Iso8859(encoding)),
            None => Label::Unknown,
        };
    }
    if let Some(page) = number(&[
        "cp", "ibm", "dos", "cpdos", "oem", "windows", "xcp", "win", "ms",
    ]) {
        return match page {
            _ if OEM_PAGES.contains(&page) => Label::Known(Charset::Oem(page)),
            932 => web("shift_jis"),
            936 => web("gbk"),
            949 => web("euc-kr"),
            950 => web("big5"),
            65001 => web("utf-8"),
            65000 => Label::Known(Charset::Shim("utf-7", shims::utf7)),
            874 => web("windows-874"),
            _ => web(&format!("windows-{page}")),
        };
    }
    match squeezed {
        "bog5" | "big5eten" | "cnbig5" | "big5hkscs2004" => web("big5"),
        "utf8mb4" | "utf" | "xutf8" | "uft8" | "uf8" | "utf8n" => web("utf-8"),
        "gb23121980" | "eucgb2312cn" | "euccn" | "gb" | "cngb" | "gb231280" => web("gbk"),
        "ksc5601" | "ksc56011987" | "ksc56011992" | "uhc" | "xksc5601" => web("euc-kr"),
        "iso2022jp1" | "iso2022jp2" | "iso2022jp3" | "iso2022jpms" | "jis" => web("iso-2022-jp"),
        "sjis" | "xmscp932" | "shiftjis" => web("shift_jis"),
        "eucjp" | "ujis" | "xeucjp" => web("euc-jp"),
        "koi8" | "koi8c" | "koi" => web("koi8-r"),
        "macroman" | "applemacintosh" | "macintoshlatin1" => web("macintosh"),
        "ansi" | "xansi" | "westerneuropean" => web("windows-1252"),
        "ucs2" | "iso10646ucs2" | "unicode" => web("utf-16le"),
        "tis620" | "thai" => web("windows-874"),
        _ => Label::Unknown,
    }
}
