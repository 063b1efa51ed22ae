//! What a person sees. No script: the page works in any browser and in a login window.

use std::fmt::Write;

use super::authorize::Ask;
use super::fault::AuthFault;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Korean,
}

/// The page's words in one language.
struct Words {
    code: &'static str,
    title: &'static str,
    local: &'static str,
    known: &'static str,
    nickname: &'static str,
    asks: &'static str,
    agree: &'static str,
    refuse: &'static str,
    failed: &'static str,
}

const ENGLISH: Words = Words {
    code: "en",
    title: "Log in to Kakao (local stand-in)",
    local: "This page stands in for Kakao on this machine. Any nickname will do.",
    known: "Continue with an earlier nickname",
    nickname: "Nickname",
    asks: "The game asks for",
    agree: "Agree and continue",
    refuse: "Decline",
    failed: "The login cannot continue",
};

const KOREAN: Words = Words {
    code: "ko",
    title: "카카오 로그인(로컬)",
    local: "이 컴퓨터에서 카카오를 대신하는 화면입니다. 아무 닉네임이나 쓸 수 있습니다.",
    known: "전에 쓴 닉네임으로 계속하기",
    nickname: "닉네임",
    asks: "게임이 요청하는 항목",
    agree: "동의하고 계속하기",
    refuse: "거부",
    failed: "로그인을 계속할 수 없습니다",
};

const STYLE: &str = "body{font:16px/1.5 sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem;\
color:#191919;background:#fff}button,input{font:inherit;width:100%;box-sizing:border-box;padding:.7rem;\
margin:.3rem 0;border-radius:.5rem;border:1px solid #767676}button{cursor:pointer;background:#f5f5f5;\
color:#191919}button.main{background:#fee500;border-color:#fee500}";

/// The form: choose or enter a nickname, agree or refuse.
pub(super) fn login(language: Language, ask: &Ask, nicknames: &[String]) -> String {
    let words = words(language);
    let hidden = hidden(ask);
    let mut body = format!("<h1>{}</h1><p>{}</p>", words.title, words.local);
    let _ = write!(body, "<p>{}: <code>{}</code></p>", words.asks, escape(&ask.scopes()));
    let _ = write!(
        body,
        "<form method=post action=\"/oauth/authorize\">{hidden}\
         <label for=nickname>{nickname}</label>\
         <input id=nickname name=nickname maxlength=20 required autofocus autocomplete=off>\
         <button class=main name=decision value=agree>{agree}</button>\
         <button name=decision value=refuse formnovalidate>{refuse}</button></form>",
        nickname = words.nickname,
        agree = words.agree,
        refuse = words.refuse,
    );
    if !nicknames.is_empty() {
        let _ = write!(body, "<h2>{}</h2>", words.known);
    }
    for nickname in nicknames {
        let nickname = escape(nickname);
        let _ = write!(
            body,
            "<form method=post action=\"/oauth/authorize\">{hidden}\
             <input type=hidden name=decision value=agree>\
             <button name=nickname value=\"{nickname}\">{nickname}</button></form>"
        );
    }
    document(words, &body)
}

/// The page shown if redirecting back to the app is not allowed.
pub(super) fn refusal(language: Language, fault: AuthFault) -> String {
    let words = words(language);
    let (code, description) = fault.words();
    document(words, &format!("<h1>{}</h1><p>{description} ({code})</p>", words.failed))
}

fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &ENGLISH,
        Language::Korean => &KOREAN,
    }
}

fn document(words: &Words, body: &str) -> String {
    format!(
        "<!doctype html><html lang={}><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width\"><title>{}</title><style>{STYLE}</style>\
         <main>{body}</main></html>",
        words.code, words.title
    )
}

fn hidden(ask: &Ask) -> String {
    ask.fields().into_iter().fold(String::new(), |mut fields, (name, value)| {
        let _ = write!(fields, "<input type=hidden name={name} value=\"{}\">", escape(value));
        fields
    })
}

/// Nothing that an app or a person wrote becomes markup.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
