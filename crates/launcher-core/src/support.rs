//! A bundle for the studio's support: what the launcher knows, and its log, without a secret.

mod redact;

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use naru_brand::Endpoints;
use naru_patcher::{Access, Folder};
use naru_protocol::Endpoint;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::environment::Folders;
use crate::view::{self, Problem};
use redact::redact;

/// The newest log files, and the end of each.
const MOST_LOGS: usize = 10;
const LOG_END: u64 = 4 << 20;

/// Where bundles are, in the launcher's data folder.
const FOLDER: &str = "support";

/// What a bundle says beside the log.
pub(crate) struct Report<'a> {
    pub(crate) view: view::Launcher,
    pub(crate) endpoints: &'a Endpoints,
    /// What must not be in it, anywhere.
    pub(crate) secrets: Vec<String>,
}

/// Writes a bundle and answers where it is. Whatever looks like a secret is blotted out in everything
/// that goes in. Blocks.
pub(crate) fn write_bundle(folders: &Folders, report: &Report<'_>) -> Result<PathBuf, Problem> {
    let name = format!("naru-support-{}.zip", Timestamp::now().strftime("%Y%m%d-%H%M%S"));
    let place = folders.data.join(FOLDER).join(&name);
    let folder = Folder::make_private(&folders.data).and_then(|data| data.make_own(FOLDER));
    let written = folder.and_then(|folder| fill(folder.create(&name)?, &folders.logs, report));
    written.map_err(|error| Problem::io(&error, place.display()))?;
    Ok(place)
}

fn fill(file: File, logs: &Path, report: &Report<'_>) -> io::Result<()> {
    let mut bundle = ZipWriter::new(file);
    let known: Vec<&str> = report.secrets.iter().map(String::as_str).collect();
    let mut add = |name: &str, text: &str| -> io::Result<()> {
        bundle.start_file(name, SimpleFileOptions::default())?;
        bundle.write_all(redact(text, &known).as_bytes())
    };
    add("launcher.json", &serde_json::to_string_pretty(&report.view)?)?;
    add("environment.txt", &environment_text(report.endpoints))?;
    for (name, log) in newest_files(logs)? {
        add(&format!("logs/{}", name.to_string_lossy()), &end_of(log)?)?;
    }
    bundle.finish()?.sync_all()
}

fn environment_text(endpoints: &Endpoints) -> String {
    let address = |at: &Option<Endpoint>| at.as_ref().map_or("-".to_owned(), Endpoint::to_string);
    format!(
        "launcher {}\nsystem {} {}\nedge {}\nservices {}\nnews {}\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        address(&endpoints.edge),
        address(&endpoints.services),
        address(&endpoints.news),
    )
}

/// What is no plain file is none of the launcher's: a link could bring any file of the player's into
/// the bundle.
fn newest_files(folder: &Path) -> io::Result<Vec<(OsString, File)>> {
    let Some(folder) = Folder::open_private(folder)? else {
        return Ok(Vec::new());
    };
    let mut files = Vec::new();
    for name in folder.names()? {
        if let Ok(Some(file)) = folder.open(&name, Access::Read) {
            files.push((file.metadata()?.modified()?, name, file));
        }
    }
    files.sort_unstable_by(|(a, one, _), (b, other, _)| (b, other).cmp(&(a, one)));
    Ok(files.into_iter().take(MOST_LOGS).map(|(_, name, file)| (name, file)).collect())
}

/// From a whole line on: half a secret would not look like one.
fn end_of(mut file: File) -> io::Result<String> {
    let length = file.metadata()?.len();
    let start = length.saturating_sub(LOG_END);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(LOG_END).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    match text.split_once('\n') {
        Some((_, rest)) if start > 0 => Ok(rest.to_owned()),
        _ => Ok(text),
    }
}
