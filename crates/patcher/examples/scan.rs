//! Scans a build folder and prints the digest of its manifest: what the benchmarks time.
//!
//! `scan BUILD [CACHE]`; with a cache folder, files that look as they did last time are not read.

use std::path::PathBuf;
use std::process::ExitCode;

use naru_patcher::{ScanError, Silent, scan_build};
use naru_protocol::Digest;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let Some(build) = arguments.next() else {
        eprintln!("usage: scan BUILD [CACHE]");
        return ExitCode::from(2);
    };
    match digest(build, arguments.next()) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn digest(build: PathBuf, cache: Option<PathBuf>) -> Result<String, ScanError> {
    let tree = scan_build(&build, cache.as_deref(), &Silent)?;
    let manifest = tree.manifest(&[], &[])?;
    let digest = Digest::of(&manifest.encode()?);
    Ok(format!("{digest} {} files, {} read", manifest.files().len(), tree.read_files))
}
