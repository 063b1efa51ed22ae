//! What a machine needs before it can trust any server.

/// This machine has no CA certificates, as small container images do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this machine has no CA certificates, so it can't tell a server from an impostor")]
pub struct NoCertificates;

/// Looks for the system's CA certificates. Neither HTTP client is made without them, whatever it is
/// to speak to; AWS's panics.
pub fn check_certificates() -> Result<(), NoCertificates> {
    let found = rustls_native_certs::load_native_certs();
    if found.certs.is_empty() { Err(NoCertificates) } else { Ok(()) }
}
