//! A studio's branding file, `brand.toml`. The launcher, its build and `xtask dist`
//! read it with this one reader, so that a mistake is found before anything is built.
//!
//! ```toml
//! studio = "Naru"
//! providers = ["kakao"]
//! game = { ko = "나룻배", en = "Ferry" }
//! tagline = { ko = "강을 건너세요", en = "Cross the river" }
//! accent = { light = "#0f766e", dark = "#5eead4" }
//!
//! [package]
//! name = "Ferry"
//! identifier = "com.example.ferry"
//!
//! [start]
//! kind = "web"            # or "native", with executable and arguments
//! entry = "index.html"
//!
//! [endpoints]
//! edge = "https://cdn.example.com"
//! services = "https://services.example.com"
//! ```

mod colour;
mod endpoints;
mod package;
mod start;
mod updates;

use serde::Deserialize;

pub use colour::{Accent, Colour};
pub use endpoints::{Endpoints, Publishing};
pub use package::{Identifier, Package, ProductName};
pub use start::Start;
pub use updates::{LauncherUpdates, PublicKey};

/// A studio's branding of the launcher.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrandFile {
    /// The game's name.
    pub game: Text,
    /// One line under it.
    pub tagline: Text,
    /// The studio's name.
    pub studio: String,
    /// The accent colours.
    pub accent: Accent,
    /// How the game is started.
    pub start: Start,
    /// The login providers that are offered, in their order.
    #[serde(default)]
    pub providers: Vec<String>,
    /// The studio's servers.
    #[serde(default)]
    pub endpoints: Endpoints,
    /// Settings of the packages; a launcher that is not packaged needs none.
    pub package: Option<Package>,
    /// Where newer launchers come from; without it the launcher never updates itself.
    pub launcher_updates: Option<LauncherUpdates>,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
}

/// A branding file that can't be used. The text names the line, the key and what it takes.
#[derive(Debug, thiserror::Error)]
#[error("brand.toml: {0}")]
pub struct BrandError(String);

impl BrandFile {
    /// Reads the text of a `brand.toml`.
    pub fn parse(text: &str) -> Result<Self, BrandError> {
        let brand: Self = toml::from_str(text).map_err(|error| BrandError(error.to_string()))?;
        match brand.providers.iter().find(|name| !is_provider(name)) {
            Some(name) => Err(BrandError(format!("providers: `{name}`: it takes names of a-z, 0-9 and `-`"))),
            None => Ok(brand),
        }
    }
}

/// A provider's name becomes a part of an address.
fn is_provider(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r##"
        studio = "Naru"
        providers = ["kakao"]
        game = { ko = "나룻배", en = "Ferry" }
        tagline = { ko = "강", en = "River" }
        accent = { light = "#0f766e", dark = "#5eead4" }
        [package]
        name = "Ferry Deluxe"
        identifier = "com.example.Ferry"
        [start]
        kind = "web"
        entry = "index.html"
        [endpoints]
        edge = "https://cdn.example.com"
    "##;

    fn refused(from: &str, to: &str) -> String {
        let text = GOOD.replace(from, to);
        assert_ne!(text, GOOD, "{from} is in the text");
        BrandFile::parse(&text).expect_err("it is wrong").to_string()
    }

    #[test]
    fn a_brand_says_what_is_shown_and_how_the_game_starts() {
        let brand = BrandFile::parse(GOOD).expect("a good brand");
        assert_eq!(brand.accent.light.as_str(), "#0f766e");
        assert!(matches!(&brand.start, Start::Web { entry } if entry.as_str() == "index.html"));
        assert_eq!(brand.endpoints.prefix.as_str(), "update", "the prefix of 2017 is the default");
    }

    #[test]
    fn a_package_is_named_for_people_and_for_systems() {
        let package = BrandFile::parse(GOOD).expect("a good brand").package.expect("it has a package");
        assert_eq!(package.name.program(), "ferry-deluxe", "a program's name has no spaces");
        assert_eq!(package.identifier.scheme(), "com.example.ferry", "schemes are compared in lower case");
        assert_eq!(package.icon(), "art/icon.svg", "the page's icon is the package's too");
        assert_eq!(package.version, None, "without a version, a package has the launcher's own");
    }

    #[test]
    fn a_server_is_spoken_to_over_tls_or_on_this_machine() {
        let edge = "edge = \"https://cdn.example.com\"";
        for (to, word) in [
            ("edge = \"http://cdn.example.com\"", "https:"),
            ("edge = \"http://0.0.0.0:9701\"", "https:"),
            ("edge = \"https://me:secret@cdn.example.com\"", "a password"),
            ("services = \"http://services.example.com\"", "https:"),
            ("news = \"ftp://example.com/news.json\"", "`ftp:`"),
            ("prefix = \"../up\"", "without"),
            ("[endpoints.publishing]\nbucket = \"s3://mine\"", "no s3://"),
            ("[endpoints.publishing]\nbucket = \"mine\"\nregion = \"us-east-1\\n\"", "region"),
            ("[endpoints.publishing]\nbucket = \"mine\"\ndistribution = \"E 1\"", "distribution"),
        ] {
            let error = refused(edge, to);
            assert!(error.contains(word), "{to} must be refused with {word}: {error}");
        }
        let here = GOOD.replace(edge, "edge = \"http://127.0.0.1:9701\"");
        assert!(BrandFile::parse(&here).is_ok(), "`naru serve` is on this machine");
        let feed = "[launcher_updates]\nurl = \"http://example.com/latest.json\"\n[start]";
        assert!(refused("[start]", feed).contains("https:"), "who listens learns what runs here");
    }

    #[test]
    fn an_error_names_the_key_and_what_it_takes() {
        for (from, to, words) in [
            ("studio", "stduio", ["stduio", "`studio`"]),
            ("#0f766e", "teal", ["light", "#rrggbb"]),
            ("\"web\"", "\"flash\"", ["flash", "`native`"]),
            ("index.html", "../index.html", ["[start]", "../index.html"]),
            ("[\"kakao\"]", "[\"kakao/../x\"]", ["providers", "a-z"]),
            ("\"com.example.Ferry\"", "\"ferry\"", ["identifier", "com.example.game"]),
            ("\"com.example.Ferry\"", "\"com.example.Ferry.app\"", ["identifier", "app"]),
            ("\"com.example.Ferry\"", "\"com.2048.Ferry\"", ["identifier", "letter"]),
            ("\"com.example.Ferry\"", "\"com.example.나루\"", ["identifier", "a-z"]),
            ("\"Ferry Deluxe\"", "\"나룻배\"", ["name", "a-z"]),
            ("\"Ferry Deluxe\"", "\"-rf\"", ["name", "letter"]),
            (
                "[start]",
                "[launcher_updates]\nurl = \"https://a.b\"\npublic_key = \"RWQf\"\n[start]",
                ["public_key", "signer generate"],
            ),
            ("[start]", "version = \"1.0\"\n[start]", ["version", "1.0"]),
            ("[start]", "icon = \"/etc/icon.svg\"\n[start]", ["icon", "/etc/icon.svg"]),
        ] {
            let error = refused(from, to);
            for word in words {
                assert!(error.contains(word), "{to} should be refused with {word}: {error}");
            }
        }
    }
}
