//! The language that a person is spoken to in.

use lyceum_lab::Language;

/// Reads the value of `--lang`.
pub fn parse(text: &str) -> Result<Language, String> {
    match text {
        "zh" => Ok(Language::Zh),
        "en" => Ok(Language::En),
        _ => Err("expected zh or en".into()),
    }
}

/// Returns the language that the environment asks for: Chinese where its locale is, else English.
pub fn from_env() -> Language {
    let names = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let locale = names.iter().find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    of_locale(&locale.unwrap_or_default())
}

fn of_locale(locale: &str) -> Language {
    if locale.starts_with("zh") { Language::Zh } else { Language::En }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_locale_is_spoken_to_in_chinese() {
        for (locale, language) in [
            ("zh_CN.UTF-8", Language::Zh),
            ("zh_TW", Language::Zh),
            ("en_GB.UTF-8", Language::En),
            ("C.UTF-8", Language::En),
            ("de_DE", Language::En),
            ("", Language::En),
        ] {
            assert_eq!(of_locale(locale), language, "{locale}");
        }
        assert!(parse("zh").is_ok() && parse("fr").is_err());
    }
}
