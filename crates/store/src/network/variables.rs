//! The variables of the AWS tools, and what each may be. The SDK puts most of them into headers, host
//! names and signatures, and panics on some that don't fit there.

use std::ffi::OsStr;
use std::path::PathBuf;

use naru_protocol::{Endpoint, EndpointError, RegionName};

use super::Network;

/// What a variable may be.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// A key or a token: letters, digits and signs of ASCII.
    Key,
    /// The name of a region.
    Region,
    /// The address of a service.
    Address,
    /// A word that may end up in a header: ASCII, spaces included.
    Words,
    /// A path, or a name that stays on this machine.
    Local,
}

/// Every variable of the network settings except the proxies'.
const KINDS: &[(&str, Kind)] = &[
    ("AWS_ACCESS_KEY_ID", Kind::Key),
    ("AWS_SECRET_ACCESS_KEY", Kind::Key),
    ("AWS_SESSION_TOKEN", Kind::Key),
    ("AWS_REGION", Kind::Region),
    ("AWS_DEFAULT_REGION", Kind::Region),
    ("AWS_ENDPOINT_URL", Kind::Address),
    ("AWS_ENDPOINT_URL_S3", Kind::Address),
    ("AWS_ENDPOINT_URL_CLOUDFRONT", Kind::Address),
    ("AWS_ENDPOINT_URL_STS", Kind::Address),
    ("AWS_ENDPOINT_URL_SSO", Kind::Address),
    ("AWS_ENDPOINT_URL_SSO_OIDC", Kind::Address),
    ("AWS_ROLE_ARN", Kind::Words),
    ("AWS_ROLE_SESSION_NAME", Kind::Words),
    ("AWS_SDK_UA_APP_ID", Kind::Words),
    ("AWS_EXECUTION_ENV", Kind::Words),
    ("AWS_DEFAULTS_MODE", Kind::Words),
    ("AWS_USE_FIPS_ENDPOINT", Kind::Words),
    ("AWS_USE_DUALSTACK_ENDPOINT", Kind::Words),
    ("AWS_CONTAINER_AUTHORIZATION_TOKEN", Kind::Words),
    ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", Kind::Words),
    ("AWS_CONTAINER_CREDENTIALS_FULL_URI", Kind::Words),
    ("AWS_EC2_METADATA_SERVICE_ENDPOINT", Kind::Words),
    ("AWS_PROFILE", Kind::Local),
    ("AWS_CONFIG_FILE", Kind::Local),
    ("AWS_SHARED_CREDENTIALS_FILE", Kind::Local),
    ("AWS_WEB_IDENTITY_TOKEN_FILE", Kind::Local),
    (CA_BUNDLE, Kind::Local),
];

/// A file of CA certificates that AWS tools trust instead of the system's.
pub(super) const CA_BUNDLE: &str = "AWS_CA_BUNDLE";

/// The names that a root has to look up.
pub(super) const NAMES: [&str; KINDS.len()] = {
    let mut names = [""; KINDS.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = KINDS[at].0;
        at += 1;
    }
    names
};

/// A variable that holds what it can't.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("environment variable {name}: {problem}")]
pub struct VariableError {
    /// Which variable.
    pub name: &'static str,
    /// What is wrong with it. It does not repeat the value, which may be a secret.
    pub problem: VariableProblem,
}

/// What is wrong with a variable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VariableProblem {
    /// It ends with one, as the content of a file does.
    #[error("it contains a line break")]
    LineBreak,
    /// A space, where there can be none.
    #[error("it contains a space")]
    Space,
    /// A control character.
    #[error("it contains a control character")]
    Control,
    /// A letter that is not ASCII.
    #[error("it contains a non-ASCII character")]
    NotAscii,
    /// Bytes that are no text.
    #[error("it is not UTF-8 text")]
    NotText,
    /// No region.
    #[error("it takes {}", RegionName::ALLOWED)]
    Region,
    /// No address that is spoken to.
    #[error("{0}")]
    Address(EndpointError),
}

impl Network {
    /// Refuses what the SDK can't work with, before it sees it.
    pub(super) fn check_variables(&self) -> Result<(), VariableError> {
        for (name, kind) in KINDS {
            if let Some(value) = self.variables.get(name) {
                check(*kind, value).map_err(|problem| VariableError { name, problem })?;
            }
        }
        Ok(())
    }

    /// The file that `AWS_CA_BUNDLE` names.
    pub(super) fn ca_bundle(&self) -> Option<PathBuf> {
        self.variables.get(CA_BUNDLE).map(PathBuf::from)
    }
}

fn check(kind: Kind, value: &OsStr) -> Result<(), VariableProblem> {
    let text = match (value.to_str(), kind) {
        (Some(text), _) => text,
        // A path need not be text.
        (None, Kind::Local) => return Ok(()),
        (None, _) => return Err(VariableProblem::NotText),
    };
    check_letters(text, matches!(kind, Kind::Words | Kind::Local))?;
    match kind {
        Kind::Local => Ok(()),
        _ if !text.is_ascii() => Err(VariableProblem::NotAscii),
        Kind::Region if !RegionName::is_valid(text) => Err(VariableProblem::Region),
        Kind::Address => Endpoint::parse(text).map(drop).map_err(VariableProblem::Address),
        _ => Ok(()),
    }
}

/// Refuses characters that are not allowed in a header or a name.
fn check_letters(text: &str, may_have_spaces: bool) -> Result<(), VariableProblem> {
    match text.chars().find(|letter| letter.is_control() || (letter.is_whitespace() && !may_have_spaces)) {
        None => Ok(()),
        Some('\n' | '\r') => Err(VariableProblem::LineBreak),
        Some(letter) if letter.is_control() => Err(VariableProblem::Control),
        Some(_) => Err(VariableProblem::Space),
    }
}

/// Whether a key or a token can be signed with and sent: profiles and programs that give credentials
/// may hold anything, too.
pub(super) fn check_key(value: &str) -> Result<(), VariableProblem> {
    check(Kind::Key, OsStr::new(value))
}
