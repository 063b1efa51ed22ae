//! The settings that a command runs with.

pub mod file_2017;
pub mod key;
pub mod layer;
pub mod layers;
pub mod template;
pub mod toml_file;
pub mod value;

use std::path::{Path, PathBuf};

use naru_operations::{BucketSettings, EdgeSettings, Environment};
use naru_patcher::{InstallFolder, RateLimit};
use naru_protocol::{Channel, ErrorCode};

use crate::catalogue::no_home;
use crate::config::key::{KEYS, Key};
use crate::config::layer::{Entry, Layer};
use crate::config::value::{Origin, Raw, Value};
use crate::failure::Failure;
use crate::language::{Words, words};

/// Settings given on the command line.
#[derive(Debug, Default)]
pub struct Flags(Vec<(&'static Key, &'static str, String)>);

impl Flags {
    /// Adds a flag where it was given; `section` and `name` say which setting it is.
    pub fn with(mut self, section: &str, name: &str, flag: &'static str, value: Option<String>) -> Self {
        let key = KEYS.iter().find(|key| (key.section, key.name) == (section, name));
        if let (Some(key), Some(value)) = (key, value) {
            self.0.push((key, flag, value));
        }
        self
    }

    fn layer(self) -> Layer {
        let mut layer = Layer::default();
        for (key, flag, text) in self.0 {
            layer.set(key, Entry { raw: Raw::Text(text), origin: Origin::Flag(flag) });
        }
        layer
    }
}

/// All settings, read and checked.
#[derive(Debug)]
pub struct Config {
    /// The one that was read.
    file: Option<PathBuf>,
    prefix: String,
    region: Option<String>,
    /// `edge.distribution`
    pub distribution: Option<String>,
    /// `publish.preserve`
    pub preserve: Vec<String>,
    /// `publish.config`
    pub config_globs: Vec<String>,
    /// `publish.uploads`
    pub uploads: usize,
    /// `update.install`, from the current folder.
    pub install: PathBuf,
    connections: usize,
    limit_rate: Option<u64>,
    channel: Option<Channel>,
    bucket: Option<String>,
    edge_url: Option<String>,
}

impl Config {
    /// Reads all layers.
    pub fn load(environment: &Environment, chosen: Option<&Path>, flags: Flags) -> Result<Self, Failure> {
        let is_to_be_made =
            chosen.is_some_and(|path| environment.path(path).is_ok_and(|path| !path.exists()));
        Self::read(environment, chosen, flags).map_err(|failure| match is_to_be_made {
            true => failure,
            false if failure.code != ErrorCode::Config => failure,
            false => failure.or_hint(words!(
                "correct the setting named above; docs/configuration.md explains every setting",
                "위에 나온 설정을 고치십시오. 모든 설정은 docs/configuration.md에 설명되어 있습니다"
            )),
        })
    }

    fn read(environment: &Environment, chosen: Option<&Path>, flags: Flags) -> Result<Self, Failure> {
        let (file_layer, file) = layers::file(environment, chosen)?;
        let mut settings = layers::defaults()?;
        settings.cover(file_layer);
        settings.cover(layers::variables(environment)?);
        settings.cover(flags.layer());
        settings.check_all()?;
        Self::from_settings(&settings, file, environment)
    }

    fn from_settings(
        settings: &Layer,
        file: Option<PathBuf>,
        environment: &Environment,
    ) -> Result<Self, Failure> {
        Ok(Self {
            prefix: text(settings, "store", "prefix")?.unwrap_or_default(),
            region: text(settings, "store", "region")?,
            distribution: text(settings, "edge", "distribution")?,
            preserve: globs(settings, "publish", "preserve")?,
            config_globs: globs(settings, "publish", "config")?,
            uploads: count(settings, "publish", "uploads")?,
            install: folder(settings, "update", "install", file.as_deref(), environment)?,
            connections: count(settings, "update", "connections")?,
            limit_rate: rate(settings, "update", "limit_rate")?,
            channel: text(settings, "update", "channel")?.map(|name| name.parse()).transpose()?,
            bucket: text(settings, "store", "bucket")?,
            edge_url: text(settings, "edge", "url")?,
            file,
        })
    }

    /// Where releases are published to. Publishing can't do without `store.bucket`.
    pub fn bucket(&self, channel: Channel) -> Result<BucketSettings, Failure> {
        let bucket = self.bucket.clone().ok_or_else(|| self.missing("store", "bucket"))?;
        Ok(BucketSettings {
            bucket,
            region: self.region.clone(),
            distribution: self.distribution.clone(),
            prefix: self.prefix.clone(),
            channel,
            aws: None,
        })
    }

    /// Where releases are fetched from. Updating can't do without `edge.url`.
    pub fn edge(&self) -> Result<EdgeSettings, Failure> {
        let url = self.edge_url.clone().ok_or_else(|| self.missing("edge", "url"))?;
        Ok(EdgeSettings {
            url,
            prefix: self.prefix.clone(),
            channel: self.channel.clone(),
            connections: Some(self.connections),
            rate_limit: RateLimit::new(self.limit_rate),
        })
    }

    /// `update.install`
    pub fn install_folder(&self) -> InstallFolder {
        InstallFolder::new(&self.install)
    }

    fn missing(&self, section: &str, name: &str) -> Failure {
        let env =
            KEYS.iter().find(|key| (key.section, key.name) == (section, name)).map_or("", |key| key.env);
        let read = match &self.file {
            Some(file) => words!("{} does not set it", "{}에 없습니다", file.display()),
            None => words!(
                "no naru.toml (or config.json) was found in this folder or above",
                "이 폴더와 상위 폴더에 naru.toml(또는 config.json)이 없습니다"
            ),
        };
        let Words { english, korean } = read;
        let problem = words!(
            "{section}.{name} is not set: {english}; set it there or as {env}",
            "{section}.{name} 설정이 없습니다: {korean}. 그 파일이나 환경 변수 {env}에 설정하십시오"
        );
        let failure = Failure::new(ErrorCode::Config, problem);
        match &self.file {
            None => failure,
            Some(file) => failure.with_hint(words!(
                "set {name} of [{section}] in {file}; docs/configuration.md explains every setting",
                "{file}의 [{section}]에 {name} 값을 설정하십시오. 모든 설정은 docs/configuration.md에 설명되어 있습니다",
                file = file.display()
            )),
        }
    }
}

fn text(settings: &Layer, section: &str, name: &str) -> Result<Option<String>, Failure> {
    Ok(match settings.value(section, name)? {
        Some((Value::Text(text), _)) => Some(text),
        _ => None,
    })
}

fn globs(settings: &Layer, section: &str, name: &str) -> Result<Vec<String>, Failure> {
    Ok(match settings.value(section, name)? {
        Some((Value::Globs(globs), _)) => globs,
        _ => Vec::new(),
    })
}

fn count(settings: &Layer, section: &str, name: &str) -> Result<usize, Failure> {
    Ok(match settings.value(section, name)? {
        Some((Value::Count(count), _)) => usize::try_from(count).unwrap_or(usize::MAX),
        _ => 1,
    })
}

fn rate(settings: &Layer, section: &str, name: &str) -> Result<Option<u64>, Failure> {
    Ok(match settings.value(section, name)? {
        Some((Value::Rate(rate), _)) => rate,
        _ => None,
    })
}

/// A folder named in a file is meant from the file's folder, as is the default beside a file; one
/// named in the environment or on the command line is relative to the current folder.
fn folder(
    settings: &Layer,
    section: &str,
    name: &str,
    file: Option<&Path>,
    environment: &Environment,
) -> Result<PathBuf, Failure> {
    let cwd = environment.cwd.as_deref().unwrap_or(Path::new(""));
    let Some((Value::Text(text), origin)) = settings.value(section, name)? else {
        return Ok(cwd.to_owned());
    };
    let base = match origin {
        Origin::File { .. } | Origin::Default => file.and_then(Path::parent).unwrap_or(cwd),
        Origin::Env(_) | Origin::Flag(_) => cwd,
    };
    let written = Path::new(&text);
    let expanded = environment.expand(written);
    let expanded = expanded.map_err(|error| Failure::new(ErrorCode::Config, no_home(written, &error)))?;
    Ok(base.join(expanded))
}
