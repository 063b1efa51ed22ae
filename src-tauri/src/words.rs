//! The few words that the shell says itself. All others are the page's.

use naru_launcher_core::view::Language;

/// In one language.
pub struct Words {
    /// Brings the window back.
    pub show: &'static str,
    /// Ends the launcher.
    pub quit: &'static str,
}

const KOREAN: Words = Words { show: "열기", quit: "종료" };

const ENGLISH: Words = Words { show: "Open", quit: "Quit" };

impl Words {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Ko => &KOREAN,
            Language::En => &ENGLISH,
        }
    }
}
