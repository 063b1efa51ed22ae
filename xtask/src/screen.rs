//! A virtual screen (Xvfb), and what is on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::server::Server;

/// A running Xvfb; ended when this is dropped.
pub struct Screen {
    _server: Server,
    /// Its name, for `DISPLAY`.
    pub display: String,
    /// Where it keeps its picture: an X window dump that changes as the screen does.
    picture: PathBuf,
}

impl Screen {
    /// Starts one, with its log and its picture in `place`.
    pub fn start(place: &Path) -> Result<Self> {
        let log = place.join("screen.log");
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-fbdir"]).arg(place);
        let mut server = Server::start(&mut command, &log)?;
        let number = || {
            let words = fs::read_to_string(&log).unwrap_or_default();
            words.lines().find(|line| line.parse::<u32>().is_ok()).map(str::to_owned)
        };
        server.wait_until(&log, || number().is_some())?;
        let display = format!(":{}", number().unwrap_or_default());
        Ok(Self { _server: server, display, picture: place.join("Xvfb_screen0") })
    }

    /// How many colours are on it, as far as every third pixel tells, and at most `most`.
    pub fn colours(&self, most: usize) -> Result<usize> {
        let dump = fs::read(&self.picture).context("reading the screen")?;
        let pixels = dump.get(picture_offset(&dump)..).context("the screen's picture has no pixels")?;
        let mut seen: Vec<&[u8]> = Vec::new();
        for pixel in pixels.chunks_exact(4).step_by(3) {
            let colour = &pixel[..3];
            if seen.last() != Some(&colour) && !seen.contains(&colour) {
                seen.push(colour);
                if seen.len() == most {
                    break;
                }
            }
        }
        Ok(seen.len())
    }
}

/// Where the pixels of an X window dump begin: after its header and its colour map of 12 bytes each
/// (`X11/XWDFile.h`).
fn picture_offset(dump: &[u8]) -> usize {
    let field = |index: usize| {
        let bytes = dump.get(index * 4..index * 4 + 4).and_then(|bytes| bytes.try_into().ok());
        bytes.map_or(0, u32::from_be_bytes) as usize
    };
    let (header, colours) = (field(0), field(19));
    header + colours * 12
}
