//! Colours.

use serde::Deserialize;

/// The accent colour on a light and on a dark background.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accent {
    /// On a light background.
    pub light: Colour,
    /// On a dark background.
    pub dark: Colour,
}

/// A colour as `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Colour(String);

impl Colour {
    /// The colour as `#rrggbb`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

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
