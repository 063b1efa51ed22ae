//! Settings on top of one another: defaults, file, environment, flags.

use std::path::{Path, PathBuf};

use naru_operations::Environment;
use naru_patcher::{TextError, read_text};
use naru_protocol::ErrorCode;

use crate::catalogue::{bad_text, no_home};
use crate::config::key::{KEYS, nearest};
use crate::config::layer::{Entry, Layer};
use crate::config::value::{Origin, Raw};
use crate::config::{file_2017, toml_file};
use crate::failure::Failure;
use crate::language::{Words, words};

/// The defaults.
pub fn defaults() -> Result<Layer, Failure> {
    let mut text = String::new();
    for key in KEYS {
        if let Some(default) = key.default {
            text.push_str(&format!("{}.{} = {default}\n", key.section, key.name));
        }
    }
    let mut layer = toml_file::read(Path::new("defaults"), &text)?;
    layer.come_from(&Origin::Default);
    Ok(layer)
}

/// The settings of the file, and which file that was.
pub fn file(environment: &Environment, chosen: Option<&Path>) -> Result<(Layer, Option<PathBuf>), Failure> {
    if let Some(path) = chosen {
        let chosen = environment.path(path);
        return chosen_file(&chosen.map_err(|error| Failure::new(ErrorCode::Config, no_home(path, &error)))?);
    }
    for folder in folders(environment) {
        let path = folder.join("naru.toml");
        // A folder of that name or a link into nothing is meant to be the settings: passing over it
        // would take those of a folder above.
        if path.symlink_metadata().is_ok() {
            return Ok((toml_file::read(&path, &text_of(&path)?)?, Some(path)));
        }
    }
    for folder in folders(environment) {
        let path = folder.join("config.json");
        if path.is_file()
            && let Some(layer) = file_2017::read(&path, &text_of(&path)?)?
        {
            return Ok((layer, Some(path)));
        }
    }
    Ok((Layer::default(), None))
}

/// The current folder, and those above it.
fn folders(environment: &Environment) -> impl Iterator<Item = &Path> {
    environment.cwd.iter().flat_map(|cwd| cwd.ancestors())
}

fn chosen_file(path: &Path) -> Result<(Layer, Option<PathBuf>), Failure> {
    let text = text_of(path)?;
    let layer = if path.extension().is_some_and(|extension| extension == "json") {
        file_2017::read(path, &text)?.ok_or_else(|| {
            let problem = words!(
                "{}: not a 2017 config.json: an object with `bucketname` or `cloudfrontURL` is expected",
                "{}: 2017년 config.json이 아닙니다. `bucketname`이나 `cloudfrontURL`이 든 객체여야 합니다",
                path.display()
            );
            Failure::new(ErrorCode::Config, problem)
        })?
    } else {
        toml_file::read(path, &text)?
    };
    Ok((layer, Some(path.to_path_buf())))
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let refuse = |problem: Words| Failure::new(ErrorCode::Config, problem);
    read_text(path).map_err(|error| match error {
        TextError::Io(error) => refuse(Words::same(format!("{}: {error}", path.display()))),
        TextError::Text(problem) => refuse(bad_text(path, problem)),
    })
}

/// The settings of the environment.
pub fn variables(environment: &Environment) -> Result<Layer, Failure> {
    let mut layer = Layer::default();
    for (name, text) in environment.variables() {
        let Some(key) = KEYS.iter().find(|key| key.env == name) else {
            refuse_misspelling(name)?;
            continue;
        };
        // An unset variable of a CI system often arrives as an empty one.
        if !text.is_empty() {
            let entry = Entry { raw: Raw::Text(text.to_owned()), origin: Origin::Env(key.env) };
            layer.set(key, entry);
        }
    }
    Ok(layer)
}

/// Other programs may own `NARU_…` names, but one letter beside a setting's name is a mistake.
fn refuse_misspelling(name: &str) -> Result<(), Failure> {
    let near = nearest(name, KEYS.iter().map(|key| key.env));
    match near.filter(|near| strsim::levenshtein(name, near) <= 2) {
        None => Ok(()),
        Some(near) => Err(Failure::new(
            ErrorCode::Config,
            words!(
                "environment variable {name} is unknown; did you mean {near}?",
                "없는 환경 변수입니다: {name}. 혹시 {near}입니까?"
            ),
        )),
    }
}
