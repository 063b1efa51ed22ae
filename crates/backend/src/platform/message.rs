//! Messages of players, for services that a broker asks instead of HTTP.
//!
//! No service has messages yet. One that does has an enum of them in `naru_protocol`, since they cross a process,
//! and one function that takes them: a `match` leaves out no type. The host of the broker has checked the
//! player's token when the connection was made, and hands in who sends.
//!
//! ```
//! use naru_backend::platform::{PlayerId, ProblemResponse, message};
//!
//! #[derive(serde::Deserialize)]
//! #[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
//! enum RoomMessage {
//!     Wave { times: u32 },
//! }
//!
//! async fn receive(from: &PlayerId, payload: &[u8]) -> Result<String, ProblemResponse> {
//!     match message::read(payload, 1024)? {
//!         RoomMessage::Wave { times } => Ok(format!("{} waves {times} times", from.tag())),
//!     }
//! }
//!
//! let runtime = tokio::runtime::Builder::new_current_thread().build()?;
//! let player = PlayerId::parse("player-1")?;
//! let waved = runtime.block_on(receive(&player, br#"{"type": "wave", "times": 2}"#)).unwrap();
//! assert!(waved.ends_with("waves 2 times"));
//! let refused = runtime.block_on(receive(&player, b"{}")).unwrap_err().into_problem(|_| {});
//! assert_eq!(refused.code, naru_protocol::ProblemCode::BadRequest);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use naru_protocol::ProblemCode;
use serde::de::DeserializeOwned;

use super::ProblemResponse;

/// Reads a message in JSON. What can't be read is the same problem that a request over HTTP gets.
pub fn read<T: DeserializeOwned>(payload: &[u8], most_bytes: usize) -> Result<T, ProblemResponse> {
    // Before it is parsed: a broker's own limit is for all topics, and much higher.
    if payload.len() > most_bytes {
        let detail = format!("a message has at most {most_bytes} bytes, and this one has {}", payload.len());
        return Err(ProblemResponse::new(ProblemCode::TooLarge, detail));
    }
    serde_json::from_slice(payload)
        .map_err(|error| ProblemResponse::new(ProblemCode::BadRequest, error.to_string()))
}
