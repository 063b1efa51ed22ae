//! Changing a setting.

use std::path::{Path, PathBuf};

use naru_protocol::Channel;

use super::{Settings, Stored};
use crate::recheck::Check;
use crate::view::{ErrorCode, Problem, ProblemCode, SettingsChange};

/// Slower than this, an update would not end.
const LOWEST_RATE: u64 = 1024;

/// Arguments of a program, and their length: more than any game takes.
const MOST_ARGUMENTS: usize = 64;
const LONGEST_ARGUMENT: usize = 4096;

impl Settings {
    /// Changes one setting; it is on the disk when this returns.
    pub fn change(&self, change: SettingsChange) -> Result<(), Problem> {
        check(&change)?;
        let is_channel = matches!(change, SettingsChange::Channel(_));
        self.store(|stored| apply(stored, change))?;
        if is_channel {
            self.recheck.ask(Check::Game);
        }
        Ok(())
    }
}

impl Stored {
    /// Without invalid values, because the file may be edited by hand.
    pub(super) fn checked(mut self) -> Self {
        self.channel.take_if(|name| name.parse::<Channel>().is_err());
        self.rate_limit.take_if(|rate| *rate < LOWEST_RATE);
        // From wherever the launcher was started, `~/Games` would be a folder named `~`.
        self.install_folder.take_if(|folder| !folder.is_absolute());
        self.build_folder.take_if(|folder| !folder.is_absolute());
        if check_arguments(&self.launch_arguments).is_err() {
            self.launch_arguments.clear();
        }
        self
    }
}

fn check(change: &SettingsChange) -> Result<(), Problem> {
    let refuse = |detail: String| Err(Problem::new(ErrorCode::Config, detail));
    match change {
        SettingsChange::Channel(name) => match name.parse::<Channel>() {
            Ok(_) => Ok(()),
            Err(error) => refuse(error.to_string()),
        },
        SettingsChange::RateLimit(Some(rate)) if *rate < LOWEST_RATE => {
            refuse(format!("{rate} bytes per second; {LOWEST_RATE} is the least"))
        }
        SettingsChange::LaunchArguments(arguments) => match check_arguments(arguments) {
            Ok(()) => Ok(()),
            Err(detail) => refuse(detail),
        },
        SettingsChange::BuildFolder(Some(folder)) => check_build_folder(Path::new(folder)),
        _ => Ok(()),
    }
}

fn check_arguments(arguments: &[String]) -> Result<(), String> {
    if arguments.len() > MOST_ARGUMENTS {
        return Err(format!("more than {MOST_ARGUMENTS} arguments"));
    }
    let is_bad = |argument: &&String| argument.len() > LONGEST_ARGUMENT || argument.contains('\0');
    match arguments.iter().find(is_bad) {
        Some(_) => Err(format!("an argument has more than {LONGEST_ARGUMENT} bytes, or a zero byte")),
        None => Ok(()),
    }
}

fn check_build_folder(folder: &Path) -> Result<(), Problem> {
    if folder.is_absolute() && folder.is_dir() {
        return Ok(());
    }
    Err(Problem::new(ProblemCode::FolderUnusable, format!("{} is not a folder", folder.display())))
}

fn apply(stored: &mut Stored, change: SettingsChange) {
    match change {
        SettingsChange::Language(language) => stored.language = language,
        SettingsChange::Channel(name) => stored.channel = Some(name),
        SettingsChange::RateLimit(rate) => stored.rate_limit = rate,
        SettingsChange::LaunchArguments(arguments) => stored.launch_arguments = arguments,
        SettingsChange::StartWithSystem(on) => stored.start_with_system = on,
        SettingsChange::CloseToTray(on) => stored.close_to_tray = on,
        SettingsChange::BuildFolder(folder) => stored.build_folder = folder.map(PathBuf::from),
    }
}
