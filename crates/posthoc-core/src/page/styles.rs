//! What of a mail's styles is kept: a few properties, each as one of our own classes. Nothing of a
//! style reaches a page as it was written.

/// Declarations looked at in one `style` attribute.
const MOST_DECLARATIONS: usize = 32;

/// The classes that sanitised mail may have.
pub(super) const CLASSES: [&str; 20] = [
    "m-b", "m-i", "m-u", "m-s", "m-tt", "m-pre", "m-center", "m-right", "m-left", "m-red",
    "m-orange", "m-green", "m-blue", "m-violet", "m-grey", "m-mark", "m-dim", "m-cite", "m-rule",
    "m-remote",
];

/// The elements that may have them.
pub(super) const STYLED: [&str; 17] = [
    "a",
    "b",
    "blockquote",
    "div",
    "h3",
    "h4",
    "h5",
    "h6",
    "i",
    "li",
    "p",
    "pre",
    "span",
    "table",
    "td",
    "th",
    "u",
];

/// The classes of an element as its author wrote it, by its attributes `style`, `color`, `face`, `align`,
/// `class` and `type`.
pub(super) fn classes(written: &str, attributes: &[(&'static str, &str)]) -> Vec<&'static str> {
    let mut classes = Vec::new();
    if written == "center" {
        classes.push("m-center");
    }
    for (name, value) in attributes {
        match *name {
            "style" => style(value, &mut classes),
            "color" => classes.extend(hue(value)),
            "face" if is_fixed(value) => classes.push("m-tt"),
            "align" => classes.extend(aligned(&value.to_ascii_lowercase())),
            "type" if written == "blockquote" && value.eq_ignore_ascii_case("cite") => {
                classes.push("m-cite");
            }
            "class" if written == "blockquote" && value.contains("gmail_quote") => {
                classes.push("m-cite");
            }
            _ => {}
        }
    }
    classes.sort_unstable();
    classes.dedup();
    classes
}

fn style(text: &str, classes: &mut Vec<&'static str>) {
    for declaration in text.split(';').take(MOST_DECLARATIONS) {
        let Some((name, value)) = declaration.split_once(':') else {
            continue;
        };
        let name = name.trim().to_ascii_lowercase();
        let value = value.get(..value.len().min(80)).unwrap_or_default();
        let value = value.trim().to_ascii_lowercase();
        let is = |words: &[&str]| words.contains(&value.as_str());
        let has = |word: &str| value.contains(word);
        match name.as_str() {
            "font-weight" if is(&["bold", "bolder", "600", "700", "800", "900"]) => {
                classes.push("m-b");
            }
            "font-style" if is(&["italic", "oblique"]) => classes.push("m-i"),
            "text-decoration" | "text-decoration-line" => {
                classes.extend(has("underline").then_some("m-u"));
                classes.extend(has("line-through").then_some("m-s"));
            }
            "font-family" | "font" if is_fixed(&value) => classes.push("m-tt"),
            "white-space" if value.starts_with("pre") => classes.push("m-pre"),
            "text-align" => classes.extend(aligned(&value)),
            "color" => classes.extend(hue(&value)),
            "background" | "background-color" if is_coloured(&value) => classes.push("m-mark"),
            "border-left" if is_line(&value) => classes.push("m-cite"),
            "border-top" if is_line(&value) => classes.push("m-rule"),
            // What was to be hidden is small instead: nothing is kept from a reader.
            "display" if is(&["none"]) => classes.push("m-dim"),
            "visibility" if is(&["hidden"]) => classes.push("m-dim"),
            "mso-hide" => classes.push("m-dim"),
            _ => {}
        }
    }
}

fn aligned(side: &str) -> Option<&'static str> {
    match side {
        "center" | "middle" => Some("m-center"),
        "right" => Some("m-right"),
        "left" => Some("m-left"),
        _ => None,
    }
}

fn is_fixed(families: &str) -> bool {
    let families = families.to_ascii_lowercase();
    ["mono", "courier", "consolas", "menlo", "fixed"]
        .iter()
        .any(|name| families.contains(name))
}

/// Whether a border is drawn.
fn is_line(value: &str) -> bool {
    !value.is_empty() && !value.contains("none") && !value.starts_with('0')
}

/// The group of colours that a text's colour is in; none for black, white and what cannot be read.
fn hue(colour: &str) -> Option<&'static str> {
    let (red, green, blue) = rgb(colour)?;
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    // Nearly black, nearly white, or grey: letterheads and whole mails are written so.
    if most - least < 100 {
        let grey = most - least < 48 && (90..200).contains(&most);
        return grey.then_some("m-grey");
    }
    // Degrees of the colour circle, from red over green and blue.
    let range = most - least;
    let degrees = if most == red {
        (60 * (green - blue) / range + 360) % 360
    } else if most == green {
        120 + 60 * (blue - red) / range
    } else {
        240 + 60 * (red - green) / range
    };
    Some(match degrees {
        0..20 | 330..360 => "m-red",
        20..70 => "m-orange",
        70..170 => "m-green",
        170..255 => "m-blue",
        _ => "m-violet",
    })
}

/// Whether a background is there to be seen: neither white, grey nor nearly so.
fn is_coloured(colour: &str) -> bool {
    rgb(colour)
        .is_some_and(|(red, green, blue)| red.max(green).max(blue) - red.min(green).min(blue) > 64)
}

/// Red, green and blue of `#rgb`, `#rrggbb`, `rgb(…)` and the names that mail uses.
fn rgb(colour: &str) -> Option<(i32, i32, i32)> {
    let colour = colour.trim().trim_end_matches("!important").trim_end();
    if let Some(numbers) = colour
        .strip_prefix("rgb(")
        .and_then(|rest| rest.strip_suffix(')'))
    {
        let mut numbers = numbers
            .split(',')
            .map(|n| n.trim().parse::<u8>().ok().map(i32::from));
        return Some((numbers.next()??, numbers.next()??, numbers.next()??));
    }
    let digits = match colour.strip_prefix('#') {
        Some(digits) => digits,
        None => named(colour)?,
    };
    let number = u32::from_str_radix(digits, 16).ok()?;
    let part = |shift: u32| i32::try_from(number >> shift & 0xff).ok();
    match digits.len() {
        3 => {
            let part = |shift: u32| i32::try_from((number >> shift & 0xf) * 17).ok();
            Some((part(8)?, part(4)?, part(0)?))
        }
        6 => Some((part(16)?, part(8)?, part(0)?)),
        _ => None,
    }
}

fn named(colour: &str) -> Option<&'static str> {
    Some(match colour.to_ascii_lowercase().as_str() {
        "red" => "ff0000",
        "darkred" | "maroon" => "800000",
        "orange" => "ffa500",
        "yellow" => "ffff00",
        "brown" => "a52a2a",
        "green" => "008000",
        "lime" => "00ff00",
        "teal" => "008080",
        "blue" => "0000ff",
        "navy" | "darkblue" => "000080",
        "purple" => "800080",
        "magenta" | "fuchsia" => "ff00ff",
        "gray" | "grey" => "808080",
        "silver" => "c0c0c0",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_become_classes() {
        let check = |style: &str, expected: &[&str]| {
            assert_eq!(classes("span", &[("style", style)]), expected, "{style}");
        };
        check("font-weight:bold; FONT-STYLE: italic", &["m-b", "m-i"]);
        check(
            "color:#c00;text-decoration:underline line-through",
            &["m-red", "m-s", "m-u"],
        );
        check(
            "color:rgb(0, 0, 200);font-family:'Courier New'",
            &["m-blue", "m-tt"],
        );
        check("color:#000;background:#ffffff", &[]);
        check("color:#330000", &[]);
        check("color:#1f497d", &[]);
        check("background-color: yellow", &["m-mark"]);
        check("color:#666666 !important", &["m-grey"]);
        check("border-left:1px #ccc solid;border-top:none", &["m-cite"]);
        check("display:none", &["m-dim"]);
        check(
            "color:#×××;font-weight;:;;color:rgb(1,2);color:#1234567890",
            &[],
        );
        check("background:url(http://outside.example/a)", &[]);
        assert_eq!(classes("blockquote", &[("type", "CITE")]), ["m-cite"]);
        assert_eq!(
            classes("font", &[("color", "blue"), ("face", "Monaco, monospace")]),
            ["m-blue", "m-tt"]
        );
        assert!(classes("span", &[("style", &"color:red;".repeat(1_000))]).len() == 1);
    }

    #[test]
    fn every_colour_has_a_group() {
        for number in (0..0x100_0000_u32).step_by(997) {
            let colour = format!("#{number:06x}");
            for class in classes("font", &[("color", &colour)]) {
                assert!(CLASSES.contains(&class));
            }
        }
    }
}
