//! Whose launcher it is.

use naru_brand::{BrandFile, Endpoints, Text};
use naru_patcher::notes_for;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Bilingual {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// A release's notes, as a reader of each language is shown them.
    pub(crate) fn of_notes(notes: &str) -> Self {
        Self { ko: notes_for("ko", notes), en: notes_for("en", notes) }
    }
}

/// What a studio has made of the launcher: a branding folder, compiled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Brand {
    /// The game's name.
    pub game: Bilingual,
    /// One line under it.
    pub tagline: Bilingual,
    /// The studio's name.
    pub studio: String,
    /// The accent colour on a light and on a dark ground, as `#rrggbb`.
    pub accent: [String; 2],
    /// Whether news are fetched from somewhere.
    pub has_news: bool,
}

impl Brand {
    pub(crate) fn of(brand: &BrandFile, endpoints: &Endpoints) -> Self {
        Self {
            game: brand.game.clone().into(),
            tagline: brand.tagline.clone().into(),
            studio: brand.studio.clone(),
            accent: [brand.accent.light.as_str().to_owned(), brand.accent.dark.as_str().to_owned()],
            has_news: endpoints.news.is_some(),
        }
    }
}

impl From<Text> for Bilingual {
    fn from(text: Text) -> Self {
        Self { ko: text.ko, en: text.en }
    }
}

/// A piece of the studio's news.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewsItem {
    /// When it was published: RFC 3339.
    pub date: String,
    /// Its headline.
    pub title: Bilingual,
    /// Plain text, lines kept.
    pub text: Bilingual,
}
