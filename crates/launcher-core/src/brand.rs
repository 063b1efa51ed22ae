//! A studio's branding file, `brand.toml`.
//!
//! ```toml
//! studio = "Naru"
//! providers = ["kakao"]
//! game = { ko = "나룻배", en = "Ferry" }
//! tagline = { ko = "강을 건너세요", en = "Cross the river" }
//! accent = { light = "#0f766e", dark = "#5eead4" }
//!
//! [start]
//! kind = "web"            # or "native", with executable and arguments
//! entry = "index.html"
//!
//! [endpoints]
//! edge = "https://cdn.example.com"
//! services = "https://services.example.com"
//! ```

use naru_protocol::RelPath;
use serde::Deserialize;

use crate::places::Endpoints;
use crate::view::{Brand, BrandText};

/// What a studio makes of the launcher.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrandFile {
    /// The game's name.
    pub game: BrandText,
    /// One line under it.
    pub tagline: BrandText,
    /// The studio's name.
    pub studio: String,
    /// The colours that stand out.
    pub accent: Accent,
    /// How the game is started.
    pub start: Start,
    /// The login providers that are offered, in their order.
    #[serde(default)]
    pub providers: Vec<String>,
    /// The studio's servers.
    #[serde(default)]
    pub endpoints: Endpoints,
}

/// The accent colour on a light and on a dark ground.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accent {
    /// On a light ground.
    pub light: Colour,
    /// On a dark ground.
    pub dark: Colour,
}

/// A colour as `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Colour(String);

impl TryFrom<String> for Colour {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let is_hex = |digits: &str| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        match text.strip_prefix('#') {
            Some(digits) if is_hex(digits) => Ok(Self(text)),
            _ => Err(format!("`{text}` is no colour: it takes `#rrggbb`")),
        }
    }
}

/// How the game is started.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Start {
    /// A page that is shown in a window of the launcher.
    Web {
        /// The page, in the install folder.
        entry: RelPath,
    },
    /// A program.
    Native {
        /// The program, in the install folder.
        executable: RelPath,
        /// What it is always started with.
        #[serde(default)]
        arguments: Vec<String>,
    },
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

    pub(crate) fn shown(&self, endpoints: &Endpoints) -> Brand {
        Brand {
            game: self.game.clone(),
            tagline: self.tagline.clone(),
            studio: self.studio.clone(),
            accent: [self.accent.light.0.clone(), self.accent.dark.0.clone()],
            has_news: endpoints.news.is_some(),
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
        assert_eq!(brand.shown(&brand.endpoints).accent[0], "#0f766e");
        assert!(matches!(&brand.start, Start::Web { entry } if entry.as_str() == "index.html"));
        assert_eq!(brand.endpoints.prefix, "update", "the prefix of 2017 is the default");
    }

    #[test]
    fn an_error_names_the_key_and_what_it_takes() {
        let error = refused("studio", "stduio");
        assert!(error.contains("stduio") && error.contains("`studio`"), "{error}");
        let error = refused("#0f766e", "teal");
        assert!(error.contains("light") && error.contains("#rrggbb"), "{error}");
        let error = refused("\"web\"", "\"flash\"");
        assert!(error.contains("flash") && error.contains("`native`"), "{error}");
        let error = refused("index.html", "../index.html");
        assert!(error.contains("../index.html"), "{error}");
        let error = refused("[\"kakao\"]", "[\"kakao/../x\"]");
        assert!(error.contains("a-z"), "{error}");
    }
}
