//! What is read of a Mailman 2 installation.

use posthoc_core::message::Limits;
use posthoc_pipermail::read::{
    ListConfig, SiteConfig, numbered, page_id, pickle, text_volume_mails,
};

/// Any bytes give settings or an error, the same each time, and no password is among what is taken; a text volume has
/// no more mails than lines that begin one; a page names an id or none; every page gets a mail.
pub fn mailman2(bytes: &[u8]) {
    let limits = pickle::Limits {
        bytes: 1 << 20,
        nodes: 100_000,
    };
    let read = || ListConfig::of_pickle(bytes, &limits);
    assert!(read() == read(), "a pickle reads otherwise the second time");
    let told = ListConfig::of_config_list(bytes);
    for line in [&told.real_name, &told.description, &told.subject_prefix] {
        let text = line.as_deref().unwrap_or_default();
        assert!(
            !text.contains(char::is_control),
            "{text:?} is more than a line"
        );
    }
    let _ = SiteConfig::of_mm_cfg(bytes);
    let mails = text_volume_mails(bytes);
    let begins = bytes.split(|byte| *byte == b'\n');
    let begins = begins.filter(|line| line.starts_with(b"From ")).count();
    assert!(mails.len() <= begins, "more mails than beginnings");
    if let Some(id) = page_id(bytes) {
        assert!(id.len() <= bytes.len(), "an id out of nothing");
    }
    let pages: Vec<u32> = (0..Limits::default().depth as u32).collect();
    let found = numbered(&pages, &[mails], &mut |_| Some(bytes.to_vec()));
    assert_eq!(found.len(), pages.len(), "a page without a mail");
}
