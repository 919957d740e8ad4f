//! A site's own face beside templates: a style sheet, a logo, an icon.

use super::assets::Asset;
use std::fmt;
use std::sync::Arc;

/// Bytes that one file of a theme may have: every reader loads it.
pub const THEME_FILE_BYTES: usize = 1 << 20;

/// File names that a theme knows, what each is for, and its type.
const KNOWN: [(&str, Use, &str); 10] = [
    ("theme.css", Use::Style, "text/css; charset=utf-8"),
    ("logo.svg", Use::Logo, "image/svg+xml"),
    ("logo.png", Use::Logo, "image/png"),
    ("logo.webp", Use::Logo, "image/webp"),
    ("logo.jpg", Use::Logo, "image/jpeg"),
    ("logo.gif", Use::Logo, "image/gif"),
    ("icon.svg", Use::Icon, "image/svg+xml"),
    ("icon.png", Use::Icon, "image/png"),
    ("icon.ico", Use::Icon, "image/vnd.microsoft.icon"),
    ("icon.gif", Use::Icon, "image/gif"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Style,
    Logo,
    Icon,
}

/// One file of a theme.
#[derive(Clone, PartialEq, Eq)]
struct ThemeFile {
    /// As an asset: 16 hex digits of its BLAKE3 hash and its extension.
    name: String,
    media_type: &'static str,
    bytes: Arc<[u8]>,
}

impl fmt::Debug for ThemeFile {
    /// The name tells the content.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// What a site has besides templates. `Debug` tells contents apart: what is published is compared by it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Theme {
    style: Option<ThemeFile>,
    logo: Option<ThemeFile>,
    icon: Option<ThemeFile>,
}

/// A file that cannot be a theme's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThemeError {
    /// More than [`THEME_FILE_BYTES`].
    TooLong(String),
    /// A second logo or icon: which one is meant?
    Second(String),
    /// A style sheet that is no UTF-8.
    NotText(String),
}

impl fmt::Display for ThemeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ThemeError::TooLong(name) => write!(
                f,
                "{name} is over {} KiB, and every reader loads it; make it smaller",
                THEME_FILE_BYTES >> 10
            ),
            ThemeError::Second(name) => {
                write!(f, "{name} is a second file for the same place; keep one")
            }
            ThemeError::NotText(name) => write!(f, "{name} is not UTF-8; save it so"),
        }
    }
}

impl std::error::Error for ThemeError {}

impl Theme {
    /// Whether a file of that name is a theme's.
    pub fn knows(name: &str) -> bool {
        KNOWN.iter().any(|(known, ..)| *known == name)
    }

    /// A theme of these files, by name; names that it does not know are left out.
    ///
    /// # Errors
    /// A file that is too long, a second one for the same place, a style sheet that is no text.
    pub fn new(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Result<Self, ThemeError> {
        let mut theme = Theme::default();
        for (name, bytes) in files {
            let Some((_, used, media_type)) = KNOWN.iter().find(|(known, ..)| *known == name)
            else {
                continue;
            };
            if bytes.len() > THEME_FILE_BYTES {
                return Err(ThemeError::TooLong(name));
            }
            if *used == Use::Style && std::str::from_utf8(&bytes).is_err() {
                return Err(ThemeError::NotText(name));
            }
            let place = match used {
                Use::Style => &mut theme.style,
                Use::Logo => &mut theme.logo,
                Use::Icon => &mut theme.icon,
            };
            if place.is_some() {
                return Err(ThemeError::Second(name));
            }
            let hash = blake3::hash(&bytes).to_hex();
            let extension = name.rsplit('.').next().unwrap_or_default();
            *place = Some(ThemeFile {
                name: format!("{}.{extension}", &hash[..16]),
                media_type,
                bytes: bytes.into(),
            });
        }
        Ok(theme)
    }

    /// The name of the style sheet's asset.
    pub(super) fn style(&self) -> Option<&str> {
        self.style.as_ref().map(|file| file.name.as_str())
    }

    /// The name of the logo's asset.
    pub(super) fn logo(&self) -> Option<&str> {
        self.logo.as_ref().map(|file| file.name.as_str())
    }

    /// The name of the icon's asset and its type.
    pub(super) fn icon(&self) -> Option<(&str, &'static str)> {
        let icon = self.icon.as_ref();
        icon.map(|file| (file.name.as_str(), file.media_type))
    }

    /// The files of this theme, each at [`Route::Asset`](crate::route::Route::Asset) of its name; a
    /// picture that is logo and icon once.
    pub fn assets(&self) -> Vec<Asset<'_>> {
        let icon = self
            .icon
            .as_ref()
            .filter(|icon| Some(*icon) != self.logo.as_ref());
        let own = [self.style.as_ref(), self.logo.as_ref(), icon];
        let assets = own.into_iter().flatten().map(|file| Asset {
            name: &file.name,
            media_type: file.media_type,
            bytes: &file.bytes,
        });
        assets.collect()
    }

    /// The style sheet as it was written.
    pub fn style_sheet(&self) -> Option<&str> {
        let style = self.style.as_ref()?;
        std::str::from_utf8(&style.bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &[u8])]) -> Result<Theme, ThemeError> {
        let files = files
            .iter()
            .map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec()));
        Theme::new(files)
    }

    #[test]
    fn a_theme_brings_its_files_by_content() {
        let theme = of(&[
            ("theme.css", b"a{}"),
            ("logo.svg", b"<svg/>"),
            ("notes", b""),
        ])
        .unwrap();
        let names: Vec<String> = theme.assets().iter().map(|a| a.name.to_owned()).collect();
        assert_eq!(names.len(), 2);
        assert_eq!(theme.style().map(str::len), Some(16 + ".css".len()));
        let other = of(&[("theme.css", b"b{}")]).unwrap();
        assert_ne!(theme.style(), other.style());
        assert_ne!(format!("{theme:?}"), format!("{other:?}"));
        assert_eq!(theme.icon(), None);
        let logo = of(&[("logo.svg", b"<svg/>")]).unwrap();
        let icon = of(&[("icon.svg", b"<svg/>")]).unwrap();
        let both = of(&[("icon.svg", b"<svg/>"), ("logo.svg", b"<svg/>")]).unwrap();
        assert_eq!(both.assets().len(), 1);
        assert_eq!(both.logo(), both.icon().map(|(name, _)| name));
        assert_ne!(format!("{logo:?}"), format!("{icon:?}"));
    }

    #[test]
    fn what_cannot_be_a_theme_is_refused_by_name() {
        let long = vec![b' '; THEME_FILE_BYTES + 1];
        for (files, error) in [
            (
                vec![("theme.css", &long[..])],
                ThemeError::TooLong("theme.css".into()),
            ),
            (
                vec![("logo.svg", b"a".as_slice()), ("logo.png", b"b")],
                ThemeError::Second("logo.png".into()),
            ),
            (
                vec![("theme.css", b"\xff".as_slice())],
                ThemeError::NotText("theme.css".into()),
            ),
        ] {
            assert_eq!(of(&files), Err(error));
        }
    }
}
