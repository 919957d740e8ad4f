//! The style sheet and the script: files named by their content, so that they may be cached for
//! ever and an old page never meets a new style.

use crate::route::Route;
use std::sync::LazyLock;

const STYLE: &str = include_str!("assets/posthoc.css");
const MID_SCRIPT: &str = include_str!("assets/mid.js");

/// A file that every site has under `assets/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its name: 16 hex digits of its BLAKE3 hash and its extension.
    pub name: &'static str,
    /// Its type.
    pub media_type: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
}

static STYLE_NAME: LazyLock<String> = LazyLock::new(|| hashed(STYLE, "css"));
static MID_SCRIPT_NAME: LazyLock<String> = LazyLock::new(|| hashed(MID_SCRIPT, "js"));

fn hashed(content: &str, extension: &str) -> String {
    let hash = blake3::hash(content.as_bytes()).to_hex();
    format!("{}.{extension}", &hash[..16])
}

/// All of them. A site has each at [`Route::Asset`] of its name.
pub fn assets() -> Vec<Asset> {
    vec![
        Asset {
            name: STYLE_NAME.as_str(),
            media_type: "text/css; charset=utf-8",
            bytes: STYLE.as_bytes(),
        },
        Asset {
            name: MID_SCRIPT_NAME.as_str(),
            media_type: "text/javascript; charset=utf-8",
            bytes: MID_SCRIPT.as_bytes(),
        },
    ]
}

pub(super) fn style_route() -> Route {
    Route::Asset(STYLE_NAME.clone())
}

pub(super) fn mid_script_route() -> Route {
    Route::Asset(MID_SCRIPT_NAME.clone())
}
