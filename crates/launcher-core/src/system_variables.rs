//! What the programs that the launcher starts find in their environment.

use std::ffi::{OsStr, OsString};
use std::process::Command;

/// What a program needs to find its user, its screen, its sound and its language. A list of what is
/// forbidden would always lack the newest token.
#[cfg(not(windows))]
const NEEDED: &[&str] = &[
    // The user, and where programs and temporary files are.
    "HOME",
    "LOGNAME",
    "PATH",
    "SHELL",
    "TMPDIR",
    "USER",
    "__CF_USER_TEXT_ENCODING",
    // What `xdg-open` opens pages with where no desktop decides.
    "BROWSER",
    // Language and time.
    "LANG",
    "LANGUAGE",
    "TZ",
    // The session and its screen.
    "DBUS_SESSION_BUS_ADDRESS",
    "DESKTOP_SESSION",
    "DISPLAY",
    "GNOME_DESKTOP_SESSION_ID",
    "KDE_FULL_SESSION",
    "KDE_SESSION_VERSION",
    "WAYLAND_DISPLAY",
    "XAUTHORITY",
    // Keyboards that compose, as for Korean.
    "GTK_IM_MODULE",
    "QT_IM_MODULE",
    "QT_IM_MODULES",
    "SDL_IM_MODULE",
    "XMODIFIERS",
    // Which graphics card and which sound server.
    "DRI_PRIME",
    "PULSE_SERVER",
    "SDL_AUDIODRIVER",
    "SDL_VIDEODRIVER",
    "VK_DRIVER_FILES",
    "VK_ICD_FILENAMES",
    "__GLX_VENDOR_LIBRARY_NAME",
    "__NV_PRIME_RENDER_OFFLOAD",
    "__VK_LAYER_NV_optimus",
];

#[cfg(not(windows))]
const NEEDED_FAMILIES: &[&str] = &["LC_", "XDG_"];

#[cfg(windows)]
const NEEDED: &[&str] = &[
    "ALLUSERSPROFILE",
    "APPDATA",
    "CommonProgramFiles",
    "CommonProgramFiles(x86)",
    "CommonProgramW6432",
    "COMPUTERNAME",
    "ComSpec",
    "HOMEDRIVE",
    "HOMEPATH",
    "LOCALAPPDATA",
    "NUMBER_OF_PROCESSORS",
    "OS",
    "PATH",
    "PATHEXT",
    "ProgramData",
    "ProgramFiles",
    "ProgramFiles(x86)",
    "ProgramW6432",
    "PUBLIC",
    "SESSIONNAME",
    "SystemDrive",
    "SystemRoot",
    "TEMP",
    "TMP",
    "USERDOMAIN",
    "USERNAME",
    "USERPROFILE",
    "windir",
];

#[cfg(windows)]
const NEEDED_FAMILIES: &[&str] = &["PROCESSOR_"];

/// The variables of the system and the session. A publisher's keys, tokens of a CI and all else that
/// the launcher was started with are not among them.
#[derive(Debug, Clone, Default)]
pub struct SystemVariables(Vec<(OsString, OsString)>);

impl SystemVariables {
    /// Picks them out of an environment.
    pub fn of(environment: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        Self(environment.into_iter().filter(|(name, _)| is_needed(name)).collect())
    }

    /// Makes them the whole environment of a program that is about to be started, beside what was set
    /// for it by name.
    pub fn hand_to(&self, command: &mut Command) {
        let set: Vec<(OsString, OsString)> = command
            .get_envs()
            .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
            .collect();
        command.env_clear();
        command.envs(self.0.iter().map(|(name, value)| (name, value))).envs(set);
    }
}

fn is_needed(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else {
        return false;
    };
    NEEDED.iter().any(|needed| is_same(name, needed))
        || NEEDED_FAMILIES
            .iter()
            .any(|family| name.get(..family.len()).is_some_and(|start| is_same(start, family)))
}

/// Windows ignores the case of names.
fn is_same(name: &str, other: &str) -> bool {
    if cfg!(windows) { name.eq_ignore_ascii_case(other) } else { name == other }
}

#[cfg(all(test, not(windows)))]
mod tests {
    use super::*;

    fn picked(names: &[&str]) -> Vec<String> {
        let all = names.iter().map(|name| (OsString::from(name), OsString::from("value")));
        SystemVariables::of(all).0.into_iter().filter_map(|(name, _)| name.into_string().ok()).collect()
    }

    #[test]
    fn the_session_is_handed_on() {
        let session = ["PATH", "HOME", "LANG", "LC_ALL", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"];
        assert_eq!(picked(&session), session, "a game can't open its window without them");
        let desktop = ["BROWSER", "KDE_FULL_SESSION", "KDE_SESSION_VERSION"];
        assert_eq!(picked(&desktop), desktop, "without its version, xdg-open asks a program of KDE 3");
    }

    #[test]
    fn keys_and_tokens_are_not() {
        let secrets = [
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "AWS_PROFILE",
            "GITHUB_TOKEN",
            "NPM_TOKEN",
            "TAURI_SIGNING_PRIVATE_KEY",
            "NARU_SERVICES_TOKEN",
            "NARU_DATA",
            "SSH_AUTH_SOCK",
            "HTTPS_PROXY",
            "LD_PRELOAD",
            "LD_LIBRARY_PATH",
            "PATH_TO_KEY",
            "path",
        ];
        assert_eq!(picked(&secrets), Vec::<String>::new());
    }

    #[test]
    fn what_was_set_by_name_stays() {
        let mut command = Command::new("game");
        command.env("NARU_SERVICES_URL", "https://services.example.com");
        SystemVariables::of([("HOME".into(), "/home/player".into())]).hand_to(&mut command);
        let set: Vec<_> = command.get_envs().collect();
        assert_eq!(set.len(), 2, "{set:?}");
    }
}
