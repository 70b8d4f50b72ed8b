//! Names of accounts and cohorts: what may be in one, and which are the same.
//!
//! A login is what a person types and others may imitate, so it has letters, digits and few signs. What is displayed
//! is free, but cannot hold what would not be seen or would turn the text around it.

use unicode_normalization::UnicodeNormalization;

use crate::{Error, NameProblem, Result};

const LONGEST_LOGIN: usize = 64;
const LONGEST_DISPLAY: usize = 100;
const SIGNS: &[char] = &['.', '_', '-', '+', '@'];

/// Folds a name, so that two that differ in case or width only are the same: `ＬＩ` is `li`, `Straße` is `STRASSE`.
pub fn fold(name: &str) -> String {
    let mut folded = compatible(name);
    // Folding one character can bring forth another that folds; nothing in Unicode needs more than three rounds.
    for _ in 0..4 {
        let cased: String = folded.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
        let next = compatible(&cased);
        if next == folded {
            break;
        }
        folded = next;
    }
    folded
}

/// NFKC without space around it. Some signs are a space and a mark in that form, so space goes last.
fn compatible(text: &str) -> String {
    text.nfkc().collect::<String>().trim().to_owned()
}

/// A login in the form in which it is kept, and folded.
pub(crate) struct Login {
    pub(crate) name: String,
    pub(crate) folded: String,
}

/// Checks a login.
pub(crate) fn login(name: &str) -> Result<Login> {
    let name = compatible(name);
    let fits = |text: &str| (1..=LONGEST_LOGIN).contains(&text.chars().count());
    let folded = fold(&name);
    if name.is_empty() {
        return Err(Error::Name(NameProblem::Empty));
    }
    if !fits(&name) || !fits(&folded) {
        return Err(Error::Name(NameProblem::TooLong { limit: LONGEST_LOGIN }));
    }
    if let Some(found) = name.chars().find(|c| !c.is_alphanumeric() && !SIGNS.contains(c)) {
        return Err(Error::Name(NameProblem::Character { found }));
    }
    Ok(Login { name, folded })
}

/// Checks a text that is shown as a name, of a person or a cohort.
pub(crate) fn display(text: &str) -> Result<String> {
    let text: String = text.trim().nfc().collect();
    if text.is_empty() {
        return Err(Error::Name(NameProblem::Empty));
    }
    if text.chars().count() > LONGEST_DISPLAY {
        return Err(Error::Name(NameProblem::TooLong { limit: LONGEST_DISPLAY }));
    }
    if let Some(found) = text.chars().find(|&c| c.is_control() || is_invisible(c)) {
        return Err(Error::Name(NameProblem::Character { found }));
    }
    Ok(text)
}

/// Whether a character is not seen itself but changes how or where its neighbours are. The joiners, which some scripts
/// and emoji need, are let through.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_look_alike_are_the_same() {
        for (one, other) in [
            ("Lin", "lin"),
            ("ＬＩＮ", "lin"),
            ("Straße", "STRASSE"),
            ("ΟΔΟΣ", "οδος"),
            ("ΟΔΟΣ", "οδοσ"),
            ("ﬁn", "FIN"),
            ("e\u{301}", "É"),
            ("学①", "学1"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} and {other}");
        }
        assert_ne!(fold("lin"), fold("lín"));
    }

    #[test]
    fn logins_have_letters_digits_and_few_signs() {
        for good in ["lin", "林", "li.na+1@example-school", " ana_2 ", "Ñandú"] {
            assert!(login(good).is_ok(), "{good}");
        }
        for bad in ["", "  ", "a b", "a\0", "a\u{200b}", "\u{202e}a", "a/b", "<a>", "a'--", &"x".repeat(65)] {
            assert!(login(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn what_is_displayed_is_visible() {
        assert_eq!(display("  Ana María  ").unwrap(), "Ana María");
        assert_eq!(display("林 👩‍🔬").unwrap(), "林 👩‍🔬");
        for bad in ["", "a\nb", "a\u{202e}b", "\u{feff}a", &"字".repeat(101)] {
            assert!(display(bad).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(name in any::<String>()) {
            prop_assert_eq!(fold(&fold(&name)), fold(&name));
        }

        #[test]
        fn case_and_form_make_no_difference(name in any::<String>()) {
            prop_assert_eq!(fold(&name.nfd().collect::<String>()), fold(&name));
            prop_assert_eq!(fold(&name.to_uppercase()), fold(&name));
        }

        #[test]
        fn what_was_checked_stays_good(name in "\\PC{0,20}") {
            if let Ok(first) = login(&name) {
                let again = login(&first.name).expect("a login in its kept form is good");
                prop_assert_eq!((again.name, again.folded), (first.name, first.folded));
            }
            if let Ok(first) = display(&name) {
                prop_assert_eq!(display(&first).expect("a display in its kept form is good"), first);
            }
        }
    }
}
