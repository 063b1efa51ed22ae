//! `naru releases`

use naru_patcher::ReleaseSummary;
use serde::Serialize;
use serde_json::json;

use super::{Report, notes};
use crate::columns::{left, right, width};
use crate::language::{Language, say};
use crate::quantity::{bytes, date, files};

/// The releases of a channel.
pub struct ReleasesReport<'a>(pub &'a [ReleaseSummary]);

impl Report for ReleasesReport<'_> {
    fn json(&self) -> impl Serialize {
        json!({"releases": self.0})
    }

    fn lines(&self, language: Language) -> Vec<String> {
        if self.0.is_empty() {
            return vec![say!(language, "Nothing has been published yet.", "아직 배포된 릴리스가 없습니다.")];
        }
        lines(language, self.0)
    }
}

fn lines(language: Language, releases: &[ReleaseSummary]) -> Vec<String> {
    let marks: Vec<String> = releases.iter().map(|release| marks(language, release)).collect();
    let widest = marks.iter().map(|mark| width(mark)).max().unwrap_or_default();
    let line = |(release, mark): (&ReleaseSummary, &String)| {
        let number = release.number;
        let at = release.date.map_or_else(|| "-".into(), date);
        let size = right(&bytes(release.bytes), 10);
        let files = right(&files(language, release.files), 12);
        let text = notes::in_language(language, &release.notes);
        let note = text.lines().next().unwrap_or_default();
        let text = format!("{number:>6}  {at:<20}  {files}  {size}  {}  {note}", left(mark, widest));
        text.trim_end().to_owned()
    };
    releases.iter().zip(&marks).map(line).collect()
}

fn marks(language: Language, release: &ReleaseSummary) -> String {
    let mut marks = Vec::new();
    if release.live {
        marks.push(language.pick("live", "현재").to_owned());
    }
    if let Some(of) = release.content_of {
        marks.push(say!(language, "content of {of}", "릴리스 {of}의 내용"));
    }
    if release.made_by_2017 {
        marks.push(language.pick("2017 tool", "2017년 도구").to_owned());
    }
    marks.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(number: u64, live: bool, content_of: Option<u64>) -> ReleaseSummary {
        let (notes, date) = ("첫 배포\nmore".to_owned(), None);
        ReleaseSummary { number, date, notes, files: 3, bytes: 1536, content_of, made_by_2017: false, live }
    }

    #[test]
    fn notes_in_two_languages_are_shown_in_the_users() {
        let mut both = release(3, true, None);
        both.notes = "[ko]\n새 동굴\n[en]\nA new cave\n".into();
        assert!(lines(Language::Ko, &[both.clone()])[0].ends_with("  새 동굴"));
        assert!(lines(Language::En, &[both])[0].ends_with("  A new cave"), "and not the mark of a part");
    }

    #[test]
    fn the_columns_stand_below_each_other_in_both_languages() {
        for language in [Language::En, Language::Ko] {
            let lines = lines(language, &[release(10, true, Some(7)), release(9, false, None)]);
            let at = |line: &String| line.find("첫").map(|byte| width(&line[..byte]));
            assert_eq!(at(&lines[0]), at(&lines[1]), "the notes begin in one cell: {lines:#?}");
            assert!(at(&lines[0]).is_some());
        }
    }
}
