//! Settings of the launcher's packages.

use naru_protocol::RelPath;
use semver::Version;
use serde::Deserialize;

/// Settings of the launcher's packages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// The launcher's name in menus and in the names of its files.
    pub name: ProductName,
    /// What the system knows it by.
    pub identifier: Identifier,
    /// The publisher; the studio if unset.
    pub publisher: Option<String>,
    /// One line of description; the English name of the game if unset.
    pub description: Option<String>,
    /// The launcher's version; that of its source if unset.
    pub version: Option<Version>,
    icon: Option<RelPath>,
}

impl Package {
    /// A square SVG or PNG in the branding folder, from which the icons of every system are made; the
    /// one that the page shows if unset.
    pub fn icon(&self) -> &str {
        self.icon.as_ref().map_or("art/icon.svg", RelPath::as_str)
    }
}

/// A name that packages of every system can have: Debian packages allow only ASCII.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct ProductName(String);

impl ProductName {
    /// The name, for people.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the program's file. Launchers of two studios share one `/usr/bin`.
    pub fn program(&self) -> String {
        self.0.to_ascii_lowercase().replace(' ', "-")
    }
}

impl TryFrom<String> for ProductName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let is_known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b' ' || byte == b'-';
        let begins_and_ends = |ends: &str| {
            ends.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic()) && !ends.ends_with([' ', '-'])
        };
        if text.bytes().all(is_known) && begins_and_ends(&text) && text.len() <= 40 {
            return Ok(Self(text));
        }
        Err(format!(
            "`{text}` can't name a package: it takes up to 40 of a-z, A-Z, 0-9, ` ` and `-`, a letter first \
             (the game's own name is shown from `game`)"
        ))
    }
}

/// A name of the studio's own domain, reversed. The system keeps the launcher's data under it, so it
/// must never change.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Identifier(String);

impl Identifier {
    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The scheme of links that open the launcher: no other program claims this one (RFC 8252, 7.1).
    pub fn scheme(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl TryFrom<String> for Identifier {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts: Vec<&str> = text.split('.').collect();
        // No part of a D-Bus name begins with a digit, and a scheme begins with a letter.
        let is_part = |part: &&str| {
            part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                && part.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        };
        // macOS treats a folder with this suffix as an application.
        if parts.len() < 2 || !parts.iter().all(is_part) || parts.last() == Some(&"app") || text.len() > 100 {
            return Err(format!(
                "`{text}` is no identifier: it takes two or more parts of a-z, A-Z, 0-9 and `-`, each with a \
                 letter first and the last one not `app`, as in `com.example.game`"
            ));
        }
        Ok(Self(text))
    }
}
