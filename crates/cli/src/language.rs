//! The two languages that Naru speaks.

use std::fmt;

/// A language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// 한국어
    Ko,
    /// English
    En,
}

impl Language {
    /// The language of a POSIX or BCP 47 locale (`ko_KR.UTF-8`, `ko-KR`); English where it is neither.
    pub fn of_locale(locale: &str) -> Self {
        let name = locale.split(['-', '_', '.', '@']).next().unwrap_or_default();
        if name.eq_ignore_ascii_case("ko") { Self::Ko } else { Self::En }
    }

    /// The one of two texts that is in this language.
    pub fn pick<T>(self, english: T, korean: T) -> T {
        match self {
            Self::En => english,
            Self::Ko => korean,
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.pick("en", "ko"))
    }
}

/// One sentence in both languages, side by side, formatted in the chosen one.
macro_rules! say {
    ($language:expr, $english:literal, $korean:literal $(, $($argument:tt)*)?) => {
        match $language {
            $crate::language::Language::En => format!($english $(, $($argument)*)?),
            $crate::language::Language::Ko => format!($korean $(, $($argument)*)?),
        }
    };
}
pub(crate) use say;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_korean_locale_of_any_system_is_korean_and_all_others_english() {
        for korean in ["ko", "ko_KR.UTF-8", "ko-KR", "KO_kr@euc"] {
            assert_eq!(Language::of_locale(korean), Language::Ko, "{korean}");
        }
        for other in ["", "C", "C.UTF-8", "en_US", "kok_IN", "de"] {
            assert_eq!(Language::of_locale(other), Language::En, "{other}");
        }
    }
}
