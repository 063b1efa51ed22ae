//! Counts of what was asked for, for tests and benchmarks.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// What the listeners have served since the start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counters {
    /// Requests to the S3 endpoint, refused ones included.
    pub s3_requests: u64,
    /// Requests that brought object bytes: `PutObject` and `UploadPart`.
    pub s3_puts: u64,
    /// Object bytes received by those, refused ones included.
    pub s3_bytes_in: u64,
    /// Object bytes sent by `GetObject`.
    pub s3_bytes_out: u64,
    /// Authenticated requests by operation, e.g. `"PutObject"`.
    pub s3_operations: BTreeMap<String, u64>,
    /// Requests to the edge.
    pub edge_requests: u64,
    /// Requests that the edge answered from its cache.
    pub edge_hits: u64,
    /// Body bytes that the edge sent.
    pub edge_bytes_out: u64,
    /// Requests to the CloudFront and Cognito APIs.
    pub control_requests: u64,
}

/// The running counts.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) s3_requests: Count,
    pub(crate) s3_bytes_in: Count,
    pub(crate) s3_bytes_out: Count,
    pub(crate) edge_requests: Count,
    pub(crate) edge_hits: Count,
    pub(crate) edge_bytes_out: Count,
    pub(crate) control_requests: Count,
    s3_operations: Mutex<BTreeMap<String, u64>>,
}

impl Tally {
    /// Counts one S3 operation.
    pub(crate) fn operation(&self, name: &str) {
        let mut operations = self.s3_operations.lock().unwrap_or_else(PoisonError::into_inner);
        match operations.get_mut(name) {
            Some(count) => *count += 1,
            None => drop(operations.insert(name.to_owned(), 1)),
        }
    }

    /// The counts at this moment.
    pub(crate) fn counters(&self) -> Counters {
        let operations = self.s3_operations.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let of = |name: &str| operations.get(name).copied().unwrap_or(0);
        Counters {
            s3_requests: self.s3_requests.get(),
            s3_puts: of("PutObject") + of("UploadPart"),
            s3_bytes_in: self.s3_bytes_in.get(),
            s3_bytes_out: self.s3_bytes_out.get(),
            edge_requests: self.edge_requests.get(),
            edge_hits: self.edge_hits.get(),
            edge_bytes_out: self.edge_bytes_out.get(),
            control_requests: self.control_requests.get(),
            s3_operations: operations,
        }
    }
}

/// One number that many tasks raise.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self, amount: u64) {
        self.0.fetch_add(amount, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}
