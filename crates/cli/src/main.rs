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
mod panics;
mod progress;
mod quantity;
mod release_notes;
mod stop;
mod world;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressDrawTarget};
use naru_protocol::ErrorCode;
use naru_store::{Network, raise_open_files};
use tokio::runtime::Runtime;

use crate::args::{Args, Command, Global};
use crate::context::Context;
use crate::failure::Failure;
use crate::given::Given;
use crate::language::{Language, Words, words};
use crate::messages::message;
use crate::output::Output;
use crate::panics::Panics;
use crate::stop::stop_requested;
use crate::world::World;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let panics = Panics::watch(cache().map(|cache| cache.join("reports")));
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
    let given = Given::of(&args);
    let context = Context::new(world, output, args.global.config.clone(), given);
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
        let details = failure.detail.iter().map(|line| line.pick(context.language()));
        context.watcher.warn_about("internal", None, &details.collect::<Vec<_>>().join("; "));
    }
}

fn end(context: &Context, arguments: &[OsString], failure: Failure) -> ExitCode {
    let name = command_line::command_name(arguments);
    let failure = failure.having_changed(context.changed()).of_command(name).through(&context.world.network);
    fail(&context.output, &failure.with_given(Arc::clone(&context.given)))
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
        home: std::env::home_dir().filter(|home| !home.as_os_str().is_empty()),
        network: Arc::new(Network::of(|name| std::env::var_os(name))),
        cache: cache(),
        can_ask: std::io::stdin().is_terminal(),
        open_files: raise_open_files(),
    })
}

fn cache() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "naru").map(|dirs| dirs.cache_dir().to_path_buf())
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
