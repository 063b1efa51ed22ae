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

/// A sentence in both languages, for code that does not know the reader's language.
///
/// JSON always takes the English one where the contract promises a text that does not change with
/// the user's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// For English readers and for programs.
    pub english: String,
    /// 한국어
    pub korean: String,
}

impl Words {
    /// The text for a reader of this language.
    pub fn pick(&self, language: Language) -> &str {
        language.pick(&self.english, &self.korean)
    }

    /// What is the same in every language: a name, a number, the system's own words.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { english: text.clone(), korean: text }
    }
}

/// One sentence in both languages, side by side, formatted in both.
macro_rules! words {
    ($english:literal, $korean:literal $(, $($argument:tt)*)?) => {
        $crate::language::Words {
            english: format!($english $(, $($argument)*)?),
            korean: format!($korean $(, $($argument)*)?),
        }
    };
}
pub(crate) use words;

/// A number with 으로 or 로: after ㄹ, with which 1, 7 and 8 end, it is 로 as after a vowel.
pub fn with_direction(number: u64) -> String {
    let particle = if matches!(number % 10, 0 | 3 | 6) { "으로" } else { "로" };
    format!("{number}{particle}")
}

/// A number with the Korean particle that its sound asks for: `3을`, `4를`.
///
/// `closed` follows a consonant, `open` a vowel; for 으로/로 there is [`with_direction`].
pub fn with_particle(number: u64, closed: &str, open: &str) -> String {
    // The last digit is what is heard last; a zero ends in 십, 백, 천, 만 … or 영.
    let particle = if matches!(number % 10, 2 | 4 | 5 | 9) { open } else { closed };
    format!("{number}{particle}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_particle_follows_the_sound_of_the_number() {
        let heard: Vec<_> = [1, 2, 3, 4, 10, 25, 100].map(|number| with_particle(number, "을", "를")).into();
        assert_eq!(
            heard,
            ["1을", "2를", "3을", "4를", "10을", "25를", "100을"],
            "일, 이, 삼, 사, 십, 오, 백"
        );
    }

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
