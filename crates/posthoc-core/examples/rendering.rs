//! How long it takes to read mails and make their pages: on standard input mails, each behind a line
//! with its length in bytes; on standard output mails, seconds and bytes of the pages, in JSON.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, missing_docs)]

#[path = "../tests/pages/sample.rs"]
#[allow(dead_code, unreachable_pub)]
mod sample;

use posthoc_core::message::{Limits, parse};
use posthoc_core::page::{Layout, Mask, MessageView, OwnLayout, Site, View, mask_body};
use posthoc_core::route::Route;
use std::io::{BufRead, Read};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mails = mails()?;
    let site = Site::default();
    let layout = OwnLayout::new(&site)?;
    let route = Route::List(sample::town());
    let model = sample::message();
    let began = Instant::now();
    let mut bytes = 0;
    for mail in &mails {
        let message = parse(mail, &Limits::default());
        let mut body = message.body(&Limits::default());
        mask_body(&mut body, Mask::At);
        let view = MessageView {
            body: sample::with_files(body),
            ..model.clone()
        };
        bytes += layout
            .render(&route, &View::Message(view.into()), &site)
            .bytes
            .len();
    }
    let seconds = began.elapsed().as_secs_f64();
    println!("[{}, {seconds}, {bytes}]", mails.len());
    Ok(())
}

fn mails() -> std::io::Result<Vec<Vec<u8>>> {
    let mut input = std::io::stdin().lock();
    let mut mails = Vec::new();
    let mut line = String::new();
    while input.read_line(&mut line)? > 0 {
        let length: u64 = line.trim().parse().unwrap_or_default();
        line.clear();
        let mut mail = Vec::new();
        (&mut input).take(length).read_to_end(&mut mail)?;
        mails.push(mail);
    }
    Ok(mails)
}
