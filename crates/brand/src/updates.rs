//! Where newer launchers come from.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use naru_protocol::Endpoint;
use serde::Deserialize;

/// Where newer launchers come from, and who has signed them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LauncherUpdates {
    /// The address of `latest.json`; the packages are beside it.
    pub url: Endpoint,
    /// The key that every package must be signed with.
    pub public_key: PublicKey,
}

/// A minisign key, as `tauri signer generate` writes it: the whole file of minisign, in base64.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PublicKey {
    text: String,
    key: minisign_verify::PublicKey,
}

impl PublicKey {
    /// The key as it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The key, to verify with.
    pub fn key(&self) -> &minisign_verify::PublicKey {
        &self.key
    }
}

impl TryFrom<String> for PublicKey {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let file = BASE64_STANDARD.decode(text.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let key = file.and_then(|file| minisign_verify::PublicKey::decode(&file).ok());
        let key = key.ok_or_else(|| {
            format!("`{text}` is no public key: it takes the `.pub` file that `tauri signer generate` writes")
        })?;
        Ok(Self { text: text.trim().to_owned(), key })
    }
}
