//! What is said of every failure and warning, in both languages: one arm for each case, so that one
//! without words does not compile.
//!
//! A failure has a kind ([`code`]): exit code, sentence, next step. The particulars of an error of the
//! engine stand with its own next step, where that of its kind does not fit. Its English words are the
//! error's own: those go to logs and JSON as well.

mod build;
mod changed;
mod code;
mod local_cloud;
mod next_step;
mod publish;
mod settings;
mod store;
mod update;
mod warning;

use std::path::Path;

use naru_operations::{Cause, NextStep, OperationError, chain};

pub use build::bad_text;
pub use changed::changed;
pub use code::message;
pub use local_cloud::not_started;
pub use next_step::next_step;
pub use publish::{bad_notes, shorten_notes};
pub use settings::no_home;
pub use store::{bad_document, operation_noun};
pub use warning::{Said, warning};

use crate::language::Words;

/// What is said of one error.
#[derive(Debug)]
pub struct Entry {
    /// Particulars, one a line: path, URL, expected and actual.
    pub detail: Vec<Words>,
    /// What happened, where the sentence of its kind does not fit.
    pub sentence: Option<Words>,
    /// The next step, where that of its kind does not fit.
    pub hint: Option<Words>,
}

impl Entry {
    fn new(detail: Words) -> Self {
        Self::lines(vec![detail])
    }

    fn lines(detail: Vec<Words>) -> Self {
        Self { detail, sentence: None, hint: None }
    }

    fn sentence(self, sentence: Words) -> Self {
        Self { sentence: Some(sentence), ..self }
    }

    fn hint(self, hint: Words) -> Self {
        Self { hint: Some(hint), ..self }
    }
}

/// What is said of a failed operation.
pub fn failed_operation(error: &OperationError) -> Entry {
    let step = error.next_step();
    let entry = match &*error.cause {
        Cause::Settings(error) => settings::refused(error),
        // What could not be opened is not to blame: it is whatever came when the limit was reached.
        cause if step == Some(NextStep::RaiseOpenFiles) => Entry::new(Words::same(chain(cause))),
        Cause::Update(error) => update::failed(error),
        Cause::Publish(error) => publish::failed(error),
    };
    match step {
        Some(step) => entry.hint(next_step(&step)),
        None => entry,
    }
}

/// Something about a path, in Korean.
fn at(path: &Path, text: impl std::fmt::Display) -> String {
    format!("{}: {text}", path.display())
}
