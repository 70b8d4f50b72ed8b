//! Passwords, in the form in which they are kept: argon2id, which cannot be read back.
//!
//! Tokens, which nobody chose, are the store's.

use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version, password_hash::SaltString,
};
use unicode_normalization::UnicodeNormalization;

use crate::error::AppError;

/// The shortest password.
pub const SHORTEST: usize = 8;
/// The longest password, in bytes: hashing takes longer the more there is.
pub const LONGEST: usize = 1024;

/// Returns random bytes.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system has random numbers");
    bytes
}

/// 19 MiB, two passes: what OWASP asks of argon2id.
static ARGON2: LazyLock<Argon2<'static>> = LazyLock::new(|| {
    let params = Params::new(19 * 1024, 2, 1, None).expect("these are allowed");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
});

/// Refuses a password that is too short or too long.
pub fn check_password(password: &str) -> Result<(), AppError> {
    if password.chars().count() < SHORTEST {
        return Err(AppError::invalid("password_short", format!("a password has at least {SHORTEST} characters")));
    }
    if password.len() > LONGEST {
        return Err(AppError::invalid("password_long", format!("a password has at most {LONGEST} bytes")));
    }
    Ok(())
}

/// Returns what is kept of a password. Takes tens of milliseconds.
pub fn hash_password(password: &str) -> String {
    let salt = SaltString::encode_b64(&random::<16>()).expect("sixteen bytes are a salt");
    let hash = ARGON2.hash_password(typed(password).as_bytes(), &salt).expect("any bytes can be hashed");
    hash.to_string()
}

/// Says whether a password is the one of which this is kept. As slow where there is none to compare with.
pub fn is_password(password: &str, kept: Option<&str>) -> bool {
    static NOBODYS: LazyLock<String> = LazyLock::new(|| hash_password("nobody's"));
    let hash = PasswordHash::new(kept.unwrap_or(&NOBODYS));
    let same = hash.is_ok_and(|hash| ARGON2.verify_password(typed(password).as_bytes(), &hash).is_ok());
    same && kept.is_some()
}

/// The same characters typed on another keyboard are the same password.
fn typed(password: &str) -> String {
    password.nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_itself_and_nothing_else() {
        let kept = hash_password("correct horse");
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(is_password("correct horse", Some(&kept)));
        assert!(is_password("ｃｏｒｒｅｃｔ horse", Some(&kept)));
        assert!(!is_password("correct hors", Some(&kept)));
        assert!(!is_password("nobody's", None));
        assert!(!is_password("x", Some("no hash")));
        assert_ne!(kept, hash_password("correct horse"));
    }
}
