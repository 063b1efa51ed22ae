//! Names that the 2017 client can't fetch.

use naru_protocol::RelPath;

/// The 2017 client puts a path into its URL unescaped. `#` and `?` end the path there, `%` begins an
/// escape, and S3 and CloudFront read `+` as a space.
const SPECIAL: [char; 4] = ['#', '?', '%', '+'];

/// The paths that lead a 2017 client to another object, or to none.
pub(super) fn unreachable<'a>(paths: impl Iterator<Item = &'a RelPath>) -> Vec<String> {
    paths.map(RelPath::as_str).filter(|path| path.contains(SPECIAL)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_url_reads_otherwise_is_named() {
        let named = |path: &str| {
            let path: RelPath = path.parse().expect("a name");
            !unreachable([&path].into_iter()).is_empty()
        };
        for path in ["a#1.png", "50%.txt", "%41.txt", "%25.txt", "libstdc++.so", "c#/a.txt"] {
            assert!(named(path), "{path}");
        }
        for path in ["a.txt", "맵 1/한글.txt", "a&b=c;d@e!$',().txt", "~a.txt", "[a].txt"] {
            assert!(!named(path), "{path}");
        }
    }
}
