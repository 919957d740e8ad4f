//! What a key of the configuration is, and which values it takes.

use toml::de::DeValue;

/// Where a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Table {
    /// Above all tables of `posthoc.toml`.
    Root,
    /// `[site]`
    Site,
    /// `[serve]`
    Serve,
    /// `[limits]`
    Limits,
    /// `[defaults]`, and `lists.d/NAME.toml`.
    List,
    /// `lists.d/NAME.toml` alone: each list has its own.
    OneList,
}

/// One key: what the parser checks, `config show` prints and the book explains.
pub(crate) struct Key {
    pub(crate) table: Table,
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// What counts when nobody sets it.
    pub(crate) default: Default,
    /// One sentence.
    pub(crate) means: &'static str,
}

/// Which values a key takes.
pub(crate) enum Kind {
    /// A line of text for people.
    Line,
    /// A string that a rule holds for.
    Text(Rule),
    /// A path; a relative one begins at the folder of the file that it stands in.
    Path,
    /// One of these words; each with what it means.
    OneOf(&'static [(&'static str, &'static str)]),
    /// Strings that a rule holds for.
    Texts(Rule),
    /// A whole number of a unit, not below the first and not above the last.
    Whole(&'static str, u64, u64),
    /// true or false.
    Switch,
}

/// What to write, as in `a URL that begins with https://`, and whether a string is that.
pub(crate) struct Rule {
    pub(crate) write: &'static str,
    pub(crate) holds: fn(&str) -> bool,
}

/// What counts without a value.
#[derive(Clone, Copy)]
pub(crate) enum Default {
    /// Nothing; in words, what that means.
    Unset(&'static str),
    /// That string.
    Text(&'static str),
    /// That number.
    Whole(u64),
    /// On or off.
    Switch(bool),
}

/// A value that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    Texts(Vec<String>),
    Whole(u64),
    Switch(bool),
}

impl Value {
    /// As it is written in a file.
    pub(crate) fn toml(&self) -> String {
        match self {
            Value::Text(text) => quoted(text),
            Value::Texts(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
                format!("[{}]", texts.join(", "))
            }
            Value::Whole(number) => number.to_string(),
            Value::Switch(on) => on.to_string(),
        }
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        match self {
            Value::Text(text) => text.as_str().into(),
            Value::Texts(texts) => texts.clone().into(),
            Value::Whole(number) => (*number).into(),
            Value::Switch(on) => (*on).into(),
        }
    }
}

impl Default {
    pub(crate) fn value(self) -> Option<Value> {
        match self {
            Default::Unset(_) => None,
            Default::Text(text) => Some(Value::Text(text.to_owned())),
            Default::Whole(number) => Some(Value::Whole(number)),
            Default::Switch(on) => Some(Value::Switch(on)),
        }
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Bytes of a string, and strings of a list of them.
const LONGEST: usize = 1_000;

impl Kind {
    /// What is to be written, as in `a string, in quotes`.
    fn wanted(&self) -> &'static str {
        match self {
            Kind::Line | Kind::Text(_) | Kind::Path | Kind::OneOf(_) => "a string, in quotes",
            Kind::Texts(_) => "a list of strings, as in [\"a\", \"b\"]",
            Kind::Whole(..) => "a whole number",
            Kind::Switch => "true or false",
        }
    }

    /// Checks what stands in a file; else what is wrong with it.
    pub(crate) fn check(&self, name: &str, found: &DeValue<'_>) -> Result<Value, String> {
        match (self, found) {
            (Kind::Texts(rule), DeValue::Array(items)) => {
                let mut texts = Vec::new();
                for item in items {
                    let DeValue::String(text) = item.get_ref() else {
                        let what = kind_of(item.get_ref());
                        return Err(format!("{name} must be {}; it holds {what}", self.wanted()));
                    };
                    texts.push(string(name, text, Some(rule))?);
                }
                if texts.len() > LONGEST {
                    return Err(format!("{name} has more than {LONGEST} entries"));
                }
                Ok(Value::Texts(texts))
            }
            (Kind::Texts(_) | Kind::Whole(..) | Kind::Switch, DeValue::String(_))
            | (Kind::Switch, DeValue::Integer(_)) => Err(self.other(name, found)),
            (Kind::Whole(unit, least, most), DeValue::Integer(number)) => {
                let whole = u64::from_str_radix(number.as_str(), number.radix()).ok();
                match whole.filter(|whole| (*least..=*most).contains(whole)) {
                    Some(whole) => Ok(Value::Whole(whole)),
                    None => Err(format!("{name} = {number}: write {least} to {most} {unit}")),
                }
            }
            (Kind::Switch, DeValue::Boolean(on)) => Ok(Value::Switch(*on)),
            (Kind::Text(rule), DeValue::String(text)) => {
                string(name, text, Some(rule)).map(Value::Text)
            }
            (Kind::Line | Kind::Path, DeValue::String(text)) => {
                string(name, text, None).map(Value::Text)
            }
            (Kind::OneOf(words), DeValue::String(text)) => {
                match words.iter().any(|(word, _)| *word == text.as_ref()) {
                    true => Ok(Value::Text(text.to_string())),
                    false => {
                        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
                        Err(format!(
                            "{name} = {text:?} is not known: write {}",
                            words.join(", ")
                        ))
                    }
                }
            }
            _ => Err(self.other(name, found)),
        }
    }

    fn other(&self, name: &str, found: &DeValue<'_>) -> String {
        format!("{name} must be {}, not {}", self.wanted(), kind_of(found))
    }
}

fn string(name: &str, text: &str, rule: Option<&Rule>) -> Result<String, String> {
    if text.len() > LONGEST {
        return Err(format!("{name} is longer than {LONGEST} bytes"));
    }
    if text.chars().any(char::is_control) {
        return Err(format!("{name} = {text:?} must be one line"));
    }
    match rule {
        Some(rule) if !(rule.holds)(text) => {
            Err(format!("{name} = {text:?}: write {}", rule.write))
        }
        _ => Ok(text.to_owned()),
    }
}

/// What a value is, with its article.
pub(crate) fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
