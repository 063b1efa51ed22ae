//! Expands `~` in settings, which no shell has expanded.

use std::path::{Component, Path, PathBuf};

/// Why a path with `~` can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HomeError {
    /// This machine has no home folder for the user, or names one by a relative path.
    #[error("there is no home folder for `~`")]
    NoHome,
    /// Another user's home, which is not supported.
    #[error("`~` means your own home only; write `./~name` for a folder of that name")]
    OfSomebody,
}

/// A path whose leading `~` is the user's home. Others stay as they are.
pub fn expand_home(path: &Path, home: Option<&Path>) -> Result<PathBuf, HomeError> {
    let mut parts = path.components();
    match parts.next() {
        Some(Component::Normal(first)) if first == "~" => {
            // With a relative home, the path would depend on the folder that the program is started in.
            let home = home.filter(|home| home.has_root()).ok_or(HomeError::NoHome)?;
            Ok(home.join(parts.as_path()))
        }
        Some(Component::Normal(first)) if first.as_encoded_bytes().starts_with(b"~") => {
            Err(HomeError::OfSomebody)
        }
        _ => Ok(path.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leading_tilde_is_the_home() {
        let home = Some(Path::new("/home/player"));
        let expand = |path: &str| expand_home(Path::new(path), home);
        assert_eq!(expand("~/Games/demo"), Ok("/home/player/Games/demo".into()));
        assert_eq!(expand("~"), Ok("/home/player".into()));
        for same in ["games/~/demo", "./~", "/srv/~", "games"] {
            assert_eq!(expand(same), Ok(same.into()), "{same} has no `~` at its beginning");
        }
        assert_eq!(expand("~root/games"), Err(HomeError::OfSomebody));
        for none in [None, Some(Path::new("")), Some(Path::new("player")), Some(Path::new("./player"))] {
            assert_eq!(expand_home(Path::new("~/x"), none), Err(HomeError::NoHome), "{none:?}");
        }
    }
}
