//! Figures of the house itself: its size, and its first command.

use super::lab::Lab;
use super::{Row, row};
use crate::run::{command, show};
use crate::{smoke, tidy};
use anyhow::Result;
use std::time::Instant;

pub(super) fn packages(_: &Lab) -> Result<Vec<Row>> {
    let count = tidy::packages_of_the_binary()?.len();
    Ok(vec![row(
        "packages in the default dependency tree",
        count.to_string(),
        format!("under {}", tidy::MOST_PACKAGES),
        count < tidy::MOST_PACKAGES,
    )])
}

pub(super) fn readme(_: &Lab) -> Result<Vec<Row>> {
    show(&mut command("cargo", &["build", "--release", "--locked"]))?;
    let began = Instant::now();
    smoke::release()?;
    let value = format!("{:.1} s from start to page", began.elapsed().as_secs_f64());
    Ok(vec![row(
        "the README's first command",
        value,
        "a page",
        true,
    )])
}
