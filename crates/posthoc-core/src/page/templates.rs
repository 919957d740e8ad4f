//! The templates in one language.
//!
//! `{{ t("next-in-thread") }}` stands for a text. Most texts have nothing to be filled in, and a page has
//! dozens: they are put in when the templates are compiled, so that no page pays for its language. What
//! is filled in (`{{ t("last-on", date=date) }}`) is a call.

use super::strings::{Arg, Filled, Strings};
use crate::text::Html;
use minijinja::value::Kwargs;
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, Value};
use std::sync::Arc;

/// Instructions that one page's templates may run: some hundred times what the longest page needs.
const FUEL: u64 = 5_000_000;

/// How a text stands in a template that has nothing to fill in.
const OPEN: &str = "{{ t(\"";
const CLOSE: &str = "\") }}";

/// Compiles templates with the texts of a language.
///
/// # Errors
/// The name of the template that cannot be compiled, and why.
pub(super) fn compile<'s>(
    sources: impl Iterator<Item = (&'s str, &'s str)>,
    strings: &Arc<Strings>,
    undefined: UndefinedBehavior,
) -> Result<Environment<'static>, (String, Error)> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(undefined);
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    templates.set_formatter(|out, _, value| write_value(out, value));
    templates.set_fuel(Some(FUEL));
    let texts = Arc::clone(strings);
    templates.add_function("t", move |name: &str, args: Kwargs| {
        filled(name, &args, &texts)
    });
    for (name, source) in sources {
        templates
            .add_template_owned(name.to_owned(), with_texts(source, strings))
            .map_err(|error| (name.to_owned(), error))?;
    }
    Ok(templates)
}

/// A template with the texts that have nothing to be filled in. What could be read as a part of the
/// template's language is left to the call.
fn with_texts(source: &str, strings: &Strings) -> String {
    let mut out = String::with_capacity(source.len() + source.len() / 4);
    let mut rest = source;
    while let Some(at) = rest.find(OPEN) {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let name = tail[OPEN.len()..].split(CLOSE).next().unwrap_or_default();
        let end = (OPEN.len() + name.len() + CLOSE.len()).min(tail.len());
        let text = strings.plain(name);
        match text.filter(|text| !text.contains(['{', '}', '#', '%'])) {
            Some(text) => out.push_str(Html::text(text).as_str()),
            None => out.push_str(&tail[..end]),
        }
        rest = &tail[end..];
    }
    out.push_str(rest);
    out
}

/// A text, filled in, as markup: what was no markup is escaped.
fn filled(name: &str, args: &Kwargs, strings: &Strings) -> Result<Value, Error> {
    let mut values: Vec<(&str, Value)> = Vec::new();
    for arg in args.args() {
        values.push((arg, args.get(arg)?));
    }
    let args: Vec<(&str, Arg<'_>)> = values
        .iter()
        .map(|(name, value)| (*name, arg(value)))
        .collect();
    let mut out = String::new();
    let found = strings.pieces(name, &args, &mut |piece| match piece {
        Filled::Text(text) => out.push_str(Html::text(text).as_str()),
        Filled::Markup(markup) => out.push_str(markup.as_str()),
        Filled::Given(markup) => out.push_str(markup),
    });
    match found {
        true => Ok(Value::from_safe_string(out)),
        false => Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("no text is named {name}"),
        )),
    }
}

fn arg(value: &Value) -> Arg<'_> {
    match (value.as_str(), u64::try_from(value.clone())) {
        (Some(text), _) if value.is_safe() => Arg::Given(text),
        (Some(text), _) => Arg::Words(text),
        (None, Ok(number)) => Arg::Count(number),
        (None, Err(_)) => Arg::Words(""),
    }
}

/// Escapes as [`Html`] does, so that there is one way to escape; safe values are `Html` already.
fn write_value(out: &mut minijinja::Output<'_>, value: &Value) -> Result<(), Error> {
    if value.is_none() || value.is_undefined() {
        return Ok(());
    }
    let written = match value.as_str() {
        Some(text) if value.is_safe() => out.write_str(text),
        Some(text) => Html::escape(text, |piece| out.write_str(piece)),
        None => Html::escape(&value.to_string(), |piece| out.write_str(piece)),
    };
    written.map_err(|_| Error::new(ErrorKind::WriteFailure, "cannot write"))
}
