//! Standard output and standard error: results on the one, everything else on the other.

use std::io::{self, ErrorKind, Write};

use indicatif::MultiProgress;
use naru_protocol::ErrorCode;
use serde::Serialize;

use crate::failure::Failure;
use crate::language::{Language, Words};
use crate::report::Report;

/// One line of the JSON contract; `type` comes first, for a person who reads along.
#[derive(Serialize)]
struct JsonLine<'a, T> {
    #[serde(rename = "type")]
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<&'a str>,
    #[serde(flatten)]
    body: &'a T,
}

/// Where a command's words go.
pub struct Output {
    /// The language of sentences.
    pub language: Language,
    /// Whether standard output is JSON lines.
    pub json: bool,
    /// Whether progress and remarks are left out.
    pub quiet: bool,
    bars: MultiProgress,
}

impl Output {
    /// Output that draws progress bars on `bars`.
    pub fn new(language: Language, json: bool, quiet: bool, bars: MultiProgress) -> Self {
        Self { language, json, quiet, bars }
    }

    /// The area that progress bars are drawn in.
    pub fn bars(&self) -> &MultiProgress {
        &self.bars
    }

    /// The result of a command.
    pub fn result(&self, command: &str, report: &impl Report) -> Result<(), Failure> {
        self.report("result", command, report)
    }

    /// The plan that a dry run comes to.
    pub fn plan(&self, command: &str, report: &impl Report) -> Result<(), Failure> {
        self.report("plan", command, report)
    }

    /// A plan that is carried out next.
    pub fn announce(&self, command: &str, report: &impl Report) -> Result<(), Failure> {
        if self.json {
            return self.json_line("plan", command, &report.json());
        }
        report.lines(self.language).iter().for_each(|line| self.remark(line));
        Ok(())
    }

    fn report(&self, kind: &str, command: &str, report: &impl Report) -> Result<(), Failure> {
        if self.json {
            return self.json_line(kind, command, &report.json());
        }
        report.lines(self.language).iter().try_for_each(|line| self.write_line(&printable(line)))
    }

    /// One JSON line of the contract that a command owes.
    fn json_line(&self, kind: &str, command: &str, body: &impl Serialize) -> Result<(), Failure> {
        let line = JsonLine { kind, command: Some(command), body };
        let text = serde_json::to_string(&line)
            .map_err(|error| Failure::new(ErrorCode::Internal, Words::same(format!("JSON: {error}"))))?;
        self.write_line(&text)
    }

    fn write_line(&self, line: &str) -> Result<(), Failure> {
        let written = self.bars.suspend(|| {
            let mut stdout = io::stdout().lock();
            writeln!(stdout, "{line}").and_then(|()| stdout.flush())
        });
        match written {
            // The reader (`head`) has what it wanted.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            Err(error) => Err(Failure::io("writing", "standard output".as_ref(), &error)),
            Ok(()) => Ok(()),
        }
    }

    /// A JSON line that is not essential: if it can't be written, the work continues.
    pub fn json_remark(&self, kind: &str, body: &impl Serialize) {
        let line = JsonLine { kind, command: None, body };
        if let Ok(text) = serde_json::to_string(&line) {
            let _lost = self.write_line(&text);
        }
    }

    /// A line on standard error that is not essential.
    pub fn remark(&self, line: &str) {
        if !self.quiet && !self.json {
            self.complain(line);
        }
    }

    /// Text on standard error, also when quiet.
    pub fn complain(&self, text: &str) {
        self.bars.suspend(|| {
            let _lost = writeln!(io::stderr().lock(), "{}", printable(text.trim_end()));
        });
    }

    /// A failure, in the form that was asked for.
    pub fn fail(&self, failure: &Failure) {
        if self.json {
            return self.json_remark("error", &failure.to_json(self.language));
        }
        match failure.remark(self.language) {
            Some(remark) => self.remark(&remark),
            None => self.complain(&failure.render(self.language)),
        }
    }
}

/// Notes, names and a server's words come from elsewhere, and a terminal obeys control characters.
fn printable(text: &str) -> String {
    let harmless = |character: char| match character {
        '\n' | '\t' => character,
        other if other.is_control() => char::REPLACEMENT_CHARACTER,
        other => other,
    };
    text.chars().map(harmless).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_gets_no_orders_from_elsewhere() {
        assert_eq!(printable("한글\tand\nlines"), "한글\tand\nlines");
        assert_eq!(printable("\u{1b}[31mred\u{9b}2J\r"), "\u{fffd}[31mred\u{fffd}2J\u{fffd}");
    }
}
