//! A newer launcher.

use serde::Serialize;
use ts_rs::TS;

use super::Problem;

/// What has become of a newer launcher. It is fetched by itself and installed when the player says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum LauncherUpdate {
    /// None is known of.
    #[default]
    None,
    /// It is being fetched.
    Downloading {
        /// Which.
        version: String,
        /// Bytes that are here.
        #[ts(type = "number")]
        done_bytes: u64,
        /// Bytes of all of it, where the server says so.
        #[ts(type = "number | null")]
        total_bytes: Option<u64>,
    },
    /// It is here and verified, and waits for the player.
    Ready {
        /// Which.
        version: String,
    },
    /// It is being put in place; the launcher restarts then.
    Installing {
        /// Which.
        version: String,
    },
    /// What arrived is not what the studio has signed. It was removed.
    Refused {
        /// Why.
        problem: Problem,
    },
}
