//! `naru init`

use std::path::Path;

use serde::Serialize;
use serde_json::json;

use super::Report;
use crate::language::{Language, say};

/// The file that was written.
pub struct InitReport<'a>(pub &'a Path);

impl Report for InitReport<'_> {
    fn json(&self) -> impl Serialize {
        json!({"file": self.0.to_string_lossy()})
    }

    fn lines(&self, language: Language) -> Vec<String> {
        let name = self.0.display();
        vec![say!(language, "Wrote {name}.", "{name} 파일을 만들었습니다.")]
    }
}

/// What to do with it.
pub fn next_step(language: Language, missing: &[&str]) -> String {
    if missing.is_empty() {
        return say!(
            language,
            "Next: `naru publish --dry-run BUILD_DIR` shows what would be published.",
            "다음: `naru publish --dry-run BUILD_DIR`로 무엇이 배포될지 볼 수 있습니다."
        );
    }
    let missing = missing.join(", ");
    say!(
        language,
        "Next: fill in {missing}; then `naru publish --dry-run BUILD_DIR` shows what would be published.",
        "다음: {missing} 값을 채우십시오. 그런 뒤 `naru publish --dry-run BUILD_DIR`로 무엇이 배포될지 볼 수 있습니다."
    )
}
