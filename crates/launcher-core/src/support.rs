//! A bundle for the studio's support: what the launcher knows, and its log, without a secret.

mod redact;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::core::Core;
use crate::login::Session;
use crate::view::Problem;
use redact::redact;

/// The newest log files, and the end of each.
const MOST_LOGS: usize = 10;
const LOG_END: u64 = 4 << 20;

impl Core {
    /// Writes a bundle and answers where it is. Whatever looks like a secret is blotted out in
    /// everything that goes in. Blocks.
    pub fn support_bundle(&self) -> Result<PathBuf, Problem> {
        let folder = self.places.data.join("support");
        let at = Timestamp::now().strftime("%Y%m%d-%H%M%S");
        let place = folder.join(format!("naru-support-{at}.zip"));
        let written = std::fs::create_dir_all(&folder).and_then(|()| self.write_bundle(&place));
        written.map_err(|error| Problem::io(&error, place.display()))?;
        Ok(place)
    }

    fn write_bundle(&self, place: &Path) -> io::Result<()> {
        let mut bundle = ZipWriter::new(File::create(place)?);
        let session = self.read(|state| state.account.session.clone());
        let known = session.as_ref().map(Session::secrets).unwrap_or_default();
        let mut add = |name: &str, text: &str| -> io::Result<()> {
            bundle.start_file(name, SimpleFileOptions::default())?;
            bundle.write_all(redact(text, &known).as_bytes())
        };
        add("launcher.json", &serde_json::to_string_pretty(&self.view())?)?;
        add("surroundings.txt", &self.surroundings_text())?;
        for log in newest_files(&self.places.logs)? {
            let name = log.file_name().unwrap_or_default().to_string_lossy().into_owned();
            add(&format!("logs/{name}"), &end_of(&log)?)?;
        }
        bundle.finish()?.sync_all()
    }

    fn surroundings_text(&self) -> String {
        let address = |url: &Option<url::Url>| url.as_ref().map_or("-".to_owned(), url::Url::to_string);
        let endpoints = &self.endpoints;
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
}

fn newest_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry?;
        let metadata = entry.metadata()?;
        if metadata.is_file() {
            files.push((metadata.modified()?, entry.path()));
        }
    }
    files.sort_unstable_by(|a, b| b.cmp(a));
    Ok(files.into_iter().take(MOST_LOGS).map(|(_, path)| path).collect())
}

/// From a whole line on: half a secret would not look like one.
fn end_of(log: &Path) -> io::Result<String> {
    let mut file = File::open(log)?;
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
