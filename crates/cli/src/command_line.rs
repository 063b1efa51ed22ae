//! From the process's arguments to a command, in the language that they ask for.

use std::ffi::OsString;

use clap::error::{ContextKind, ErrorKind};
use clap::{CommandFactory, FromArgMatches};
use naru_operations::Changed;
use naru_protocol::ErrorCode;

use crate::args::Args;
use crate::failure::Failure;
use crate::help_ko;
use crate::language::{Language, Words, words};

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
    Args::from_arg_matches(&command.try_get_matches_from(without_language_of_help(arguments))?)
}

/// clap's `help` takes only names of commands. The language, which was read before, may follow it too.
fn without_language_of_help(arguments: &[OsString]) -> Vec<OsString> {
    let named = |argument: &OsString| argument == "help" || NAMES.iter().any(|name| argument == name);
    if arguments.iter().skip(1).find(|argument| named(argument)).is_none_or(|first| first != "help") {
        return arguments.to_vec();
    }
    let is_value = |at: usize| at > 0 && arguments[at - 1] == "--lang";
    let is_language = |at: usize| match arguments[at].to_str() {
        Some("--lang" | "--lang=ko" | "--lang=en") => true,
        Some("ko" | "en") => is_value(at),
        _ => false,
    };
    (0..arguments.len()).filter(|at| !is_language(*at)).map(|at| arguments[at].clone()).collect()
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
    let problem = problem(error).unwrap_or_else(|| clap_words(error, arguments));
    Failure::new(ErrorCode::Usage, near(error, problem))
        .having_changed(Changed::OnlyRead)
        .of_command(command_name(arguments))
}

/// What clap says of a mistake that has no sentence here. The translated commands have their usage in
/// Korean, so it is asked again in English.
fn clap_words(error: &clap::Error, arguments: &[OsString]) -> Words {
    let english = match parse(arguments, Language::En) {
        Err(english) => english.render(),
        Ok(_) => error.render(),
    };
    Words {
        english: english.to_string().trim_end().into(),
        korean: error.render().to_string().trim_end().into(),
    }
}

fn part(error: &clap::Error, kind: ContextKind) -> String {
    error.get(kind).map(|value| value.to_string()).unwrap_or_default()
}

fn problem(error: &clap::Error) -> Option<Words> {
    let (argument, value) = (part(error, ContextKind::InvalidArg), part(error, ContextKind::InvalidValue));
    Some(match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let name = part(error, ContextKind::InvalidSubcommand);
            words!("unknown command: {name}", "알 수 없는 명령: {name}")
        }
        ErrorKind::UnknownArgument => {
            words!("unknown option or argument: {argument}", "알 수 없는 옵션 또는 인수: {argument}")
        }
        ErrorKind::MissingRequiredArgument => {
            words!("missing argument: {argument}", "빠진 인수: {argument}")
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            words!("missing command", "명령이 없습니다")
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            words!("missing value: {argument}", "값이 없습니다: {argument}")
        }
        ErrorKind::ValueValidation if argument == "<NUMBER>" => {
            words!(
                "`{value}` is not a whole number: {argument}",
                "`{value}`: {argument} 자리에는 0 이상의 정수를 써야 합니다"
            )
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            words!("`{value}` is not allowed: {argument}", "쓸 수 없는 값 `{value}`: {argument}")
        }
        ErrorKind::ArgumentConflict => {
            words!(
                "used more than once, or with an option that it excludes: {argument}",
                "두 번 이상 쓰거나 함께 쓸 수 없습니다: {argument}"
            )
        }
        _ => return None,
    })
}

/// Adds what was probably meant, or what is allowed.
fn near(error: &clap::Error, problem: Words) -> Words {
    let Words { english, korean } = problem;
    let allowed = part(error, ContextKind::ValidValue);
    if !allowed.is_empty() {
        return words!("{english}; allowed: {allowed}", "{korean}. 쓸 수 있는 값: {allowed}");
    }
    let meant = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg];
    let meant = meant.into_iter().map(|kind| part(error, kind)).filter(|text| !text.is_empty());
    let meant = meant.map(|text| format!("`{}`", text.replace(", ", "`, `")));
    let meant = meant.collect::<Vec<_>>().join(", ");
    match meant.as_str() {
        "" => words!("{english}", "{korean}"),
        meant => words!("{english}; did you mean {meant}?", "{korean}. 혹시 {meant}입니까?"),
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
    fn a_wrong_line_is_explained_in_both_languages() {
        for (line, english, korean) in [
            (
                "naru pubish",
                "unknown command: pubish; did you mean `publish`?",
                "알 수 없는 명령: pubish. 혹시 `publish`입니까?",
            ),
            (
                "naru publish build --jes",
                "unknown option or argument: --jes",
                "알 수 없는 옵션 또는 인수: --jes",
            ),
            ("naru publish", "missing argument: <BUILD_DIR>", "빠진 인수: <BUILD_DIR>"),
            (
                "naru rollback x",
                "`x` is not a whole number: <NUMBER>",
                "`x`: <NUMBER> 자리에는 0 이상의 정수를 써야 합니다",
            ),
            (
                "naru --lang de status",
                "`de` is not allowed: --lang <LANGUAGE>; allowed: ko, en",
                "쓸 수 없는 값 `de`: --lang <LANGUAGE>. 쓸 수 있는 값: ko, en",
            ),
            ("naru update --install", "missing value: --install <DIR>", "값이 없습니다: --install <DIR>"),
        ] {
            let arguments = arguments(line);
            let error = parse(&arguments, Language::Ko).expect_err(line);
            let detail = &refused(&error, &arguments).detail[0];
            assert!(detail.english.starts_with(english), "{line}: {}", detail.english);
            assert!(detail.korean.starts_with(korean), "{line}: {}", detail.korean);
        }
    }

    #[test]
    fn help_takes_the_language_wherever_it_stands() {
        for line in
            ["naru help --lang ko publish", "naru help publish --lang=ko", "naru --lang ko help publish"]
        {
            let arguments = arguments(line);
            let answer =
                parse(&arguments, language(&arguments, Language::En)).expect_err("help is no command");
            assert!(
                is_answer(&answer) && answer.to_string().contains("사용법: naru publish"),
                "{line}: {answer}"
            );
        }
        let wrong =
            parse(&arguments("naru help --lang de publish"), Language::En).expect_err("no such language");
        assert!(!is_answer(&wrong), "{wrong}");
    }
}
