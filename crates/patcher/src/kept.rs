//! What an install folder says of itself.

use naru_protocol::{Digest, FileList2017, FormatError, Limits, Locations, Manifest, unpack_own};

use crate::UpdateError;
use crate::disk::{is_missing, read_bounded};
use crate::ledger::{Documents, Installed, Ledger};
use crate::local_state::Known;
use crate::own_folder::OwnFolder;
use crate::remote::{WantedRelease, wanted_files};

/// The installed release as the ledger keeps it.
pub(crate) struct Kept {
    pub(crate) installed: Installed,
    pub(crate) manifest: Manifest,
    pub(crate) known: Known,
    documents: Documents,
    locations: Locations,
}

impl Kept {
    /// Which release the ledger names.
    pub(crate) fn installed(own: &OwnFolder) -> Result<Option<Installed>, UpdateError> {
        Ledger::read(own)?.map_or(Ok(None), |ledger| ledger.installed())
    }

    /// Reads the ledger; `None` where nothing is installed.
    pub(crate) fn read(own: &OwnFolder) -> Result<Option<Self>, UpdateError> {
        let Some(ledger) = Ledger::read(own)? else {
            return Ok(None);
        };
        let (Some(installed), Some(documents)) = (ledger.installed()?, ledger.documents()?) else {
            return Ok(None);
        };
        let (manifest, locations) = open_documents(&installed.manifest, &documents)
            .map_err(|error| UpdateError::BrokenLedger { path: own.ledger(), problem: error.to_string() })?;
        let paths = manifest.files().iter().map(|entry| entry.path.clone());
        let known = Known {
            rows: ledger.rows()?,
            versions: paths.zip(locations.versions().iter().cloned()).collect(),
            preserve: manifest.preserve().to_vec(),
            config: manifest.config().to_vec(),
            list_2017: None,
        };
        Ok(Some(Self { installed, manifest, known, documents, locations }))
    }

    /// The installed release, to be installed once more.
    pub(crate) fn release(&self) -> WantedRelease {
        WantedRelease {
            channel: self.installed.channel.clone(),
            epoch: self.installed.epoch,
            number: self.installed.number,
            notes: self.installed.notes.clone(),
            made_by_2017: self.installed.made_by_2017,
            manifest: Some(self.installed.manifest),
            documents: Some(self.documents.clone()),
            files: wanted_files(&self.manifest, self.locations.versions()),
            preserve: self.manifest.preserve().to_vec(),
            config: self.manifest.config().to_vec(),
            refused: Vec::new(),
        }
    }
}

fn open_documents(digest: &Digest, documents: &Documents) -> Result<(Manifest, Locations), FormatError> {
    let bytes = unpack_own(&documents.manifest)?;
    if Digest::of(&bytes) != *digest {
        let problem = "is not the manifest that the ledger names".to_owned();
        return Err(FormatError { what: "ledger", problem });
    }
    let manifest = Manifest::decode(&bytes)?;
    let locations = unpack_own(&documents.locations)?;
    let locations = Locations::decode(&locations, &manifest, digest)?;
    Ok((manifest, locations))
}

/// What a 2017 client left in the folder.
pub(crate) fn adopt_2017(own: &OwnFolder) -> Result<Known, UpdateError> {
    let path = own.install.join("filedb.db");
    let list = match read_bounded(&path, Limits::FILEDB_2017) {
        // Anything else of that name is the player's own.
        Ok(bytes) => bytes.and_then(|bytes| FileList2017::decode(&bytes).ok()),
        Err(error) if is_missing(&error) => None,
        Err(error) => return Err(UpdateError::io("reading", &path)(error)),
    };
    let versions = list.iter().flat_map(FileList2017::iter);
    let versions = versions.map(|(path, record)| (path.clone(), record.s3_versionid.clone())).collect();
    Ok(Known { versions, list_2017: list, ..Known::default() })
}
