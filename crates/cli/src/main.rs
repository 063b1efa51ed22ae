//! The `naru` command: publish and update without a display.
//!
//! `main` alone looks at the environment and the terminal and hands on what it finds; the commands
//! are in [`command`], one file each.

mod args;
mod catalogue;
mod columns;
mod command;
mod command_line;
mod config;
mod confirm;
mod context;
mod failure;
mod help_ko;
mod language;
mod output;
mod panics;
mod progress;
mod quantity;
mod release_notes;
mod repeated_flags;
mod report;
mod stop;

use std::ffi::OsString;
use std::io::IsTerminal;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressDrawTarget};
use naru_operations::{Environment, NotText};
use naru_protocol::ErrorCode;
use naru_store::raise_open_files;
use tokio::runtime::Runtime;

use crate::args::{Args, Global};
use crate::catalogue::message;
use crate::command::Command;
use crate::context::Context;
use crate::failure::Failure;
use crate::language::{Language, Words, words};
use crate::output::Output;
use crate::panics::Panics;
use crate::stop::stop_requested;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let panics = Panics::watch(cache().map(|cache| cache.join("reports")));
    let language = command_line::language(&arguments, system_language());
    let args = match command_line::parse(&arguments, language) {
        Ok(args) => args,
        Err(error) => return refuse_arguments(&error, &arguments, language),
    };
    let output = output(&args.global, language);
    let environment = match environment() {
        Ok(environment) => environment,
        Err(failure) => return fail(&output, &failure),
    };
    let surroundings = (environment, std::io::stdin().is_terminal());
    let flags = args.repeated_flags();
    let context = Context::new(surroundings, output, args.global.config.clone(), flags);
    match catch_unwind(AssertUnwindSafe(|| carry_out(args, &context, &panics))) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(failure)) => end(&context, &arguments, failure),
        Err(_) => end(&context, &arguments, panics.failure()),
    }
}

fn carry_out(args: Args, context: &Context, panics: &Panics) -> Result<(), Failure> {
    let output = Arc::clone(&context.output);
    let end = move |failure: Failure| {
        output.fail(&failure);
        std::process::exit(i32::from(message(failure.code).exit));
    };
    let runtime = panics.ending(end, Runtime::new);
    let runtime =
        runtime.map_err(|error| Failure::new(ErrorCode::Internal, Words::same(error.to_string())))?;
    let run = || runtime.block_on(run_or_stop(args.command, context, panics));
    let ended = catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(panics.failure()));
    // What still runs in the background may be cut at any point: the next run copes with it.
    runtime.shutdown_timeout(Duration::from_secs(1));
    ended
}

async fn run_or_stop(command: Command, context: &Context, panics: &Panics) -> Result<(), Failure> {
    // A server is meant to be stopped: it ends by itself, and that is no failure. One request that
    // panics must not end it.
    if matches!(command, Command::Serve(_)) {
        return tokio::select! {
            ended = command::run(command, context) => ended,
            never = tell_of_panics(context, panics) => never,
        };
    }
    tokio::select! {
        ended = command::run(command, context) => ended,
        () = stop_requested() => Err(Failure::plain(ErrorCode::Cancelled)),
        () = panics.met() => Err(panics.failure()),
    }
}

async fn tell_of_panics(context: &Context, panics: &Panics) -> Result<(), Failure> {
    loop {
        panics.met().await;
        let failure = panics.failure();
        let joined = |language| {
            let lines: Vec<&str> = failure.detail.iter().map(|line| line.pick(language)).collect();
            lines.join("; ")
        };
        let words = Words { english: joined(Language::En), korean: joined(Language::Ko) };
        context.watcher.warn_about("internal", None, &words);
    }
}

fn end(context: &Context, arguments: &[OsString], failure: Failure) -> ExitCode {
    let name = command_line::command_name(arguments);
    let failure = failure.having_changed(context.tracker.changed()).of_command(name);
    let failure = failure.through(&context.environment.network);
    fail(&context.output, &failure.with_flags(Arc::clone(&context.flags)))
}

fn fail(output: &Output, failure: &Failure) -> ExitCode {
    output.fail(failure);
    ExitCode::from(message(failure.code).exit)
}

/// Help and version are results; a wrong command line is a failure in the form that was asked for,
/// as far as that can be told from a wrong command line.
fn refuse_arguments(error: &clap::Error, arguments: &[OsString], language: Language) -> ExitCode {
    let wants_json = arguments.iter().any(|argument| argument == "--json");
    if !error.use_stderr() || (command_line::is_answer(error) && !wants_json) {
        let _lost = error.print();
        return ExitCode::from(if error.use_stderr() { message(ErrorCode::Usage).exit } else { 0 });
    }
    let output = Output::new(language, wants_json, false, hidden_bars());
    fail(&output, &command_line::refused(error, arguments))
}

fn output(global: &Global, language: Language) -> Output {
    let bars = if global.json || global.quiet || !std::io::stderr().is_terminal() {
        hidden_bars()
    } else {
        MultiProgress::with_draw_target(ProgressDrawTarget::stderr())
    };
    Output::new(language, global.json, global.quiet, bars)
}

fn hidden_bars() -> MultiProgress {
    MultiProgress::with_draw_target(ProgressDrawTarget::hidden())
}

fn system_language() -> Language {
    sys_locale::get_locale().map_or(Language::En, |locale| Language::of_locale(&locale))
}

/// The one place that reads the process's surroundings.
fn environment() -> Result<Environment, Failure> {
    let cwd = std::env::current_dir().map_err(|error| {
        let problem = words!("the current folder: {error}", "현재 폴더: {error}");
        Failure::new(ErrorCode::NotFound, problem)
    })?;
    let mut environment = Environment::of(std::env::vars_os());
    environment.check_text().map_err(|NotText { name }| {
        let problem = words!(
            "environment variable {name} is not UTF-8 text",
            "환경 변수 {name} 값이 UTF-8 텍스트가 아닙니다"
        );
        Failure::new(ErrorCode::Config, problem)
    })?;
    environment.home = std::env::home_dir();
    environment.cwd = Some(cwd);
    environment.cache = cache();
    environment.open_files = raise_open_files();
    Ok(environment)
}

fn cache() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "naru").map(|dirs| dirs.cache_dir().to_path_buf())
}
