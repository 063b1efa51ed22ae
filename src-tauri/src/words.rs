//! The few words that the shell says itself. All others are the page's.

use naru_launcher_core::view::Language;

/// In one language.
pub(crate) struct Words {
    /// Brings the window back.
    pub(crate) show: &'static str,
    /// Ends the launcher.
    pub(crate) quit: &'static str,
    pub(crate) released: &'static str,
    pub(crate) installed: &'static str,
    pub(crate) published: &'static str,
    pub(crate) failed: &'static str,
}

const KOREAN: Words = Words {
    show: "열기",
    quit: "종료",
    released: "릴리스 {}: 새 업데이트가 나왔습니다.",
    installed: "릴리스 {}: 설치했습니다. 이제 플레이할 수 있습니다.",
    published: "릴리스 {}: 배포했습니다.",
    failed: "작업이 중단되었습니다. 런처에서 이유를 확인하세요.",
};

const ENGLISH: Words = Words {
    show: "Open",
    quit: "Quit",
    released: "Release {} is available.",
    installed: "Release {} is installed. You can play it now.",
    published: "Release {} is published.",
    failed: "The task has stopped. Open the launcher to see why.",
};

impl Words {
    /// The words of a language.
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::Ko => &KOREAN,
            Language::En => &ENGLISH,
        }
    }
}
