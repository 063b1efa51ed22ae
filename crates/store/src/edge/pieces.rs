//! A response's body, watched for a server that drips.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;
use tokio::time::Instant;

use super::{LowestRate, failure};
use crate::body::Pieces;
use crate::{FailureKind, StoreError};

pub(super) struct EdgePieces {
    response: Response,
    key: String,
    lowest: LowestRate,
    /// Bytes and waiting of the current window.
    bytes: u64,
    waited: Duration,
}

impl EdgePieces {
    pub(super) fn new(response: Response, key: String, lowest: LowestRate) -> Self {
        Self { response, key, lowest, bytes: 0, waited: Duration::ZERO }
    }

    /// Closes the window when it has lasted long enough.
    fn judge_rate(&mut self) -> Result<(), StoreError> {
        if self.waited < self.lowest.waiting {
            return Ok(());
        }
        if self.bytes < self.lowest.bytes {
            let detail = format!("only {} bytes came in {:?}", self.bytes, self.waited);
            return Err(StoreError::new("get", &self.key, FailureKind::Retryable, detail));
        }
        self.bytes = 0;
        self.waited = Duration::ZERO;
        Ok(())
    }
}

impl Pieces for EdgePieces {
    async fn next(&mut self) -> Result<Option<Bytes>, StoreError> {
        let asked = Instant::now();
        let piece = self.response.chunk().await;
        self.waited += asked.elapsed();
        match piece {
            Ok(Some(piece)) => {
                self.bytes += piece.len() as u64;
                self.judge_rate()?;
                Ok(Some(piece))
            }
            Ok(None) => Ok(None),
            Err(error) => Err(failure::of_transport("get", &self.key, error)),
        }
    }
}
