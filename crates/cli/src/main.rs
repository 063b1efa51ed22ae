//! The `naru` command: publish and update without a display.
//!
//! `main` alone looks at the environment and the terminal and hands on what it finds; the commands
//! are in [`command`], one file each.

mod args;
mod columns;
mod command;
mod command_line;
mod config;
mod confirm;
mod context;
mod endpoints;
mod engine_errors;
mod failure;
mod given;
mod help_ko;
mod language;
mod messages;
mod output;
mod progress;
mod quantity;
mod release_notes;
mod stop;
mod world;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::client::proxy::matcher::Matcher;
use indicatif::{MultiProgress, ProgressDrawTarget};
use naru_protocol::ErrorCode;
use tokio::runtime::Runtime;

use crate::args::{Command, Global};
use crate::context::Context;
use crate::failure::Failure;
use crate::given::Given;
use crate::language::{Language, Words, words};
use crate::messages::message;
use crate::output::Output;
use crate::stop::stop_requested;
use crate::world::World;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let language = command_line::language(&arguments, system_language());
    let args = match command_line::parse(&arguments, language) {
        Ok(args) => args,
        Err(error) => return refuse_arguments(&error, &arguments, language),
    };
    let output = output(&args.global, language);
    let world = match world() {
        Ok(world) => world,
        Err(failure) => return fail(&output, &failure),
    };
    let name = command_line::command_name(&arguments);
    let given = Given::of(&args);
    let context = Context::new(world, output, args.global.config, given);
    let runtime = match Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            let problem = Words::same(error.to_string());
            return fail(&context.output, &Failure::new(ErrorCode::Internal, problem));
        }
    };
    let ended = runtime.block_on(run_or_stop(args.command, &context));
    // What still runs in the background may be cut at any point: the next run copes with it.
    runtime.shutdown_timeout(Duration::from_secs(1));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let failure = failure.having_changed(context.changed()).of_command(name);
            fail(&context.output, &failure.with_given(Arc::clone(&context.given)))
        }
    }
}

async fn run_or_stop(command: Command, context: &Context) -> Result<(), Failure> {
    // A server is meant to be stopped: it ends by itself, and that is no failure.
    if matches!(command, Command::Serve(_)) {
        return command::run(command, context).await;
    }
    tokio::select! {
        ended = command::run(command, context) => ended,
        () = stop_requested() => Err(Failure::plain(ErrorCode::Cancelled)),
    }
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

fn world() -> Result<World, Failure> {
    let cwd = std::env::current_dir().map_err(|error| {
        let problem = words!("the current folder: {error}", "현재 폴더: {error}");
        Failure::new(ErrorCode::NotFound, problem)
    })?;
    Ok(World {
        variables: variables()?,
        cwd,
        proxies: Some(Arc::new(Matcher::from_env())),
        cache: directories::ProjectDirs::from("", "", "naru").map(|dirs| dirs.cache_dir().to_path_buf()),
        can_ask: std::io::stdin().is_terminal(),
    })
}

fn variables() -> Result<BTreeMap<String, String>, Failure> {
    let mut variables = BTreeMap::new();
    for (name, value) in std::env::vars_os() {
        let Some(name) = name.to_str().filter(|name| name.starts_with("NARU_")) else {
            continue;
        };
        let value = value.into_string().map_err(|_| {
            let problem = words!(
                "environment variable {name} is not UTF-8 text",
                "환경 변수 {name} 값이 UTF-8 텍스트가 아닙니다"
            );
            Failure::new(ErrorCode::Config, problem)
        })?;
        variables.insert(name.to_owned(), value);
    }
    Ok(variables)
}
