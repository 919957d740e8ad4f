//! The door: forms to sign in and out.

use super::Around;
use crate::page::frame::Frame;
use crate::page::question::push_form_value;
use crate::page::{Chrome, SignInForm, SignInView};
use crate::route::Route;
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct SignIn {
    page: Frame,
    title: String,
    words: Vec<String>,
    /// `link`, `in`, `out` or `none`.
    form: &'static str,
    href: String,
    token: String,
    next: String,
}

pub(super) fn sign_in(view: &SignInView, around: &Around<'_>) -> SignIn {
    let strings = &around.links.strings;
    let title = strings.told(&view.title);
    let mut page = around.frame("door", &title, &Chrome::default());
    page.noindex = true;
    let mut href = around.links.to(&Route::SignIn);
    let (form, token, next) = match &view.form {
        SignInForm::Link { next } => {
            href.push_str("?next=");
            push_form_value(&mut href, next);
            ("link", "", "")
        }
        SignInForm::In { token, next } => ("in", token.as_str(), next.as_str()),
        SignInForm::Out { token } => {
            href = around.links.to(&Route::SignOut);
            ("out", token.as_str(), "")
        }
        SignInForm::None => ("none", "", ""),
    };
    SignIn {
        page,
        title,
        words: view.words.iter().map(|told| strings.told(told)).collect(),
        form,
        href,
        token: token.to_owned(),
        next: next.to_owned(),
    }
}
