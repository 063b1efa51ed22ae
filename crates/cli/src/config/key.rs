//! Every setting there is, as one table: the reader, `naru init` and the documentation agree by it.

/// What a value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text that is not empty.
    Text,
    /// A part of an object key, possibly empty.
    Prefix,
    /// `http://` or `https://` and a host.
    Url,
    /// A folder.
    Folder,
    /// A number between the two, inclusive.
    Count(u64, u64),
    /// Bytes per second, as `2M`.
    Rate,
    /// A list of glob patterns.
    Globs,
    /// A channel name.
    Channel,
}

impl Kind {
    /// What is allowed, for messages and documentation.
    pub fn allowed(self) -> String {
        match self {
            Self::Text => "a text that is not empty".into(),
            Self::Prefix => "a text, such as \"update\" or \"games/cave\"".into(),
            Self::Url => "a URL that begins with http:// or https://".into(),
            Self::Folder => "the path of a folder".into(),
            Self::Count(least, most) => format!("a number from {least} to {most}"),
            Self::Rate => "bytes per second, such as \"500K\" or \"2M\"; \"0\" is no limit".into(),
            Self::Globs => "a list of patterns, such as [\"*.ini\"]".into(),
            Self::Channel => "1 to 32 of a-z, 0-9 and -".into(),
        }
    }
}

/// One setting.
#[derive(Debug, PartialEq, Eq)]
pub struct Key {
    /// Its table in `naru.toml`.
    pub section: &'static str,
    /// Its name there.
    pub name: &'static str,
    /// The environment variable that overrides the file.
    pub env: &'static str,
    /// Its key in the `config.json` of 2017.
    pub name_2017: Option<&'static str>,
    /// What it may be.
    pub kind: Kind,
    /// What holds where nobody says anything, in TOML; `None` where there is no such value.
    pub default: Option<&'static str>,
    /// An example for `naru init`, in TOML, where there is no default.
    pub example: &'static str,
    /// What it is for.
    pub about: &'static str,
}

impl Key {
    /// `section.name`
    pub fn path(&self) -> String {
        format!("{}.{}", self.section, self.name)
    }
}

/// All settings, in the order in which `naru init` writes them.
pub const KEYS: &[Key] = &[
    Key {
        section: "store",
        name: "bucket",
        env: "NARU_BUCKET",
        name_2017: Some("bucketname"),
        kind: Kind::Text,
        default: None,
        example: "\"my-game-patches\"",
        about: "The S3 bucket that holds the releases. Versioning must be on. Needed to publish.",
    },
    Key {
        section: "store",
        name: "prefix",
        env: "NARU_PREFIX",
        name_2017: Some("uploadprefix"),
        kind: Kind::Prefix,
        default: Some("\"update\""),
        example: "",
        about: "What all keys in the bucket begin with.",
    },
    Key {
        section: "store",
        name: "region",
        env: "NARU_REGION",
        name_2017: Some("region"),
        kind: Kind::Text,
        default: None,
        example: "\"ap-northeast-2\"",
        about: "The region of the bucket. Without it, the AWS settings decide (AWS_REGION, profile).",
    },
    Key {
        section: "edge",
        name: "url",
        env: "NARU_EDGE_URL",
        name_2017: Some("cloudfrontURL"),
        kind: Kind::Url,
        default: None,
        example: "\"https://d1234example.cloudfront.net/\"",
        about: "Where players fetch from. Needed to update, verify online and repair.",
    },
    Key {
        section: "edge",
        name: "distribution",
        env: "NARU_DISTRIBUTION",
        name_2017: Some("cloudfrontDistributionId"),
        kind: Kind::Text,
        default: None,
        example: "\"E1234EXAMPLE\"",
        about: "The CloudFront distribution whose copy of version.json is dropped after a publish.",
    },
    Key {
        section: "publish",
        name: "preserve",
        env: "NARU_PRESERVE",
        name_2017: None,
        kind: Kind::Globs,
        default: Some("[]"),
        example: "",
        about: "Files that an update writes once and never again, such as a sample save.",
    },
    Key {
        section: "publish",
        name: "config",
        env: "NARU_CONFIG_GLOBS",
        name_2017: None,
        kind: Kind::Globs,
        default: Some(r#"["*.ini", "*.cfg", "*.conf", "options.txt"]"#),
        example: "",
        about: "Files that players change: a changed one is kept, and ours is put beside it as NAME.new.",
    },
    Key {
        section: "publish",
        name: "uploads",
        env: "NARU_UPLOADS",
        name_2017: None,
        kind: Kind::Count(1, 64),
        default: Some("16"),
        example: "",
        about: "How many uploads run at once.",
    },
    Key {
        section: "update",
        name: "install",
        env: "NARU_INSTALL",
        name_2017: None,
        kind: Kind::Folder,
        default: Some("\"resources\""),
        example: "",
        about: "The folder that the game is installed in. In a file: as seen from the file's folder.",
    },
    Key {
        section: "update",
        name: "connections",
        env: "NARU_CONNECTIONS",
        name_2017: None,
        kind: Kind::Count(1, 64),
        default: Some("16"),
        example: "",
        about: "How many downloads run at once.",
    },
    Key {
        section: "update",
        name: "limit_rate",
        env: "NARU_LIMIT_RATE",
        name_2017: None,
        kind: Kind::Rate,
        default: Some("\"0\""),
        example: "",
        about: "Bytes per second that a download may use, such as \"500K\" or \"2M\"; \"0\" is no limit.",
    },
    Key {
        section: "update",
        name: "channel",
        env: "NARU_CHANNEL",
        name_2017: None,
        kind: Kind::Channel,
        default: None,
        example: "\"beta\"",
        about: "The line of releases to follow. Without it, the one that the game was installed from, else live.",
    },
];

/// Keys of the 2017 `config.json` that concern its other parts (login, scores).
pub const OTHER_KEYS_2017: &[&str] = &["api_url", "IdentityPoolId", "score_api_url", "scorehistory_api_url"];

/// The known name that a wrong one was probably meant to be.
pub fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|name| (strsim::jaro_winkler(&wrong.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
