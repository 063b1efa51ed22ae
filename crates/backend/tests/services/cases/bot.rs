//! The bot in Node: the same game file in an engine that is not the service's.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use naru_protocol::InputSpan;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

pub struct Bot {
    node: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// A whole run and what Node says of it.
#[derive(Debug, Deserialize)]
pub struct Flight {
    pub recording: Vec<InputSpan>,
    pub score: u32,
}

/// What a recording is worth.
#[derive(Debug, Deserialize)]
pub struct Worth {
    pub score: u32,
    pub over: bool,
}

impl Bot {
    pub fn start() -> Bot {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../backend/tests/bot/bot.mjs");
        let mut node = Command::new("node")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the bot needs Node, as the game's own tests do");
        let (input, output) = (node.stdin.take().unwrap(), node.stdout.take().unwrap());
        Bot { node, input, output: BufReader::new(output) }
    }

    /// A run of a player who is sometimes wrong.
    pub fn play(&mut self, seed: u32, luck: u32) -> Flight {
        self.ask(&json!({"play": seed, "luck": luck}))
    }

    /// A run of at least this many frames.
    pub fn survive(&mut self, seed: u32, frames: u32) -> Flight {
        self.ask(&json!({"survive": seed, "frames": frames}))
    }

    pub fn worth(&mut self, seed: u32, recording: &[InputSpan]) -> Worth {
        self.ask(&json!({"replay": seed, "recording": recording}))
    }

    fn ask<T: DeserializeOwned>(&mut self, request: &Value) -> T {
        writeln!(self.input, "{request}").unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.node.kill();
        let _ = self.node.wait();
    }
}
