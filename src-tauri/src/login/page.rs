//! Where a provider's page may lead.

use naru_launcher_core::LoginPage;
use url::{Host, Url};

/// Whether an address is where the login ends, whatever it carries.
pub fn is_redirect(page: &LoginPage, url: &Url) -> bool {
    let mut bare = url.clone();
    bare.set_query(None);
    bare.set_fragment(None);
    bare == page.redirect
}

/// Whether the login window shows an address: only what belongs to the provider, and only encrypted.
pub fn may_show(page: &LoginPage, url: &Url) -> bool {
    let is_encrypted = url.scheme() == "https" || page.url.scheme() == url.scheme();
    match (page.url.host(), url.host()) {
        (Some(Host::Domain(own)), Some(Host::Domain(other))) => is_encrypted && is_of(site(own), other),
        (own, other) => is_encrypted && own == other && page.url.port() == url.port(),
    }
}

/// `kakao.com` of `kauth.kakao.com`: providers log in on several hosts of one site.
fn site(host: &str) -> &str {
    match host.split_once('.') {
        Some((_, rest)) if rest.contains('.') => rest,
        _ => host,
    }
}

fn is_of(site: &str, host: &str) -> bool {
    host.strip_suffix(site).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().expect("an address")
    }

    fn page(at: &str) -> LoginPage {
        LoginPage { url: url(at), redirect: url("http://127.0.0.1:9720/login/kakao") }
    }

    #[test]
    fn the_window_stays_at_the_provider() {
        let kakao = page("https://kauth.kakao.com/oauth/authorize?client_id=x");
        for shown in ["https://kauth.kakao.com/a", "https://accounts.kakao.com/login", "https://kakao.com/"] {
            assert!(may_show(&kakao, &url(shown)), "{shown}");
        }
        for refused in [
            "https://kakao.com.evil.example/",
            "https://evilkakao.com/",
            "http://accounts.kakao.com/login",
            "https://example.com/",
            "file:///etc/passwd",
            "naru-game://localhost/index.html",
            "tauri://localhost/",
            "data:text/html,x",
        ] {
            assert!(!may_show(&kakao, &url(refused)), "{refused}");
        }
    }

    #[test]
    fn a_stand_in_on_this_machine_is_one_port() {
        let here = page("http://127.0.0.1:9704/oauth/authorize");
        assert!(may_show(&here, &url("http://127.0.0.1:9704/other")));
        assert!(!may_show(&here, &url("http://127.0.0.1:9703/login/providers")), "another server");
    }

    #[test]
    fn the_redirect_is_known_by_its_place_alone() {
        let page = page("https://kauth.kakao.com/");
        assert!(is_redirect(&page, &url("http://127.0.0.1:9720/login/kakao?code=a&state=b")));
        for other in ["http://127.0.0.1:9721/login/kakao?code=a", "http://127.0.0.1:9720/login/kakao/x"] {
            assert!(!is_redirect(&page, &url(other)), "{other}");
        }
    }
}
