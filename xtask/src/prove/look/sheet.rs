//! The contact sheet: every kind of page of our own lists, at three widths, in both schemes; and the pictures of
//! the README and the book.

use super::{Browser, Lab, Site, kinds, screen};
use crate::run::root;
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// A phone, a tablet, a desk: pixels.
const WIDTHS: [u32; 3] = [390, 820, 1280];
/// Height of a picture on the sheet, in pixels of the sheet.
const HEIGHT: u32 = 300;

/// Pictures of single pages at a desk: name, page, height in pixels.
const PICTURES: [(&str, &str, u32); 2] = [
    ("message", "town-hall/2025-November/msg00029.html", 860),
    ("list", "town-hall/index.html", 1_120),
];

/// Makes all pictures in `docs/pictures` with the debug binary.
pub(crate) fn make() -> Result<()> {
    let lab = Lab::of_slice()?;
    let mut browser = Browser::start(&lab.fresh("profile")?)?;
    let site = Site::own(&lab)?;
    let pages = kinds::one_of_each(&site.tree)?;
    let folder = root().join("docs/pictures");
    screen(&mut browser, 1280, false)?;
    for (name, page, height) in PICTURES {
        let metrics = json!({
            "width": 1280, "height": height, "deviceScaleFactor": 1, "mobile": false,
        });
        browser.call("Emulation.setDeviceMetricsOverride", metrics)?;
        browser.go(&site.url(page))?;
        write(&folder, name, &captured(&mut browser)?)?;
    }
    for (scheme, dark) in [("light", false), ("dark", true)] {
        let mut figures = String::new();
        for (kind, page) in &pages {
            for width in WIDTHS {
                screen(&mut browser, width, dark)?;
                browser.go(&site.url(page))?;
                let picture = captured(&mut browser)?;
                write!(
                    figures,
                    "<figure><img height={HEIGHT} src=\"data:image/png;base64,{picture}\">\
                     <figcaption>{kind}, {width}</figcaption></figure>"
                )?;
            }
        }
        let sheet = lab.fresh("sheet.html")?;
        fs::write(
            &sheet,
            format!(
                "<!doctype html><meta charset=utf-8><style>body{{margin:8px;background:#777;\
                 display:flex;flex-wrap:wrap;gap:8px}}figure{{margin:0;color:#fff;\
                 font:12px sans-serif}}img{{display:block}}</style>{figures}"
            ),
        )?;
        screen(&mut browser, 1600, false)?;
        browser.go(&format!("file://{}", sheet.display()))?;
        let height = browser.ask("document.documentElement.scrollHeight")?;
        let clip = json!({"x": 0, "y": 0, "width": 1600, "height": height, "scale": 1});
        let options = json!({"format": "png", "captureBeyondViewport": true, "clip": clip});
        let shot = browser.call("Page.captureScreenshot", options)?;
        let data = shot["data"].as_str().context("no picture")?;
        write(&folder, &format!("sheet-{scheme}"), data)?;
    }
    Ok(())
}

/// Writes a picture that came as base64.
fn write(folder: &Path, name: &str, picture: &str) -> Result<()> {
    let path = folder.join(format!("{name}.png"));
    fs::write(&path, decoded(picture)?)?;
    eprintln!("wrote {}", path.display());
    Ok(())
}

/// The first screen of the page, as base64.
fn captured(browser: &mut Browser) -> Result<String> {
    let shot = browser.call("Page.captureScreenshot", json!({"format": "png"}))?;
    let data = shot["data"].as_str().context("no picture")?;
    Ok(data.to_owned())
}

/// Base64 (RFC 4648) as the browser writes it.
fn decoded(text: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut held, mut bits) = (0_u32, 0);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            other => bail!("no base64: {other}"),
        };
        held = held << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    Ok(bytes)
}
