//! Who is logged in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Problem;

/// Whether a player is logged in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Account {
    /// Not logged in. `problem` says why the last try failed.
    LoggedOut {
        /// Why the last try came to nothing; nothing when the player closed it.
        problem: Option<Problem>,
    },
    /// A provider's page is open.
    LoggingIn {
        /// Which provider.
        provider: String,
        /// Where its page is.
        way: LoginWay,
    },
    /// A player.
    LoggedIn {
        /// Who.
        player: Player,
        /// Where the login is kept.
        remembered: Remembered,
        /// What other players see.
        public_name: PublicName,
    },
    /// A player whose login has run out: the game starts, scores wait for a new login.
    Expired {
        /// Who.
        player: Player,
        /// Why the last try to log in again came to nothing.
        problem: Option<Problem>,
    },
}

/// A provider that a login can be tried at: the studio's launcher and its services both have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Provider {
    /// `kakao` and so on.
    pub name: String,
    /// Where its page may be shown; one at least.
    pub ways: Vec<LoginWay>,
}

/// Where a provider's page is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum LoginWay {
    /// In a window of the launcher.
    Window,
    /// In the player's own browser.
    Browser,
}

/// A player, as the page may know him: no token, no identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Player {
    /// The player's name at the provider. Private.
    pub nickname: Option<String>,
    /// `kakao` and so on.
    pub provider: String,
}

/// The name that other players see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum PublicName {
    /// The services have not said yet.
    Unknown,
    /// The player has to be asked, once.
    Unasked {
        /// What the provider calls him; may be empty.
        suggestion: String,
    },
    /// The player's choice.
    Chosen {
        /// The name.
        name: String,
    },
    /// The player goes without one.
    None,
}

/// Where a login is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "place", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum Remembered {
    /// In the system's keychain.
    Keychain,
    /// In memory only, until the launcher ends.
    Memory {
        /// Why the keychain was not to be had, in the system's words.
        reason: String,
    },
}
