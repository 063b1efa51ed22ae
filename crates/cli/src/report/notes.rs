//! Release notes, below a line of a result.

use crate::language::{Language, say};

/// How much of the notes an update shows: enough to see what is new, without pushing its result off
/// the screen.
const LINES: usize = 12;
const LETTERS: usize = 200;

/// The beginning of the notes, below a line of a result.
pub fn shown(language: Language, notes: &str) -> Vec<String> {
    let notes = in_language(language, notes);
    let mut lines: Vec<String> = notes
        .lines()
        .take(LINES)
        .map(|line| format!("  {}", shortened(line)).trim_end().to_owned())
        .collect();
    let more = notes.lines().count().saturating_sub(LINES);
    if more > 0 {
        lines.push(say!(
            language,
            "  … {more} more lines: `naru status`",
            "  … 그 밖에 {more}줄: `naru status`"
        ));
    }
    lines
}

/// Notes in two languages are shown in the user's.
pub fn in_language(language: Language, notes: &str) -> String {
    naru_patcher::notes_for(language.pick("en", "ko"), notes)
}

fn shortened(line: &str) -> String {
    match line.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_notes_are_cut_and_counted() {
        assert_eq!(shown(Language::En, ""), Vec::<String>::new());
        assert_eq!(shown(Language::En, "새 동굴\n\n- fixes"), ["  새 동굴", "", "  - fixes"]);
        let many = shown(Language::En, &"x\n".repeat(20));
        assert_eq!((many.len(), many[LINES].as_str()), (LINES + 1, "  … 8 more lines: `naru status`"));
        let long = shown(Language::Ko, &"가".repeat(300));
        assert_eq!(long[0].chars().count(), 2 + LETTERS + 1, "letters and not bytes");
    }
}
