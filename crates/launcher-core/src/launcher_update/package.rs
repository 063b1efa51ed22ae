//! Fetching a package, a piece now and the rest later.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use naru_patcher::RateLimit;
use reqwest::header::{CONTENT_RANGE, ETAG, IF_RANGE, RANGE};
use reqwest::{Client, Response, StatusCode};
use serde::{Deserialize, Serialize};

use super::announcement::Announcement;
use super::{MOST_BYTES, UpdateError};

/// Hears how many bytes are here, and of how many; answers whether to go on.
pub(crate) type Watch<'a> = dyn Fn(u64, Option<u64>) -> bool + Send + Sync + 'a;

/// By which client a package is fetched, and how fast.
pub(crate) struct Way<'a> {
    pub(crate) client: &'a Client,
    pub(crate) rate: &'a RateLimit,
    pub(crate) watch: &'a Watch<'a>,
}

/// A server that cuts off every answer is left alone after so many.
const MOST_ATTEMPTS: u32 = 20;

/// A package on its way into the launcher's data folder.
#[derive(Debug)]
pub(crate) struct Package {
    path: PathBuf,
    /// What the bytes that are here belong to.
    origin: PathBuf,
}

/// Of which file on the server the first bytes are here.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Origin {
    tag: String,
    length: u64,
}

impl Package {
    /// The place of an announced package. What belongs to others is removed.
    pub(crate) fn place(folder: &Path, announced: &Announcement) -> Result<Self, UpdateError> {
        let name = announced.file_name();
        fs::create_dir_all(folder).map_err(UpdateError::disk(folder))?;
        for entry in fs::read_dir(folder).map_err(UpdateError::disk(folder))?.flatten() {
            if !entry.file_name().to_string_lossy().starts_with(&name) {
                remove(&entry.path());
            }
        }
        Ok(Self {
            path: folder.join(format!("{name}.package")),
            origin: folder.join(format!("{name}.origin")),
        })
    }

    /// Removes what earlier launchers have fetched: the one that was installed, and what was given up.
    pub(crate) fn discard_all(folder: &Path) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            remove(&entry.path());
        }
    }

    /// Where its bytes are.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Removes what arrived.
    pub(crate) fn discard(&self) {
        [&self.path, &self.origin].into_iter().for_each(|path| remove(path));
    }

    /// Fetches what is missing; answers whether all is here, or the watch has called it off.
    pub(crate) async fn fetch(&self, way: &Way<'_>, announced: &Announcement) -> Result<bool, UpdateError> {
        let mut here = self.here();
        let mut attempts = 0;
        loop {
            if here.as_ref().is_some_and(|(origin, length)| *length == origin.length) {
                return Ok(true);
            }
            attempts += 1;
            match self.attempt(way, announced, here.as_ref()).await {
                Err(UpdateError::OtherFile { .. }) if here.take().is_some() => self.discard(),
                // What was cut off is gone on with, as long as each attempt brings it further.
                Err(UpdateError::Unreachable { .. })
                    if attempts < MOST_ATTEMPTS && self.has_grown(&mut here) => {}
                done => return done,
            }
        }
    }

    async fn attempt(
        &self,
        way: &Way<'_>,
        announced: &Announcement,
        here: Option<&(Origin, u64)>,
    ) -> Result<bool, UpdateError> {
        let url = &announced.url;
        let mut request = way.client.get(url.clone());
        if let Some((origin, length)) = here {
            request = request.header(IF_RANGE, &origin.tag);
            request = request.header(RANGE, format!("bytes={length}-{}", origin.length - 1));
        }
        let unreachable = |source| UpdateError::Unreachable { url: url.clone(), source };
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let (file, at) = match here {
            _ if status == StatusCode::OK => (self.begin(&response)?, 0),
            Some((origin, at)) if continues(&response, origin, *at) => (self.go_on()?, *at),
            Some(_)
                if status == StatusCode::PARTIAL_CONTENT || status == StatusCode::RANGE_NOT_SATISFIABLE =>
            {
                return Err(UpdateError::OtherFile { url: url.clone() });
            }
            _ => return Err(UpdateError::Refused { url: url.clone(), status: status.as_u16() }),
        };
        self.receive(way, response, announced, file, at).await
    }

    /// Begins the file, and notes what it will be a part of.
    fn begin(&self, response: &Response) -> Result<File, UpdateError> {
        self.discard();
        if let Some(origin) = Origin::of(response) {
            let text = serde_json::to_vec(&origin).map_err(UpdateError::Document)?;
            fs::write(&self.origin, text).map_err(UpdateError::disk(&self.origin))?;
        }
        File::create(&self.path).map_err(UpdateError::disk(&self.path))
    }

    fn go_on(&self) -> Result<File, UpdateError> {
        OpenOptions::new().append(true).open(&self.path).map_err(UpdateError::disk(&self.path))
    }

    async fn receive(
        &self,
        way: &Way<'_>,
        mut response: Response,
        announced: &Announcement,
        mut file: File,
        at: u64,
    ) -> Result<bool, UpdateError> {
        let url = &announced.url;
        let total = response.content_length().map(|rest| at + rest);
        let endless = || UpdateError::Endless { url: url.clone() };
        let mut length = at;
        if total.is_some_and(|total| total > MOST_BYTES) {
            return Err(endless());
        }
        let unreachable = |source| UpdateError::Unreachable { url: url.clone(), source };
        while let Some(bytes) = response.chunk().await.map_err(unreachable)? {
            length += bytes.len() as u64;
            if length > MOST_BYTES {
                return Err(endless());
            }
            file.write_all(&bytes).map_err(UpdateError::disk(&self.path))?;
            way.rate.pass(bytes.len() as u64).await;
            if !(way.watch)(length, total) {
                return Ok(false);
            }
        }
        file.sync_all().map_err(UpdateError::disk(&self.path))?;
        Ok(true)
    }

    /// What an interrupted fetch has left; nothing where it can't be said what it belongs to.
    fn here(&self) -> Option<(Origin, u64)> {
        let length = fs::metadata(&self.path).ok()?.len();
        let origin: Origin = serde_json::from_slice(&fs::read(&self.origin).ok()?).ok()?;
        (length > 0 && length <= origin.length).then_some((origin, length))
    }

    fn has_grown(&self, here: &mut Option<(Origin, u64)>) -> bool {
        let before = here.take().map_or(0, |(_, length)| length);
        *here = self.here();
        here.as_ref().is_some_and(|(_, length)| *length > before)
    }
}

impl Origin {
    /// A weak tag names a meaning and not the bytes, so that nothing can be gone on with.
    fn of(response: &Response) -> Option<Self> {
        let tag = response.headers().get(ETAG)?.to_str().ok()?.to_owned();
        let length = response.content_length()?;
        (tag.starts_with('"') && (1..=MOST_BYTES).contains(&length)).then_some(Self { tag, length })
    }
}

/// Whether an answer begins where the file ends, and is of the same file: `If-Range` is not known
/// everywhere.
fn continues(response: &Response, origin: &Origin, at: u64) -> bool {
    let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    let begins = format!("bytes {at}-");
    response.status() == StatusCode::PARTIAL_CONTENT
        && text(CONTENT_RANGE).is_some_and(|range| range.starts_with(&begins))
        && text(ETAG).is_none_or(|tag| tag == origin.tag)
}

/// What can't be removed is found again, and verified again.
fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!(path = %path.display(), %error, "what is left of an update of the launcher stays");
    }
}
