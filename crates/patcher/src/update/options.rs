//! How to update.

use naru_protocol::{Channel, Platform};

use super::rate::RateLimit;

/// How to update.
#[derive(Debug, Clone)]
pub struct UpdateOptions {
    /// The upload prefix in the bucket.
    pub prefix: String,
    /// The channel to follow; without one, that of the installed release, else `live`.
    pub channel: Option<Channel>,
    /// The system to install for.
    pub platform: Platform,
    /// Connections at once.
    pub connections: usize,
    /// Bytes per second for all connections together; it may be changed while they run.
    pub rate_limit: RateLimit,
}

impl Default for UpdateOptions {
    fn default() -> Self {
        Self {
            prefix: "update".into(),
            channel: None,
            platform: this_platform(),
            connections: 16,
            rate_limit: RateLimit::default(),
        }
    }
}

fn this_platform() -> Platform {
    if cfg!(windows) {
        Platform::WindowsX8664
    } else if cfg!(target_os = "macos") {
        Platform::MacosUniversal
    } else {
        Platform::LinuxX8664
    }
}
