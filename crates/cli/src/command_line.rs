//! From the process's arguments to a command, in the language that they ask for.

use std::ffi::OsString;

use clap::error::{ContextKind, ErrorKind};
use clap::{CommandFactory, FromArgMatches};
use naru_protocol::ErrorCode;

use crate::args::Args;
use crate::failure::{Changed, Failure};
use crate::help_ko;
use crate::language::{Language, Words};

/// The language of help and of a wrong command line, which are needed before it is read: `--lang`,
/// wherever it stands, else that of the system.
pub fn language(arguments: &[OsString], system: Language) -> Language {
    let mut arguments = arguments.iter().skip(1).take_while(|argument| *argument != "--");
    let mut wanted = None;
    while let (None, Some(argument)) = (&wanted, arguments.next()) {
        wanted = match argument.to_str() {
            Some("--lang") => arguments.next().and_then(|value| value.to_str()).map(str::to_owned),
            Some(text) => text.strip_prefix("--lang=").map(str::to_owned),
            None => None,
        };
    }
    match wanted.as_deref() {
        Some("ko") => Language::Ko,
        Some("en") => Language::En,
        _ => system,
    }
}

/// Reads the command line. The error is a wrong one, or help that was asked for.
pub fn parse(arguments: &[OsString], language: Language) -> Result<Args, clap::Error> {
    let command = match language {
        Language::En => Args::command(),
        Language::Ko => help_ko::translated(Args::command()),
    };
    Args::from_arg_matches(&command.try_get_matches_from(arguments)?)
}

/// The command that a command line names, also where the rest of it is wrong.
pub fn command_name(arguments: &[OsString]) -> Option<&'static str> {
    arguments.iter().skip(1).find_map(|argument| NAMES.iter().copied().find(|name| argument == name))
}

const NAMES: &[&str] =
    &["init", "publish", "releases", "rollback", "update", "verify", "repair", "status", "serve"];

/// Whether clap's own text is the answer: help and version, which are results.
pub fn is_answer(error: &clap::Error) -> bool {
    !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
}

/// A wrong command line as a failure.
pub fn refused(error: &clap::Error, arguments: &[OsString]) -> Failure {
    // The translated commands have their usage in Korean.
    let english = match parse(arguments, Language::En) {
        Err(english) => english.render(),
        Ok(_) => error.render(),
    };
    let english = english.to_string().trim_end().to_owned();
    Failure::new(ErrorCode::Usage, Words { english, korean: korean(error) })
        .having_changed(Changed::OnlyRead)
        .of_command(command_name(arguments))
}

fn korean(error: &clap::Error) -> String {
    let of = |kind| error.get(kind).map(|value| value.to_string()).unwrap_or_default();
    let (argument, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let problem = match error.kind() {
        ErrorKind::InvalidSubcommand => format!("알 수 없는 명령: {}", of(ContextKind::InvalidSubcommand)),
        ErrorKind::UnknownArgument => format!("알 수 없는 옵션 또는 인자: {argument}"),
        ErrorKind::MissingRequiredArgument => format!("빠진 인자: {argument}"),
        ErrorKind::MissingSubcommand => "명령이 없습니다".to_owned(),
        ErrorKind::InvalidValue if value.is_empty() => format!("값이 없습니다: {argument}"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("쓸 수 없는 값 `{value}`: {argument}")
        }
        ErrorKind::ArgumentConflict => format!("여러 번 쓰거나 함께 쓸 수 없습니다: {argument}"),
        _ => error.render().to_string().trim_end().to_owned(),
    };
    let near = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::ValidValue];
    let near: Vec<String> = near.into_iter().map(of).filter(|text| !text.is_empty()).collect();
    if near.is_empty() {
        problem
    } else {
        format!("{problem} (비슷하거나 쓸 수 있는 것: {})", near.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &str) -> Vec<OsString> {
        line.split(' ').map(OsString::from).collect()
    }

    #[test]
    fn the_language_is_known_before_the_command_line_is_read() {
        for (line, wanted) in [
            ("naru --lang ko --help", Language::Ko),
            ("naru update --lang=ko --wrong", Language::Ko),
            ("naru help --lang", Language::En),
            ("naru --lang de", Language::En),
            ("naru publish -- --lang ko", Language::En),
            ("naru update", Language::En),
        ] {
            assert_eq!(language(&arguments(line), Language::En), wanted, "{line}");
        }
        assert_eq!(language(&arguments("naru --lang en"), Language::Ko), Language::En, "the option wins");
    }

    #[test]
    fn the_command_in_use_is_found_in_a_wrong_line() {
        let known: Vec<_> =
            Args::command().get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
        assert_eq!(known, NAMES, "every command has a help to point to");
        assert_eq!(command_name(&arguments("naru --json update --wrong")), Some("update"));
        assert_eq!(command_name(&arguments("naru pubish")), None);
    }

    #[test]
    fn programs_read_the_english_refusal() {
        let arguments = arguments("naru publish --lang ko --json");
        let error = parse(&arguments, Language::Ko).expect_err("the folder is missing");
        let line = refused(&error, &arguments).to_json(Language::Ko);
        let detail = line["detail"].as_str().unwrap_or_default();
        assert!(detail.contains("BUILD_DIR") && detail.is_ascii(), "{detail}");
    }

    #[test]
    fn a_wrong_line_is_explained_in_korean() {
        for (line, part) in [
            ("naru pubish", "알 수 없는 명령: pubish (비슷하거나 쓸 수 있는 것: publish)"),
            ("naru publish build --jes", "알 수 없는 옵션 또는 인자: --jes"),
            ("naru publish", "빠진 인자: <BUILD_DIR>"),
            ("naru rollback x", "쓸 수 없는 값 `x`: <NUMBER>"),
            (
                "naru --lang de status",
                "쓸 수 없는 값 `de`: --lang <LANGUAGE> (비슷하거나 쓸 수 있는 것: ko, en)",
            ),
            ("naru update --install", "값이 없습니다: --install <DIR>"),
        ] {
            let arguments = arguments(line);
            let error = parse(&arguments, Language::Ko).expect_err(line);
            assert!(korean(&error).contains(part), "{line}: {}", korean(&error));
        }
    }
}
