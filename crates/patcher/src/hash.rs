//! Hashing many files on all processors, piece by piece.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use md5::{Digest as _, Md5};
use naru_protocol::{Digest, Md5Digest, PieceHasher, RelPath, piece_count, piece_range, root_of_pieces};

use crate::PhaseProgress;
use crate::disk::{FileStat, open_file, read_exact_at};

/// Pieces that one thread takes at a time: large enough that reopening the file is negligible,
/// small enough that both ends of one large file are read at once.
const PIECES_PER_TASK: u64 = 32;

/// Read at once: stays in the second-level cache between the kernel's copy and the hash.
const BUFFER: usize = 256 * 1024;

/// A file to hash.
#[derive(Debug)]
pub(crate) struct HashJob<T> {
    pub(crate) place: PathBuf,
    /// The path to report.
    pub(crate) path: RelPath,
    /// The file's stat before hashing. If it differs afterwards, the file was changed in between.
    pub(crate) stat: FileStat,
    /// What the hash is for.
    pub(crate) target: T,
}

/// What a file's bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileHash {
    pub(crate) digest: Digest,
    /// Chaining values, also where there is only one piece.
    pub(crate) pieces: Vec<Digest>,
}

struct Task {
    job: usize,
    pieces: Range<u64>,
}

/// Hashes all files; answers each job with its hash, in their order.
///
/// A file that changed while it was read gives `ErrorKind::Interrupted`'s counterpart for content:
/// `ErrorKind::ResourceBusy`.
pub(crate) fn hash_files<T: Sync>(
    jobs: Vec<HashJob<T>>,
    progress: &dyn PhaseProgress,
) -> Vec<(HashJob<T>, io::Result<FileHash>)> {
    let tasks = split(&jobs);
    let next = AtomicUsize::new(0);
    let work = || run_tasks(&jobs, &tasks, &next, progress);
    let mut done: Vec<(usize, io::Result<Vec<Digest>>)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads().min(tasks.len())).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(task, _)| *task);
    merge(jobs, &tasks, done)
}

/// Threads for work that both reads and computes.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, |count| count.get().min(16))
}

fn split<T>(jobs: &[HashJob<T>]) -> Vec<Task> {
    let mut tasks = Vec::with_capacity(jobs.len());
    for (job, HashJob { stat, .. }) in jobs.iter().enumerate() {
        let count = piece_count(stat.size);
        for start in (0..count).step_by(PIECES_PER_TASK as usize) {
            tasks.push(Task { job, pieces: start..(start + PIECES_PER_TASK).min(count) });
        }
    }
    tasks
}

fn run_tasks<T>(
    jobs: &[HashJob<T>],
    tasks: &[Task],
    next: &AtomicUsize,
    progress: &dyn PhaseProgress,
) -> Vec<(usize, io::Result<Vec<Digest>>)> {
    let mut buffer = vec![0; BUFFER];
    let mut done = Vec::new();
    loop {
        let at = next.fetch_add(1, Ordering::Relaxed);
        let Some(task) = tasks.get(at) else {
            return done;
        };
        done.push((
            at,
            match progress.is_stopped() {
                true => Err(io::ErrorKind::Interrupted.into()),
                false => run_task(&jobs[task.job], &task.pieces, &mut buffer, progress),
            },
        ));
    }
}

fn run_task<T>(
    job: &HashJob<T>,
    pieces: &Range<u64>,
    buffer: &mut [u8],
    progress: &dyn PhaseProgress,
) -> io::Result<Vec<Digest>> {
    let digests = hash_pieces(&open_file(&job.place)?, &job.stat, pieces, buffer, progress)?;
    if pieces.start == 0 {
        progress.item(job.path.as_str());
    }
    Ok(digests)
}

fn hash_pieces(
    file: &File,
    stat: &FileStat,
    pieces: &Range<u64>,
    buffer: &mut [u8],
    progress: &dyn PhaseProgress,
) -> io::Result<Vec<Digest>> {
    let mut digests = Vec::with_capacity((pieces.end - pieces.start) as usize);
    for index in pieces.clone() {
        digests.push(hash_piece(file, stat.size, index, buffer, progress)?);
    }
    if !FileStat::of(&file.metadata()?).same_bytes(stat) {
        return Err(io::ErrorKind::ResourceBusy.into());
    }
    Ok(digests)
}

/// Hashes one file, without progress.
pub(crate) fn hash_file(place: &Path, stat: &FileStat) -> io::Result<FileHash> {
    hash_open(&open_file(place)?, stat)
}

/// The same for an open file.
pub(crate) fn hash_open(file: &File, stat: &FileStat) -> io::Result<FileHash> {
    let pieces = 0..piece_count(stat.size);
    whole_file(hash_pieces(file, stat, &pieces, &mut vec![0; BUFFER], &crate::Silent)?)
}

fn hash_piece(
    file: &File,
    size: u64,
    index: u64,
    buffer: &mut [u8],
    progress: &dyn PhaseProgress,
) -> io::Result<Digest> {
    let mut hasher = PieceHasher::new(size, index);
    let range = piece_range(size, index);
    let mut at = range.start;
    while at < range.end {
        let length = (range.end - at).min(buffer.len() as u64) as usize;
        read_exact_at(file, &mut buffer[..length], at).map_err(shrunk)?;
        hasher.update(&buffer[..length]);
        at += length as u64;
        progress.bytes(length as u64);
    }
    Ok(hasher.finish())
}

/// A file that ends early has been cut while it was read.
fn shrunk(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        return io::ErrorKind::ResourceBusy.into();
    }
    error
}

fn merge<T>(
    jobs: Vec<HashJob<T>>,
    tasks: &[Task],
    done: Vec<(usize, io::Result<Vec<Digest>>)>,
) -> Vec<(HashJob<T>, io::Result<FileHash>)> {
    let mut pieces: Vec<_> = jobs.into_iter().map(|job| (job, Ok(Vec::new()))).collect();
    for (task, result) in done {
        let slot = &mut pieces[tasks[task].job].1;
        match (slot.as_mut(), result) {
            (Ok(all), Ok(more)) => all.extend(more),
            (Ok(_), Err(error)) => *slot = Err(error),
            (Err(_), _) => {}
        }
    }
    pieces.into_iter().map(|(job, result)| (job, result.and_then(whole_file))).collect()
}

fn whole_file(pieces: Vec<Digest>) -> io::Result<FileHash> {
    let digest = root_of_pieces(&pieces).ok_or(io::ErrorKind::InvalidData)?;
    Ok(FileHash { digest, pieces })
}

/// MD5 of a file: what the 2017 format knows it by.
pub(crate) fn md5_of(path: &Path) -> io::Result<Md5Digest> {
    use std::io::Read;
    let mut file = open_file(path)?;
    let mut hasher = Md5::new();
    let mut buffer = vec![0; BUFFER];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok(Md5Digest::from_bytes(hasher.finalize().into()));
        }
        hasher.update(&buffer[..read]);
    }
}
