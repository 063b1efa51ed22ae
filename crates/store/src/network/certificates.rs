//! Which certificates are trusted.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::open_files::is_out_of_files;

/// Without CA certificates no server can be verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoCertificates {
    /// This machine has none, as small container images do.
    #[error("this machine has no CA certificates, so it can't verify a server")]
    None,
    /// They could not be opened: this process may hold too few files open.
    #[error("the CA certificates of this machine can't be read: too many open files")]
    OutOfFiles,
}

/// Looks for the system's CA certificates (`SSL_CERT_FILE` and `SSL_CERT_DIR` name others). Neither HTTP
/// client is made without them, whatever it is to speak to; AWS's panics.
pub fn check_certificates() -> Result<(), NoCertificates> {
    let found = rustls_native_certs::load_native_certs();
    let (valid, _) = RootCertStore::empty().add_parsable_certificates(found.certs);
    match valid {
        0 if found.errors.iter().any(|error| is_out_of_files(error)) => Err(NoCertificates::OutOfFiles),
        0 => Err(NoCertificates::None),
        _ => Ok(()),
    }
}

/// A file of CA certificates that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// It can't be read.
    #[error("{}: {source}", .path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is no certificate in it.
    #[error("{}: it contains no CA certificate in PEM format", .path.display())]
    Empty {
        /// Which file.
        path: PathBuf,
    },
}

/// Bytes of a file of certificates that are read. Mozilla's whole list has a quarter of a mebibyte.
const MOST_BYTES: u64 = 8 << 20;

/// Certificates that replace the system's.
#[derive(Debug, Clone)]
pub(super) struct Bundle {
    /// Each in PEM form. AWS's client panics on one that it can't read, so these were read before.
    pub(super) certificates: Vec<String>,
}

impl Bundle {
    pub(super) fn read(path: &Path) -> Result<Self, BundleError> {
        let unreadable = |source| BundleError::Unreadable { path: path.to_owned(), source };
        let mut text = Vec::new();
        // A path such as `/dev/zero` never ends.
        let file = File::open(path).map_err(unreadable)?;
        file.take(MOST_BYTES).read_to_end(&mut text).map_err(unreadable)?;
        let found = CertificateDer::pem_slice_iter(&text).filter_map(Result::ok);
        let valid = found.filter(|certificate| RootCertStore::empty().add(certificate.clone()).is_ok());
        let certificates: Vec<String> = valid.map(|certificate| pem(&certificate)).collect();
        match certificates.is_empty() {
            true => Err(BundleError::Empty { path: path.to_owned() }),
            false => Ok(Self { certificates }),
        }
    }
}

fn pem(certificate: &[u8]) -> String {
    let text = BASE64_STANDARD.encode(certificate);
    format!("-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n")
}
