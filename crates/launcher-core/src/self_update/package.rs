//! Fetching a package, a piece now and the rest later.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use naru_patcher::{Access, Folder, RateLimit};
use reqwest::header::{CONTENT_RANGE, ETAG, IF_RANGE, RANGE};
use reqwest::{Client, Response, StatusCode};
use serde::{Deserialize, Serialize};

use super::announcement::Announcement;
use super::{MOST_BYTES, SelfUpdateError};

/// Receives bytes so far and in total; returns whether to continue.
pub(crate) type Watch<'a> = dyn Fn(u64, Option<u64>) -> bool + Send + Sync + 'a;

/// By which client a package is fetched, and how fast.
pub(crate) struct Way<'a> {
    pub(crate) client: &'a Client,
    pub(crate) rate: &'a RateLimit,
    pub(crate) watch: &'a Watch<'a>,
}

/// Attempts after which a server that cuts off every answer is given up.
const MOST_ATTEMPTS: u32 = 20;

/// The folder of packages in the launcher's data folder.
const FOLDER: &str = "launcher-update";

/// The longest note of what a package is a part of.
const MOST_ORIGIN_BYTES: u64 = 16 << 10;

/// A package on its way into the launcher's data folder.
#[derive(Debug)]
pub(crate) struct Package {
    folder: Folder,
    name: String,
    /// What the bytes that are here belong to.
    origin: String,
}

/// Of which file on the server the first bytes are here.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Origin {
    tag: String,
    length: u64,
}

impl Package {
    /// The place of an announced package. What belongs to others is removed.
    pub(crate) fn place(data: &Path, announced: &Announcement) -> Result<Self, SelfUpdateError> {
        let name = announced.file_name();
        let folder = Folder::make_private(data).and_then(|data| data.make_own(FOLDER));
        let folder = folder.map_err(SelfUpdateError::disk(&data.join(FOLDER)))?;
        let package = Self { name: format!("{name}.package"), origin: format!("{name}.origin"), folder };
        for found in package.folder.names().map_err(SelfUpdateError::disk(package.folder.path()))? {
            if found != *package.name && found != *package.origin {
                remove(&package.folder, &found);
            }
        }
        Ok(package)
    }

    /// Removes what earlier launchers have fetched: the one that was installed, and what was given up.
    pub(crate) fn discard_all(data: &Path) {
        if let Ok(Some(data)) = Folder::open_private(data) {
            remove(&data, FOLDER.as_ref());
        }
    }

    /// All of its bytes.
    pub(super) fn read(&self) -> Result<Vec<u8>, SelfUpdateError> {
        let read = self.folder.read(&self.name, MOST_BYTES);
        let read = read.and_then(|bytes| bytes.ok_or_else(|| io::ErrorKind::NotFound.into()));
        read.map_err(|error| self.disk(error))
    }

    /// Removes what arrived.
    pub(crate) fn discard(&self) {
        [&self.name, &self.origin].into_iter().for_each(|name| remove(&self.folder, name.as_ref()));
    }

    fn disk(&self, source: io::Error) -> SelfUpdateError {
        SelfUpdateError::Disk { path: self.folder.path().join(&self.name), source }
    }

    /// Fetches what is missing; answers whether all is here, or the watch has called it off.
    pub(crate) async fn fetch(
        &self,
        way: &Way<'_>,
        announced: &Announcement,
    ) -> Result<bool, SelfUpdateError> {
        let mut here = self.here();
        let mut attempts = 0;
        loop {
            if here.as_ref().is_some_and(|(origin, length)| *length == origin.length) {
                return Ok(true);
            }
            attempts += 1;
            match self.attempt(way, announced, here.as_ref()).await {
                Err(SelfUpdateError::OtherFile { .. }) if here.take().is_some() => self.discard(),
                // What was cut off is gone on with, as long as each attempt brings it further.
                Err(SelfUpdateError::Unreachable { .. })
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
    ) -> Result<bool, SelfUpdateError> {
        let url = &announced.url;
        let mut request = way.client.get(url.clone());
        if let Some((origin, length)) = here {
            request = request.header(IF_RANGE, &origin.tag);
            request = request.header(RANGE, format!("bytes={length}-{}", origin.length - 1));
        }
        let unreachable = |source| SelfUpdateError::Unreachable { url: url.clone(), source };
        let response = request.send().await.map_err(unreachable)?;
        let status = response.status();
        let (file, at) = match here {
            _ if status == StatusCode::OK => (self.begin(&response)?, 0),
            Some((origin, at)) if continues(&response, origin, *at) => (self.go_on()?, *at),
            Some(_)
                if status == StatusCode::PARTIAL_CONTENT || status == StatusCode::RANGE_NOT_SATISFIABLE =>
            {
                return Err(SelfUpdateError::OtherFile { url: url.clone() });
            }
            _ => return Err(SelfUpdateError::Refused { url: url.clone(), status: status.as_u16() }),
        };
        self.receive(way, response, announced, file, at).await
    }

    /// Begins the file, and notes what it will be a part of.
    fn begin(&self, response: &Response) -> Result<File, SelfUpdateError> {
        self.discard();
        if let Some(origin) = Origin::of(response) {
            let text = serde_json::to_vec(&origin).map_err(SelfUpdateError::Document)?;
            self.folder.write(&self.origin, &text).map_err(|error| self.disk(error))?;
        }
        self.folder.create(&self.name).map_err(|error| self.disk(error))
    }

    fn go_on(&self) -> Result<File, SelfUpdateError> {
        let opened = self.folder.open(&self.name, Access::Write);
        let mut file = opened.and_then(|file| file.ok_or_else(|| io::ErrorKind::NotFound.into()));
        if let Ok(file) = &mut file {
            file.seek(SeekFrom::End(0)).map_err(|error| self.disk(error))?;
        }
        file.map_err(|error| self.disk(error))
    }

    async fn receive(
        &self,
        way: &Way<'_>,
        mut response: Response,
        announced: &Announcement,
        mut file: File,
        at: u64,
    ) -> Result<bool, SelfUpdateError> {
        let url = &announced.url;
        let total = response.content_length().map(|rest| at + rest);
        let endless = || SelfUpdateError::Endless { url: url.clone() };
        let mut length = at;
        if total.is_some_and(|total| total > MOST_BYTES) {
            return Err(endless());
        }
        let unreachable = |source| SelfUpdateError::Unreachable { url: url.clone(), source };
        while let Some(bytes) = response.chunk().await.map_err(unreachable)? {
            length += bytes.len() as u64;
            if length > MOST_BYTES {
                return Err(endless());
            }
            file.write_all(&bytes).map_err(|error| self.disk(error))?;
            way.rate.pass(bytes.len() as u64).await;
            if !(way.watch)(length, total) {
                return Ok(false);
            }
        }
        file.sync_all().map_err(|error| self.disk(error))?;
        Ok(true)
    }

    /// What an interrupted fetch has left; nothing where it can't be said what it belongs to.
    fn here(&self) -> Option<(Origin, u64)> {
        // A hard link elsewhere: appending here would change that file too.
        if self.folder.is_shared(&self.name).ok()? {
            return None;
        }
        let length = self.folder.open(&self.name, Access::Read).ok()??.metadata().ok()?.len();
        let origin = self.folder.read(&self.origin, MOST_ORIGIN_BYTES).ok()??;
        let origin: Origin = serde_json::from_slice(&origin).ok()?;
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
fn remove(folder: &Folder, name: &OsStr) {
    if let Err(error) = folder.remove(name) {
        let path = folder.path().join(name);
        tracing::warn!(path = %path.display(), %error, "what is left of an update of the launcher stays");
    }
}
