//! The installed release as the ledger keeps it.

use naru_protocol::{Digest, FormatError, Locations, Manifest, unpack_own};

use super::ledger::{Installed, Ledger};
use super::{Known, OwnFolder};
use crate::UpdateError;
use crate::release::{Documents, NamedDocuments, ReleaseHead, WantedRelease, wanted_files};

/// The installed release, with all that is known of its files.
pub(crate) struct InstalledRelease {
    pub(crate) installed: Installed,
    pub(crate) manifest: Manifest,
    pub(crate) known: Known,
    documents: Documents,
    locations: Locations,
}

impl InstalledRelease {
    /// Which release the ledger names.
    pub(crate) fn named_by_ledger(own: &OwnFolder) -> Result<Option<Installed>, UpdateError> {
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
        let located = locations.located(&manifest);
        let known = Known {
            rows: ledger.rows()?,
            versions: located.map(|(entry, version)| (entry.path.clone(), version.to_owned())).collect(),
            preserve: manifest.preserve().to_vec(),
            config: manifest.config().to_vec(),
            list_2017: None,
        };
        Ok(Some(Self { installed, manifest, known, documents, locations }))
    }

    /// The installed release, to be installed once more.
    pub(crate) fn wanted_again(&self) -> WantedRelease {
        let Installed { channel, epoch, number, notes, made_by_2017, manifest } = self.installed.clone();
        WantedRelease {
            head: ReleaseHead {
                channel,
                epoch,
                number,
                notes,
                made_by_2017,
                documents: Some(NamedDocuments { manifest, documents: self.documents.clone() }),
                preserve: self.manifest.preserve().to_vec(),
                config: self.manifest.config().to_vec(),
            },
            files: wanted_files(&self.manifest, &self.locations),
            refused: Vec::new(),
        }
    }
}

/// Opens the documents. The ledger's bytes may come from elsewhere, so they are held against the digest
/// that it names.
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
