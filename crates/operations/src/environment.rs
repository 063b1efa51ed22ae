//! What a process was started with. Its root takes one snapshot; nothing below a root reads the
//! environment again.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use naru_protocol::{HomeError, expand_home};
use naru_store::Network;

/// What the names of Naru's own variables begin with.
const OWN: &str = "NARU_";

/// The surroundings of a process.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// Proxies, certificates and AWS's variables.
    pub network: Arc<Network>,
    /// The user's home, where the system has one.
    pub home: Option<PathBuf>,
    /// The current folder. There is none where it was removed.
    pub cwd: Option<PathBuf>,
    /// A per-user folder for what can be made again.
    pub cache: Option<PathBuf>,
    /// How many files this process may hold open, where there is a limit.
    pub open_files: Option<u64>,
    variables: BTreeMap<String, String>,
    not_text: Option<String>,
}

/// A variable whose value is no text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("environment variable {name} is not UTF-8 text")]
pub struct NotText {
    /// Which variable.
    pub name: String,
}

/// A variable whose value its rule refuses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {problem}")]
pub struct VariableError {
    /// Which variable.
    pub name: &'static str,
    /// What is wrong with it.
    pub problem: String,
}

impl Environment {
    /// Reads a snapshot of the process's variables, as [`std::env::vars_os`] gives them.
    pub fn of(variables: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let all: Vec<_> = variables.into_iter().collect();
        let network = Network::of(|wanted| {
            let found = all.iter().find(|(name, _)| is_name(name, wanted));
            found.map(|(_, value)| value.clone())
        });
        let mut environment = Self { network: Arc::new(network), ..Self::default() };
        for (name, value) in all {
            if let Some(name) = name.to_str().filter(|name| name.starts_with(OWN)) {
                environment.keep(name, &value);
            }
        }
        environment
    }

    /// A value that is no text is kept as far as it is one: a root that does not insist on text lets
    /// the rule of the setting refuse it.
    fn keep(&mut self, name: &str, value: &OsStr) {
        if value.to_str().is_none() {
            self.not_text.get_or_insert_with(|| name.to_owned());
        }
        self.variables.insert(name.to_owned(), value.to_string_lossy().into_owned());
    }

    /// Refuses Naru's own variables that are not text.
    pub fn check_text(&self) -> Result<(), NotText> {
        match &self.not_text {
            Some(name) => Err(NotText { name: name.clone() }),
            None => Ok(()),
        }
    }

    /// Naru's own variables, also those that are empty.
    pub fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The value of one of Naru's own variables. An empty one counts as unset: a CI system sets what
    /// it does not have to nothing.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The value of a variable, read by the rule of its type.
    pub fn parsed<T, E: Display>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<Option<T>, VariableError> {
        let refused = |error: E| VariableError { name, problem: error.to_string() };
        self.variable(name).map(parse).transpose().map_err(refused)
    }

    /// A path with the user's home for a leading `~`. `--data=~/cloud` has met no shell that would have
    /// expanded it.
    pub fn expand(&self, written: &Path) -> Result<PathBuf, HomeError> {
        expand_home(written, self.home.as_deref().filter(|home| !home.as_os_str().is_empty()))
    }

    /// The same, from the current folder.
    pub fn path(&self, written: &Path) -> Result<PathBuf, HomeError> {
        let expanded = self.expand(written)?;
        Ok(match &self.cwd {
            Some(cwd) => cwd.join(expanded),
            None => expanded,
        })
    }
}

/// Windows does not tell `HTTP_PROXY` from `Http_Proxy`, other systems do.
fn is_name(name: &OsStr, wanted: &str) -> bool {
    if cfg!(windows) { name.eq_ignore_ascii_case(wanted) } else { name == wanted }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &str)]) -> Environment {
        Environment::of(variables.iter().map(|(name, value)| (name.into(), value.into())))
    }

    #[test]
    fn only_narus_own_variables_are_kept() {
        let read = environment(&[("NARU_BUCKET", "b"), ("AWS_SECRET_ACCESS_KEY", "s"), ("naru_x", "1")]);
        assert_eq!(read.variables().collect::<Vec<_>>(), [("NARU_BUCKET", "b")]);
        assert!(!format!("{read:?}").contains("\"s\""), "a secret must not get into a log: {read:?}");
    }

    #[test]
    fn an_empty_variable_is_unset() {
        let read = environment(&[("NARU_BUCKET", "")]);
        assert_eq!(read.variable("NARU_BUCKET"), None);
        assert_eq!(read.variables().count(), 1, "a misspelt name is still to be found");
    }

    #[test]
    fn a_variable_is_held_to_the_rule_of_its_type() {
        let read = environment(&[("NARU_UPLOADS", "many")]);
        let refused = read.parsed("NARU_UPLOADS", str::parse::<u8>).expect_err("it is no number");
        assert_eq!(refused.to_string(), "NARU_UPLOADS: invalid digit found in string");
        assert_eq!(read.parsed("NARU_BUCKET", str::parse::<u8>), Ok(None), "nobody has set it");
    }

    #[cfg(unix)]
    #[test]
    fn a_value_that_is_no_text_is_named() {
        use std::os::unix::ffi::OsStringExt;
        let latin = OsString::from_vec(b"caf\xe9".to_vec());
        let read = Environment::of([("NARU_INSTALL".into(), latin.clone()), ("OTHER".into(), latin)]);
        assert_eq!(read.check_text(), Err(NotText { name: "NARU_INSTALL".into() }));
        assert_eq!(read.variable("NARU_INSTALL"), Some("caf\u{fffd}"), "its own rule may refuse it");
        assert_eq!(environment(&[]).check_text(), Ok(()));
    }

    #[test]
    fn a_path_is_meant_from_the_current_folder_and_the_home() {
        let read = Environment {
            home: Some("/home/player".into()),
            cwd: Some("/srv".into()),
            ..Environment::default()
        };
        for (written, path) in [("game", "/srv/game"), ("/opt/game", "/opt/game"), ("~/g", "/home/player/g")]
        {
            assert_eq!(read.path(Path::new(written)), Ok(path.into()));
        }
        let homeless = Environment { home: Some(PathBuf::new()), ..read };
        assert_eq!(homeless.expand(Path::new("~")), Err(HomeError::NoHome), "HOME is set to nothing");
    }
}
