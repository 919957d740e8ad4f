//! Text that is signed inline (RFC 9580, section 7): its frame, and dashes that were escaped.

use super::flowed::Line;

/// Begins the signed text; header lines follow until an empty one.
pub const SIGNED: &str = "-----BEGIN PGP SIGNED MESSAGE-----";
/// Ends it and begins the signature.
pub const SIGNATURE: &str = "-----BEGIN PGP SIGNATURE-----";
/// Ends the signature.
pub const SIGNATURE_END: &str = "-----END PGP SIGNATURE-----";

/// Header lines below [`SIGNED`] at most, and lines of a signature.
const MOST_LINES: usize = 200;

/// Takes `- ` off the lines between the frame's lines, where signing put it before a dash.
pub fn undo_dash_escapes(lines: &mut [Line<'_>]) {
    let mut signed = false;
    for line in lines.iter_mut().filter(|line| line.depth == 0) {
        if line.text.starts_with("-----BEGIN PGP ") {
            match line.text.trim_end() {
                SIGNED => signed = true,
                SIGNATURE => signed = false,
                _ => {}
            }
        } else if signed && line.text.starts_with("- ") {
            line.text = match std::mem::take(&mut line.text) {
                std::borrow::Cow::Borrowed(text) => text[2..].into(),
                std::borrow::Cow::Owned(text) => text[2..].to_owned().into(),
            };
        }
    }
}

/// How many lines of the frame begin at the first one: the head of a signed text with the empty line
/// below it, or a whole signature; 0 for anything else.
pub fn frame_length(lines: &[Line<'_>]) -> usize {
    let Some(first) = lines.first().filter(|line| line.depth == 0) else {
        return 0;
    };
    if !first.text.starts_with("-----BEGIN PGP SIG") {
        return 0;
    }
    let near = &lines[..lines.len().min(MOST_LINES)];
    match first.text.trim_end() {
        SIGNED => {
            let header = |line: &&Line<'_>| line.depth == 0 && line.text.contains(": ");
            let fields = near[1..].iter().take_while(header).count();
            let empty = near
                .get(1 + fields)
                .is_some_and(|l| l.text.trim().is_empty());
            1 + fields + usize::from(empty)
        }
        SIGNATURE => {
            // A frame holds no other.
            let dashes = |line: &Line<'_>| line.depth > 0 || line.text.starts_with("-----");
            let end = near[1..].iter().position(dashes).map(|at| at + 1);
            end.filter(|end| near[*end].text.trim_end() == SIGNATURE_END)
                .map_or(0, |end| end + 1)
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::flowed::fixed;
    use super::*;

    #[test]
    fn frames_and_escapes() {
        let text = format!(
            "{SIGNED}\nHash: SHA256\n\nHello\n- --- a/x\n- -- \nAda\n{SIGNATURE}\n\niQ\n=x\n\
             {SIGNATURE_END}\n- not\n"
        );
        let mut lines = fixed(&text);
        undo_dash_escapes(&mut lines);
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_ref()).collect();
        assert_eq!(texts[3..7], ["Hello", "--- a/x", "-- ", "Ada"]);
        assert_eq!(texts.last(), Some(&"- not"));
        assert_eq!(frame_length(&lines), 3);
        assert_eq!(frame_length(&lines[7..]), 5);
        assert_eq!(frame_length(&lines[3..]), 0);
        assert_eq!(frame_length(&fixed(SIGNATURE)), 0);
    }
}
