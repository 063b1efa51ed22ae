//! Where a provider's page may lead.

use naru_launcher_core::LoginPage;
use url::Url;

/// Whether the login window shows an address: only what the provider's row names.
pub(crate) fn may_show(page: &LoginPage, url: &Url) -> bool {
    page.hosts.iter().any(|host| is_at(host, url, page))
}

/// A host stands for all below it, encrypted; one with a port for that place, as a stand-in on this machine.
fn is_at(host: &str, url: &Url, page: &LoginPage) -> bool {
    if host.contains(':') {
        return url.authority() == host && url.scheme() == page.url.scheme();
    }
    let is_encrypted = url.scheme() == "https" && url.port().is_none();
    // A whole top-level domain is no provider's.
    is_encrypted && host.contains('.') && url.domain().is_some_and(|found| is_of(host, found))
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

    fn page(at: &str, hosts: &[&str]) -> LoginPage {
        let hosts = hosts.iter().map(|&host| host.to_owned()).collect();
        LoginPage { login: 1, url: url(at), redirect: url("http://127.0.0.1:9720/login/kakao"), hosts }
    }

    #[test]
    fn the_window_stays_at_the_provider() {
        let kakao = page("https://kauth.kakao.com/oauth/authorize?client_id=x", &["kakao.com"]);
        for shown in ["https://kauth.kakao.com/a", "https://accounts.kakao.com/login", "https://kakao.com/"] {
            assert!(may_show(&kakao, &url(shown)), "{shown}");
        }
        for refused in [
            "https://kakao.com.evil.example/",
            "https://evilkakao.com/",
            "http://accounts.kakao.com/login",
            "https://kakao.com:8443/",
            "https://kakao.com@evil.example/",
            "https://example.com/",
            "file:///etc/passwd",
            "naru-game://localhost/index.html",
            "tauri://localhost/",
            "data:text/html,x",
        ] {
            assert!(!may_show(&kakao, &url(refused)), "{refused}");
        }
        let careless = page("https://kauth.kakao.com/", &["com", ""]);
        assert!(!may_show(&careless, &url("https://evil.com/")), "a row that names half of the web");
        let nothing = page("https://accounts.google.com/", &[]);
        assert!(!may_show(&nothing, &url("https://accounts.google.com/")), "Google is for a browser");
    }

    #[test]
    fn a_stand_in_on_this_machine_is_one_port() {
        let here = page("http://127.0.0.1:9704/oauth/authorize", &["127.0.0.1:9704"]);
        assert!(may_show(&here, &url("http://127.0.0.1:9704/other")));
        assert!(!may_show(&here, &url("http://127.0.0.1:9703/login/providers")), "another server");
        assert!(!may_show(&here, &url("http://me@127.0.0.1:9704/")), "nor somebody's name before it");
    }
}
