//! The query language: the same in every door.
//!
//! 1. [`Query::parse`] reads what was typed, or says what is wrong and where. The fields are one
//!    table, [`FIELDS`], which [`help`] prints.
//! 2. [`Query::plan`] resolves it: words become tokens by the one tokenizer ([`Tokens`]), days
//!    become instants, names of lists numbers. Every index answers a [`Plan`] alike.
//! 3. [`Matcher`] answers it for one mail, for the tail that an index has not reached.
//! 4. [`snippet`] shows where a text has what was asked for.
//! 5. [`Query::narrowed`], [`near_words`]: where a query leads on.
//! 6. [`Gather`] and [`build`] make the files by which a page searches without a server.
//!
//! Not here: any other index; who may see a mail (the gate is the caller's); ranking.

mod ast;
mod doc;
mod facts;
mod fault;
mod field;
mod fold;
mod language;
mod lead;
mod matcher;
mod parse;
mod places;
mod plan;
mod shards;
mod snippet;
mod stem;
#[cfg(test)]
mod tests;
mod token;
mod when;

pub use ast::{Expr, MAX_BYTES, MAX_CLAUSES, MAX_DEPTH, Query};
pub use doc::Doc;
pub use facts::{Has, State};
pub use fault::{Fault, Known, QueryError};
pub use field::{FIELDS, Field, FieldInfo, Kind, field, help};
pub use language::language;
pub use lead::{by_author, near_words, within};
pub use matcher::Matcher;
pub use places::{Places, Standing};
pub use plan::{PARTS, Part, Plan, Scope, id_hash};
pub use shards::{
    Gather, LEAF, LINES, Listed, Posting, Run, SEALED, SHARD_PARTS, SHARDS_VERSION, Shard,
    ShardFile, Shown, Span, WORDS_FILE, build, chunk_words, id_word, read, spans, unwrapped,
    which_lists, word_hashes,
};
pub use snippet::{Piece, snippet};
pub use stem::{Forms, Stems};
pub use token::{
    MAX_FIELD_TOKENS, MAX_TOKEN_BYTES, Purpose, QueryToken, TOKENIZER_VERSION, Token, Tokens,
    query_tokens,
};
pub use when::{Unit, When};
