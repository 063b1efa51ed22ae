//! The page's side of the registry: `ui/src/backend/commands.ts`, made from it and compared with it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use naru_launcher_core::view::*;
use ts_rs::{Config, TS};

use crate::events::EVENT;

const WRITE: &str = "cargo test -p naru-launcher --lib write_page_commands -- --ignored";

/// A line of the registry, its types as TypeScript has them.
struct Command {
    doc: String,
    name: &'static str,
    given: Vec<(&'static str, String)>,
    answer: String,
}

fn registered() -> Vec<Command> {
    // JSON has one kind of number.
    let config = Config::default().with_large_int("number");
    macro_rules! typed {
        ($(
            $(#[doc = $doc:literal])+
            [$($window:ident),+] $module:ident::$name:ident($($given:ident: $kind:ty),*) -> $answer:ty;
        )+) => {
            vec![$(Command {
                doc: concat!($($doc),+).trim().to_owned(),
                name: stringify!($name),
                given: vec![$((stringify!($given), <$kind as TS>::name(&config))),*],
                answer: <$answer as TS>::name(&config),
            }),+]
        };
    }
    commands!(typed)
}

/// The whole of `ui/src/backend/commands.ts`.
fn page_commands() -> String {
    let commands = registered();
    let imports: BTreeSet<&str> = commands.iter().flat_map(Command::view_types).collect();
    let imports = imports.into_iter().collect::<Vec<_>>().join(", ");
    let methods: String = commands.iter().map(Command::method).collect();
    let calls: String = commands.iter().map(Command::call).collect();
    format!(
        "\
// Made from src-tauri/src/commands/registry.rs by: {WRITE}
// A test compares; change the Rust side.
import type {{ {imports} }} from './types'

/** What the page asks of the launcher. Every method rejects with a `Problem`. */
export interface Commands {{
{methods}}}

/** The name under which the launcher tells of changes. */
export const EVENT = '{EVENT}'

/** Calls a command of the launcher. */
export type Call = <Answer>(command: string, given?: Record<string, unknown>) => Promise<Answer>

export function commandsOver(call: Call): Commands {{
  return {{
{calls}  }}
}}
"
    )
}

impl Command {
    /// The types that `types.ts` declares: those of TypeScript itself are the only other names in capitals.
    fn view_types(&self) -> impl Iterator<Item = &str> {
        let types = self.given.iter().map(|(_, kind)| kind).chain([&self.answer]);
        let words = types.flat_map(|kind| kind.split(|letter: char| !letter.is_alphanumeric()));
        words.filter(|word| word.starts_with(char::is_uppercase) && *word != "Array")
    }

    fn method(&self) -> String {
        let given: Vec<_> =
            self.given.iter().map(|(name, kind)| format!("{}: {kind}", camel(name))).collect();
        let answer = if self.answer == "null" { "void" } else { &self.answer };
        format!("  /** {} */\n  {}({}): Promise<{answer}>\n", self.doc, camel(self.name), given.join(", "))
    }

    fn call(&self) -> String {
        let given: Vec<_> = self.given.iter().map(|(name, _)| camel(name)).collect();
        let given = given.join(", ");
        let object = if given.is_empty() { String::new() } else { format!(", {{ {given} }}") };
        format!("    {}: ({given}) => call('{}'{object}),\n", camel(self.name), self.name)
    }
}

/// As Tauri looks for a command's arguments.
fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (initial, rest) = word.split_at(1);
        name + &initial.to_uppercase() + rest
    })
}

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("ui/src/backend/commands.ts")
}

#[test]
fn the_page_calls_the_commands_of_the_registry() {
    let written = std::fs::read_to_string(file()).expect("ui/src/backend/commands.ts");
    assert!(written == page_commands(), "the registry has changed; run: {WRITE}");
}

#[test]
#[ignore = "writes ui/src/backend/commands.ts"]
fn write_page_commands() {
    std::fs::write(file(), page_commands()).expect("written");
}
