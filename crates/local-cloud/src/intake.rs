//! Request bodies on their way to disk: hashed once, with bounded memory.

use std::fmt::Display;
use std::sync::Arc;

use bytes::Bytes;
use futures::{Stream, StreamExt};
use s3s::checksum::ChecksumHasher;
use s3s::crypto::{Checksum as _, Md5};
use s3s::dto;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use crate::blobs::{BlobWriter, Blobs};
use crate::checksum::{Algorithm, StoredChecksum};
use crate::error::StorageError;

/// A body up to this many bytes is kept in memory until it is complete, which saves a small put
/// from every hand-over to another thread but one.
const IN_MEMORY: usize = 1 << 20;

/// Frames on their way from the network to the disk, up to some hundred KiB each: one thread
/// receives while another hashes and writes.
const QUEUED_FRAMES: usize = 16;

/// Why a body did not arrive.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IntakeError {
    #[error("the body is not what the request announced: {0}")]
    Body(String),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

/// A body that arrived, not yet visible to anyone.
pub(crate) struct Received {
    bytes: Held,
    /// Bytes.
    pub(crate) size: u64,
    pub(crate) md5: [u8; 16],
    pub(crate) checksums: dto::Checksum,
}

enum Held {
    Memory(Vec<Bytes>),
    Disk(BlobWriter),
}

impl Received {
    /// The checksum that the hasher was asked for.
    pub(crate) fn checksum(&self, algorithm: Algorithm) -> Option<StoredChecksum> {
        let value = algorithm.value(self.checksums.clone())?;
        Some(StoredChecksum { algorithm, value, composite: false })
    }

    /// Makes the bytes a blob and gives its name. Blocks.
    pub(crate) fn keep(self, blobs: &Arc<Blobs>) -> Result<String, StorageError> {
        match self.bytes {
            Held::Disk(writer) => writer.finish(),
            Held::Memory(frames) => {
                let mut writer = blobs.create()?;
                for frame in frames {
                    writer.append(&frame)?;
                }
                writer.finish()
            }
        }
    }
}

/// Reads a body to its end.
pub(crate) async fn receive<S, E>(
    blobs: &Arc<Blobs>,
    mut body: S,
    checksums: ChecksumHasher,
) -> Result<Received, IntakeError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Display,
{
    let mut frames = Vec::new();
    let mut held = 0;
    while let Some(frame) = body.next().await {
        let frame = frame.map_err(|error| IntakeError::Body(error.to_string()))?;
        held += frame.len();
        frames.push(frame);
        if held > IN_MEMORY {
            return receive_large(blobs, frames, body, checksums).await;
        }
    }
    let mut digests = Digests::new(checksums);
    frames.iter().for_each(|frame| digests.update(frame));
    Ok(digests.finish(Held::Memory(frames)))
}

async fn receive_large<S, E>(
    blobs: &Arc<Blobs>,
    first: Vec<Bytes>,
    mut body: S,
    checksums: ChecksumHasher,
) -> Result<Received, IntakeError>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: Display,
{
    let (sender, queue) = mpsc::channel(QUEUED_FRAMES);
    let blobs = Arc::clone(blobs);
    let writer = spawn_blocking(move || write_frames(&blobs, first, queue, checksums));
    let mut outcome = Ok(());
    while let Some(frame) = body.next().await {
        match frame {
            Ok(frame) => {
                // The writer only ends early when the disk refused; its error is reported below.
                if sender.send(frame).await.is_err() {
                    break;
                }
            }
            Err(error) => {
                outcome = Err(IntakeError::Body(error.to_string()));
                break;
            }
        }
    }
    drop(sender);
    let received = writer.await.map_err(StorageError::from)??;
    outcome.map(|()| received)
}

fn write_frames(
    blobs: &Arc<Blobs>,
    first: Vec<Bytes>,
    mut queue: mpsc::Receiver<Bytes>,
    checksums: ChecksumHasher,
) -> Result<Received, StorageError> {
    let mut writer = blobs.create()?;
    let mut digests = Digests::new(checksums);
    let queued = std::iter::from_fn(|| queue.blocking_recv());
    for frame in first.into_iter().chain(queued) {
        digests.update(&frame);
        writer.append(&frame)?;
    }
    Ok(digests.finish(Held::Disk(writer)))
}

struct Digests {
    size: u64,
    md5: Md5,
    checksums: ChecksumHasher,
}

impl Digests {
    fn new(checksums: ChecksumHasher) -> Digests {
        Digests { size: 0, md5: Md5::new(), checksums }
    }

    fn update(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        self.md5.update(bytes);
        self.checksums.update(bytes);
    }

    fn finish(self, bytes: Held) -> Received {
        Received { bytes, size: self.size, md5: self.md5.finalize(), checksums: self.checksums.finalize() }
    }
}
