//! The public copy of any bytes.

use crate::{all_mails, read};
use posthoc_core::message::{Limits, Part};
use posthoc_core::page::{LEFT_OUT, Mask, public_bytes};

const MASKS: [Mask; 4] = [Mask::None, Mask::At, Mask::Domain, Mask::Full];

fn shape(root: &Part) -> Vec<(String, Option<String>)> {
    let mut shape = Vec::new();
    let mut parts = vec![root];
    while let Some(part) = parts.pop() {
        shape.push((part.media_type.clone(), part.content_id.clone()));
        parts.extend(&part.children);
    }
    shape
}

#[test]
fn copies_are_the_same_mails() {
    for raw in all_mails() {
        let message = read(&raw);
        for mask in MASKS {
            let copy = public_bytes(&raw, mask, &[], &Limits::default());
            let shown = String::from_utf8_lossy(&raw);
            let read = read(&copy);
            assert_eq!(shape(&read.root), shape(&message.root), "{mask:?} {shown}");
            assert_eq!(
                read.subject,
                mask.text(&message.subject),
                "{mask:?} {shown}"
            );
            let again = public_bytes(&copy, mask, &[], &Limits::default());
            let same = String::from_utf8_lossy(&again) == String::from_utf8_lossy(&copy);
            assert!(same, "{mask:?} {}", String::from_utf8_lossy(&copy));
        }
    }
}

#[test]
fn any_bytes_have_a_copy() {
    for raw in all_mails() {
        for eighth in 1..8 {
            let cut = raw.len() * eighth / 8;
            for mask in MASKS {
                public_bytes(&raw[..cut], mask, &[], &Limits::default());
                public_bytes(&raw[cut..], mask, &[], &Limits::default());
            }
        }
    }
}

#[test]
fn the_book_names_every_field_that_is_left_out() {
    let book = include_str!("../../../../docs/privacy.md");
    for name in LEFT_OUT {
        assert!(book.contains(&format!("`{name}`")), "{name}");
    }
}
