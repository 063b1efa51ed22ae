//! The keys of the data folder, and the tokens that they sign.
//!
//! `keys/` is the one place for secrets: what else the folder holds names tokens by their digests.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{
    KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512, RSA_PKCS1_SHA256, RSA_PKCS1_SHA512,
    RsaEncoding, RsaParameters, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::error::StorageError;
use crate::names;

/// An RSA key that signs JWTs. It is read, or made, when it is first needed: making one takes longer
/// than starting everything else.
pub(crate) struct SigningKey {
    data: PathBuf,
    name: &'static str,
    scheme: Scheme,
    open: Mutex<Option<Arc<OpenKey>>>,
}

struct OpenKey {
    pair: KeyPair,
    id: String,
}

/// How a service signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// `RS256`, as login providers and user pools do.
    Rs256,
    /// `RS512` with `"typ": "JWS"`, as Cognito's identity pools do.
    Rs512,
}

impl Scheme {
    /// The header's `alg` and `typ`, how to sign, how to verify.
    fn parts(self) -> (&'static str, &'static str, &'static dyn RsaEncoding, &'static RsaParameters) {
        match self {
            Scheme::Rs256 => ("RS256", "JWT", &RSA_PKCS1_SHA256, &RSA_PKCS1_2048_8192_SHA256),
            Scheme::Rs512 => ("RS512", "JWS", &RSA_PKCS1_SHA512, &RSA_PKCS1_2048_8192_SHA512),
        }
    }
}

impl SigningKey {
    /// The key of this name in a data folder.
    pub(crate) fn new(data: &Path, name: &'static str, scheme: Scheme) -> SigningKey {
        SigningKey { data: data.to_owned(), name, scheme, open: Mutex::new(None) }
    }

    fn key(&self) -> Result<Arc<OpenKey>, StorageError> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = &*open {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(OpenKey::read_or_make(&self.data, self.name)?);
        *open = Some(Arc::clone(&key));
        Ok(key)
    }

    /// Makes a token.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<String, StorageError> {
        let failed = || StorageError::Key(self.name.to_owned());
        let key = self.key()?;
        let (algorithm, kind, encoding, _) = self.scheme.parts();
        let header = json!({"alg": algorithm, "kid": key.id, "typ": kind}).to_string();
        let claims = serde_json::to_vec(claims).map_err(|_| failed())?;
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
        let mut signature = vec![0; key.pair.public_modulus_len()];
        key.pair
            .sign(encoding, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .map_err(|_| failed())?;
        Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// Reads a token that this key signed. The caller looks at its claims, the time among them.
    pub(crate) fn read<T: DeserializeOwned>(&self, token: &str) -> Option<T> {
        let (signed, signature) = token.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        // One key, one algorithm: what the header says has no meaning here.
        let (_, _, _, parameters) = self.scheme.parts();
        let key = self.key().ok()?;
        UnparsedPublicKey::new(parameters, key.pair.public_key())
            .verify(signed.as_bytes(), &signature)
            .ok()?;
        let (_, claims) = signed.split_once('.')?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }

    /// The public half, as everybody may fetch it (RFC 7517).
    pub(crate) fn jwks(&self) -> Result<Value, StorageError> {
        let open = self.key()?;
        let key = open.pair.public_key();
        Ok(json!({"keys": [{
            "kty": "RSA",
            "use": "sig",
            "alg": self.scheme.parts().0,
            "kid": open.id,
            "n": URL_SAFE_NO_PAD.encode(key.modulus().big_endian_without_leading_zero()),
            "e": URL_SAFE_NO_PAD.encode(key.exponent().big_endian_without_leading_zero()),
        }]}))
    }
}

impl OpenKey {
    fn read_or_make(data: &Path, name: &str) -> Result<OpenKey, StorageError> {
        let bytes = open_or_make(data, name, || {
            let pair = KeyPair::generate(KeySize::Rsa2048).ok()?;
            let der: Pkcs8V1Der = pair.as_der().ok()?;
            Some(der.as_ref().to_vec())
        })?;
        let pair = KeyPair::from_pkcs8(&bytes).map_err(|_| StorageError::Key(name.to_owned()))?;
        let id = hex::encode(&Sha256::digest(pair.public_key().as_ref())[..16]);
        Ok(OpenKey { pair, id })
    }
}

/// 64 hex digits that only this data folder knows, to derive others from.
pub(crate) fn open_secret(data: &Path, name: &str) -> Result<Vec<u8>, StorageError> {
    let secret = open_or_make(data, name, || names::secret(64).ok().map(String::into_bytes))?;
    // A shorter one, or none, could be guessed, and with it whatever follows from it.
    match secret.len() == 64 && secret.iter().all(u8::is_ascii_hexdigit) {
        true => Ok(secret),
        false => Err(StorageError::Key(name.to_owned())),
    }
}

fn open_or_make(
    data: &Path,
    name: &str,
    make: impl FnOnce() -> Option<Vec<u8>>,
) -> Result<Vec<u8>, StorageError> {
    let folder = data.join("keys");
    fs::create_dir_all(&folder).map_err(StorageError::io(&folder))?;
    let path = folder.join(name);
    if path.exists() {
        return fs::read(&path).map_err(StorageError::io(&path));
    }
    let bytes = make().ok_or_else(|| StorageError::Key(name.to_owned()))?;
    // A key is complete or absent, even after a kill or a power loss.
    let temp = folder.join(format!("{name}.new"));
    let mut file = private().open(&temp).map_err(StorageError::io(&temp))?;
    file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(StorageError::io(&temp))?;
    fs::rename(&temp, &path).map_err(StorageError::io(&path))?;
    Ok(bytes)
}

/// A file that other users of the machine can't read, where the system knows such a thing.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_by_its_own_key_alone_also_after_a_restart() {
        let [one, two] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        let key = SigningKey::new(one.path(), "test", Scheme::Rs512);
        let token = key.sign(&json!({"sub": "me"})).expect("a token");
        let again = SigningKey::new(one.path(), "test", Scheme::Rs512);
        assert_eq!(again.read::<Value>(&token), Some(json!({"sub": "me"})));
        let other = SigningKey::new(two.path(), "test", Scheme::Rs512);
        assert_eq!(other.read::<Value>(&token), None);
        assert_eq!(key.read::<Value>("garbage"), None);
        let unsigned = token.rsplit_once('.').map_or("", |(signed, _)| signed);
        assert_eq!(key.read::<Value>(&format!("{unsigned}.")), None);
    }

    #[test]
    fn a_secret_stays_and_what_is_none_is_refused() {
        let data = tempfile::tempdir().expect("a folder");
        let secret = open_secret(data.path(), "test").expect("a secret");
        assert_eq!(open_secret(data.path(), "test").expect("the same"), secret);
        let file = data.path().join("keys/test");
        for damaged in [&b""[..], &secret[..63], &[b'x'; 64], &[&secret[..], b"\n"].concat()] {
            fs::write(&file, damaged).expect("a file");
            let opened = open_secret(data.path(), "test");
            assert!(matches!(opened, Err(StorageError::Key(name)) if name == "test"), "{damaged:?}");
        }
        fs::remove_file(&file).expect("as the error says");
        assert_ne!(open_secret(data.path(), "test").expect("a new one"), secret);
    }
}
