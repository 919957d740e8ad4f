//! What stands in the index, and the tokenizer that fills it.

use posthoc_core::query::{Doc, PARTS, Part, Purpose, Tokens, id_hash};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, OwnedValue, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer};

/// The version of the schema below; with the tokenizer's it names an index's format.
pub(super) const SCHEMA_VERSION: u32 = 2;
/// The tokenizer's name in the schema.
const TOKENIZER: &str = "posthoc";

/// The index's fields. Nothing is stored: a hit is a list and a number.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    /// The schema.
    pub(super) schema: Schema,
    /// List and number in one, see [`place`]: what a hit is, and by what a mail is deleted.
    pub(super) place: Field,
    /// The list, for the gate.
    pub(super) list: Field,
    /// The date, for ranges and order.
    pub(super) date: Field,
    /// The Message-ID's hash.
    pub(super) id: Field,
    /// Stored bytes, for ranges.
    pub(super) size: Field,
    parts: [Field; PARTS.len()],
}

/// Names of the columns that are read for hits.
pub(super) const PLACE: &str = "place";
/// See [`PLACE`].
pub(super) const DATE: &str = "date";

impl Fields {
    pub(super) fn new() -> Self {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let text = TextOptions::default().set_indexing_options(indexing);
        let place = schema.add_u64_field(PLACE, FAST | INDEXED);
        let list = schema.add_u64_field("list", INDEXED);
        let date = schema.add_i64_field(DATE, FAST);
        let id = schema.add_u64_field("id", INDEXED);
        let size = schema.add_u64_field("size", FAST);
        let parts = [
            "subject", "author", "to", "text", "quoted", "cc", "files", "types", "marks",
            "language",
        ]
        .map(|name| schema.add_text_field(name, text.clone()));
        Fields {
            schema: schema.build(),
            place,
            list,
            date,
            id,
            size,
            parts,
        }
    }

    /// The field of a part.
    pub(super) fn part(&self, part: Part) -> Field {
        self.parts[part as usize]
    }

    /// A mail's values.
    pub(super) fn values(&self, doc: &Doc) -> Vec<(Field, OwnedValue)> {
        let mut values = vec![
            (self.place, OwnedValue::U64(place(doc.list, doc.number))),
            (self.list, OwnedValue::U64(u64::from(doc.list))),
            (self.date, OwnedValue::I64(doc.date)),
            (self.id, OwnedValue::U64(id_hash(&doc.id))),
            (self.size, OwnedValue::U64(doc.size)),
        ];
        for part in PARTS {
            let text = doc.part(part);
            if !text.is_empty() {
                values.push((self.part(part), OwnedValue::Str(text.to_owned())));
            }
        }
        values
    }
}

/// A mail's place as one number.
pub(super) fn place(list: u32, number: u32) -> u64 {
    u64::from(list) << 32 | u64::from(number)
}

/// Gives an index the tokenizer of its schema.
pub(super) fn register(index: &tantivy::Index) {
    index
        .tokenizers()
        .register(TOKENIZER, TextAnalyzer::from(CoreTokenizer));
}

/// The core's tokenizer in the engine's clothes.
#[derive(Clone, Copy, Debug)]
struct CoreTokenizer;

struct CoreStream<'s> {
    tokens: Tokens<'s>,
    token: Token,
}

impl Tokenizer for CoreTokenizer {
    type TokenStream<'s> = CoreStream<'s>;

    fn token_stream<'s>(&'s mut self, text: &'s str) -> CoreStream<'s> {
        CoreStream {
            tokens: Tokens::new(text, Purpose::Index),
            token: Token::default(),
        }
    }
}

impl TokenStream for CoreStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(next) = self.tokens.next() else {
            return false;
        };
        self.token.text.clear();
        self.token.text.push_str(next.text);
        self.token.position = next.position as usize;
        self.token.offset_from = next.from;
        self.token.offset_to = next.to;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
