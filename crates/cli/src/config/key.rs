//! Every setting there is, as one table: the reader, `naru init` and the documentation agree by it.

use crate::language::{Words, words};

/// What a value may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The name of a bucket.
    Bucket,
    /// A part of an object key, possibly empty.
    Prefix,
    /// The name of a region.
    Region,
    /// The id of a CloudFront distribution.
    Distribution,
    /// The address of a server: HTTPS, or HTTP on this machine.
    Url,
    /// A folder; a leading `~` is the user's home.
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
    pub fn allowed(self) -> Words {
        match self {
            Self::Bucket => words!(
                "the name of a bucket, such as \"my-game-patches\": no s3://, no slashes, no spaces",
                "버킷의 이름(예: \"my-game-patches\"). s3://, 슬래시, 공백은 쓸 수 없습니다"
            ),
            Self::Prefix => words!(
                "parts of a key, such as \"update\" or \"games/cave\": no `.` or `..`, no empty parts, no backslashes",
                "\"update\", \"games/cave\" 같은 키의 앞부분. `.`, `..`, 빈 부분, 역슬래시는 쓸 수 없습니다"
            ),
            Self::Region => {
                words!("a region, such as \"ap-northeast-2\"", "리전의 이름(예: \"ap-northeast-2\")")
            }
            Self::Distribution => words!(
                "the id of a distribution, such as \"E1234EXAMPLE\"",
                "CloudFront 배포의 ID(예: \"E1234EXAMPLE\")"
            ),
            Self::Url => words!(
                "a URL that begins with https://, or with http:// on this machine (127.0.0.1, localhost)",
                "https://로 시작하는 URL(이 컴퓨터의 127.0.0.1과 localhost에는 http://도 가능)"
            ),
            Self::Folder => words!(
                "the path of a folder; `~` is your own home folder",
                "폴더의 경로(`~`는 본인의 홈 폴더만 뜻합니다)"
            ),
            Self::Count(least, most) => {
                words!("a number from {least} to {most}", "{least} 이상 {most} 이하의 정수")
            }
            Self::Rate => words!(
                "bytes per second, such as \"500K\" or \"1.5M\"; \"0\" is no limit",
                "초당 바이트 수(예: \"500K\", \"1.5M\"), \"0\"은 제한 없음"
            ),
            Self::Globs => words!(
                "a list of patterns relative to the build folder, such as [\"*.ini\", \"saves/**\"]",
                "빌드 폴더 아래 패턴의 목록(예: [\"*.ini\", \"saves/**\"])"
            ),
            Self::Channel => words!("1 to 32 of a-z, 0-9 and -", "a-z, 0-9, - 1~32자"),
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
    /// The default, in TOML; `None` if there is none.
    pub default: Option<&'static str>,
    /// An example for `naru init`, in TOML, where there is no default.
    pub example: &'static str,
    /// What it is for, in English and Korean.
    pub about: [&'static str; 2],
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
        kind: Kind::Bucket,
        default: None,
        example: "\"my-game-patches\"",
        about: [
            "The S3 bucket that holds the releases. Versioning must be on. Required to publish.",
            "릴리스를 보관하는 S3 버킷. 버전 관리가 켜져 있어야 합니다. 배포할 때 필요합니다.",
        ],
    },
    Key {
        section: "store",
        name: "prefix",
        env: "NARU_PREFIX",
        name_2017: Some("uploadprefix"),
        kind: Kind::Prefix,
        default: Some("\"update\""),
        example: "",
        about: ["The prefix of all keys in the bucket.", "버킷 안의 모든 키 앞에 붙는 이름."],
    },
    Key {
        section: "store",
        name: "region",
        env: "NARU_REGION",
        name_2017: Some("region"),
        kind: Kind::Region,
        default: None,
        example: "\"ap-northeast-2\"",
        about: [
            "The region of the bucket. If unset, the AWS settings apply (AWS_REGION, profile).",
            "버킷의 리전. 없으면 AWS 설정(AWS_REGION, 프로필)을 따릅니다.",
        ],
    },
    Key {
        section: "edge",
        name: "url",
        env: "NARU_EDGE_URL",
        name_2017: Some("cloudfrontURL"),
        kind: Kind::Url,
        default: None,
        example: "\"https://d1234example.cloudfront.net/\"",
        about: [
            "The address that players download from. Required to update and repair.",
            "플레이어가 내려받는 주소. 업데이트하고 복구할 때 필요합니다.",
        ],
    },
    Key {
        section: "edge",
        name: "distribution",
        env: "NARU_DISTRIBUTION",
        name_2017: Some("cloudfrontDistributionId"),
        kind: Kind::Distribution,
        default: None,
        example: "\"E1234EXAMPLE\"",
        about: [
            "The CloudFront distribution to invalidate after a publish.",
            "릴리스를 배포한 뒤 무효화할 CloudFront 배포.",
        ],
    },
    Key {
        section: "publish",
        name: "preserve",
        env: "NARU_PRESERVE",
        name_2017: None,
        kind: Kind::Globs,
        default: Some("[]"),
        example: "",
        about: [
            "Files that an update writes once and never changes again, such as a sample save.",
            "업데이트가 한 번만 쓰고 다시는 바꾸지 않는 파일(예: 기본 저장 파일).",
        ],
    },
    Key {
        section: "publish",
        name: "config",
        env: "NARU_CONFIG_GLOBS",
        name_2017: None,
        kind: Kind::Globs,
        default: Some(r#"["*.ini", "*.cfg", "*.conf", "options.txt"]"#),
        example: "",
        about: [
            "Files that players may edit: an edited file is kept, and the release's version is put beside it as NAME.new.",
            "플레이어가 고치는 파일. 고친 파일은 그대로 두고 릴리스의 파일은 NAME.new로 옆에 둡니다.",
        ],
    },
    Key {
        section: "publish",
        name: "uploads",
        env: "NARU_UPLOADS",
        name_2017: None,
        kind: Kind::Count(1, 64),
        default: Some("16"),
        example: "",
        about: ["Number of parallel uploads.", "동시에 업로드하는 파일의 수."],
    },
    Key {
        section: "update",
        name: "install",
        env: "NARU_INSTALL",
        name_2017: None,
        kind: Kind::Folder,
        default: Some("\"resources\""),
        example: "",
        about: [
            "The folder where the game is installed, relative to the folder of this file.",
            "게임을 설치하는 폴더. 이 파일이 있는 폴더를 기준으로 합니다.",
        ],
    },
    Key {
        section: "update",
        name: "connections",
        env: "NARU_CONNECTIONS",
        name_2017: None,
        kind: Kind::Count(1, 64),
        default: Some("16"),
        example: "",
        about: ["Number of parallel downloads.", "동시에 내려받는 연결의 수."],
    },
    Key {
        section: "update",
        name: "limit_rate",
        env: "NARU_LIMIT_RATE",
        name_2017: None,
        kind: Kind::Rate,
        default: Some("\"0\""),
        example: "",
        about: [
            "Limit of the download rate in bytes per second, such as \"500K\" or \"2M\"; \"0\" is no limit.",
            "내려받는 속도의 한도(초당 바이트 수, 예: \"500K\", \"2M\"). \"0\"은 제한 없음.",
        ],
    },
    Key {
        section: "update",
        name: "channel",
        env: "NARU_CHANNEL",
        name_2017: None,
        kind: Kind::Channel,
        default: None,
        example: "\"beta\"",
        about: [
            "The channel to follow. If unset, the one that the game was installed from, else live.",
            "따라갈 채널. 없으면 설치할 때의 채널, 그것도 없으면 live.",
        ],
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
