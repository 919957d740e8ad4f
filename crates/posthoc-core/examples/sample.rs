//! Writes one page of each kind into a folder, to be looked at in a browser:
//! `cargo run -p posthoc-core --example sample -- DIR`
#![allow(clippy::disallowed_methods, missing_docs)]

#[path = "../tests/pages/sample.rs"]
#[allow(dead_code, unreachable_pub)]
mod sample;

use posthoc_core::page::{Layout, OwnLayout, Site};
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("which folder?")?;
    let site = Site {
        title: "lists.example.org".into(),
        ..Site::default()
    };
    let layout = OwnLayout::new(&site)?;
    for (route, view) in sample::pages() {
        let path = PathBuf::from(&folder).join(route.path());
        std::fs::create_dir_all(path.parent().ok_or("no folder")?)?;
        std::fs::write(path, layout.render(&route, &view, &site).bytes)?;
    }
    Ok(())
}
