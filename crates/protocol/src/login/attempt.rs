//! One login, from the page that is opened to the code that comes back.

use url::Url;

use super::{LoginProvider, LoginRequest};
use crate::secret::{AuthorizationCode, CodeVerifier, Nonce, State};
use crate::{Endpoint, FormatError};

/// The most of a provider's error text that is kept.
const ERROR_TEXT: usize = 200;

/// A login that was begun. Each is used once: its secrets tie page, code and token together.
#[derive(Debug, Clone)]
pub struct LoginAttempt {
    redirect_uri: Url,
    state: State,
    nonce: Nonce,
    verifier: CodeVerifier,
}

/// Why a redirect gives no code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedirectError {
    /// It leads somewhere else.
    #[error("the redirect goes to a different address than that of this login")]
    Elsewhere,
    /// It belongs to another login, or to none: an attacker may be trying to log the player in to an account
    /// of the attacker's.
    #[error("the redirect has a different state than this login")]
    State,
    /// The provider, or the player, said no.
    #[error("the provider refused the login: {error}")]
    Refused {
        /// `access_denied` where the player said no.
        error: String,
        /// The provider's words, for a log.
        description: String,
    },
    /// It carries no code, or a parameter twice.
    #[error("the redirect is not an answer to a login")]
    Malformed,
}

impl LoginAttempt {
    /// Begins a login with three times 32 bytes of the system's random.
    pub fn new(redirect_uri: &str, random: [[u8; 32]; 3]) -> Result<Self, FormatError> {
        let redirect_uri =
            Endpoint::parse(redirect_uri).map_err(|problem| FormatError::new("redirect URI", problem))?;
        Ok(Self {
            redirect_uri: redirect_uri.into(),
            state: State::from_random(random[0]),
            nonce: Nonce::from_random(random[1]),
            verifier: CodeVerifier::from_random(random[2]),
        })
    }

    /// The page to show the player.
    pub fn authorize_url(&self, provider: &LoginProvider) -> Result<Url, FormatError> {
        // It comes from a server and is opened in a browser: any other scheme could start a program.
        let page = Endpoint::parse(&provider.authorize_url)
            .map_err(|problem| FormatError::new("authorize URL", problem))?;
        let mut url = Url::from(page);
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &provider.client_id)
            .append_pair("redirect_uri", self.redirect_uri.as_str())
            .append_pair("scope", &provider.scopes.join(" "))
            .append_pair("state", self.state.expose())
            .append_pair("nonce", self.nonce.expose())
            .append_pair("code_challenge", &self.verifier.challenge().to_string())
            .append_pair("code_challenge_method", "S256");
        Ok(url)
    }

    /// Reads the redirect that the page ended with.
    pub fn read_redirect(&self, redirect: &Url) -> Result<AuthorizationCode, RedirectError> {
        let mut bare = redirect.clone();
        bare.set_query(self.redirect_uri.query());
        bare.set_fragment(None);
        if bare != self.redirect_uri {
            return Err(RedirectError::Elsewhere);
        }
        let state = parameter(redirect, "state")?.ok_or(RedirectError::State)?;
        if !self.state.is(&state) {
            return Err(RedirectError::State);
        }
        if let Some(error) = parameter(redirect, "error")? {
            let description = parameter(redirect, "error_description")?.unwrap_or_default();
            return Err(RedirectError::Refused { error: cut(&error), description: cut(&description) });
        }
        parameter(redirect, "code")?.map(AuthorizationCode::new).ok_or(RedirectError::Malformed)
    }

    /// What the backend is asked with the code.
    pub fn into_request(self, code: AuthorizationCode) -> LoginRequest {
        LoginRequest {
            code,
            code_verifier: self.verifier,
            redirect_uri: self.redirect_uri.into(),
            nonce: self.nonce,
        }
    }
}

/// A parameter that must not be repeated (RFC 6749, section 3.1).
fn parameter(url: &Url, name: &str) -> Result<Option<String>, RedirectError> {
    let mut values = url.query_pairs().filter(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(RedirectError::Malformed),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(ERROR_TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "http://127.0.0.1:9720/login";

    fn attempt() -> LoginAttempt {
        LoginAttempt::new(HERE, [[1; 32], [2; 32], [3; 32]]).expect("a good URI")
    }

    fn read(query: &str) -> Result<String, RedirectError> {
        let state = State::from_random([1; 32]);
        let url = format!("{HERE}?{query}").replace("STATE", state.expose());
        let url = Url::parse(&url).expect("a good URL");
        attempt().read_redirect(&url).map(|code| code.expose().to_owned())
    }

    #[test]
    fn a_redirect_gives_its_code_to_its_own_login_alone() {
        assert_eq!(read("code=abc&state=STATE"), Ok("abc".to_owned()));
        for (query, error) in [
            ("code=abc", RedirectError::State),
            ("code=abc&state=", RedirectError::State),
            ("code=abc&state=STATEx", RedirectError::State),
            ("error=access_denied", RedirectError::State),
            ("code=abc&state=STATE&state=STATE", RedirectError::Malformed),
            ("code=abc&code=def&state=STATE", RedirectError::Malformed),
            ("state=STATE", RedirectError::Malformed),
        ] {
            assert_eq!(read(query), Err(error), "{query}");
        }
    }

    #[test]
    fn a_refusal_is_told_as_one() {
        let expected = RedirectError::Refused { error: "access_denied".into(), description: "no".into() };
        assert_eq!(read("error=access_denied&error_description=no&state=STATE"), Err(expected));
    }

    #[test]
    fn another_address_is_not_where_the_login_waits() {
        for url in ["http://127.0.0.1:9721/login?code=a", "https://127.0.0.1:9720/login", "http://evil/login"]
        {
            let url = Url::parse(url).expect("a good URL");
            let read = attempt().read_redirect(&url).map(|_| ());
            assert_eq!(read, Err(RedirectError::Elsewhere), "{url}");
        }
    }

    #[test]
    fn only_a_page_that_no_third_party_can_change_is_opened() {
        let provider = |authorize_url: &str| LoginProvider {
            provider: "kakao".into(),
            authorize_url: authorize_url.into(),
            client_id: "key".into(),
            scopes: Vec::new(),
            window_hosts: Vec::new(),
            redirect_uri: None,
        };
        assert!(attempt().authorize_url(&provider("http://127.0.0.1:9704/oauth/authorize")).is_ok());
        for page in [
            "http://kauth.kakao.com/oauth/authorize",
            "http://0.0.0.0:9704/oauth/authorize",
            "file:///usr/bin/true",
            "steam://run/1",
            "javascript:alert(1)",
            "https://kakao.com@evil.example/",
        ] {
            let opened = attempt().authorize_url(&provider(page));
            assert!(opened.is_err(), "{page} would be handed to the system, which opens any scheme");
        }
        for redirect in ["http://evil.example/login", "javascript:alert(1)"] {
            let begun = LoginAttempt::new(redirect, [[1; 32], [2; 32], [3; 32]]);
            assert!(begun.is_err(), "{redirect}: the code would travel in the open");
        }
    }

    #[test]
    fn the_page_is_opened_with_the_challenge_and_never_with_the_verifier() {
        let provider = LoginProvider {
            provider: "kakao".into(),
            authorize_url: "https://kauth.kakao.com/oauth/authorize".into(),
            client_id: "key".into(),
            scopes: vec!["openid".into(), "profile_nickname".into()],
            window_hosts: vec!["kakao.com".into()],
            redirect_uri: None,
        };
        let url = attempt().authorize_url(&provider).expect("a good URL");
        assert!(url.as_str().contains("scope=openid+profile_nickname"), "{url}");
        assert!(url.as_str().contains("code_challenge_method=S256"), "{url}");
        let google = LoginProvider {
            authorize_url: "https://accounts.google.com/auth?prompt=consent".into(),
            ..provider
        };
        let url_of_google = attempt().authorize_url(&google).expect("a good URL");
        assert!(url_of_google.as_str().contains("auth?prompt=consent&response_type=code"), "{url_of_google}");
        let request = attempt().into_request(AuthorizationCode::new("code"));
        assert!(!url.as_str().contains(request.code_verifier.expose()));
    }
}
