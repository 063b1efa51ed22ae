//! The command line.

use std::path::PathBuf;

use clap::Parser;

use crate::command::Command;
use crate::language::Language;
use crate::repeated_flags::RepeatedFlags;

const GLOBAL: &str = "Options of every command";

const AFTER_HELP: &str = "\
Examples:
  naru init                                     write a commented naru.toml
  naru publish patch --notes notes.md           publish the folder `patch`; asks first
  naru publish patch --yes --json               the same in CI
  naru update --install game                    update the folder `game` to the newest release
  naru serve --data cloud                       try everything on this machine

Settings come from naru.toml, NARU_* variables and options; see docs/configuration.md.
Exit codes and JSON lines are described in docs/publishing.md.";

/// Publish game releases, and install and update them.
#[derive(Debug, Parser)]
#[command(name = "naru", version, after_help = AFTER_HELP, subcommand_required = true)]
pub struct Args {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, clap::Args)]
pub struct Global {
    /// Print JSON lines to standard output, for scripts
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub json: bool,
    /// Read this file instead of searching for naru.toml
    #[arg(long, global = true, value_name = "FILE", help_heading = GLOBAL)]
    pub config: Option<PathBuf>,
    /// Language of messages: ko or en [default: the system's]
    #[arg(long, global = true, value_name = "LANGUAGE", hide_possible_values = true, help_heading = GLOBAL)]
    pub lang: Option<Language>,
    /// Hide progress and remarks, but not warnings and errors
    #[arg(long, short, global = true, help_heading = GLOBAL)]
    pub quiet: bool,
}

impl Args {
    /// What the next command needs as well.
    pub fn repeated_flags(&self) -> RepeatedFlags {
        let (install, channel) = self.command.install_and_channel();
        let config = self.global.config.as_ref().map(|path| path.display().to_string());
        RepeatedFlags { install, channel, config }
    }
}
