//! Secrets that a person carries: session cookies and invitation links. The database has only their hashes, so whoever
//! reads it, or a backup of it, cannot come in with what they find.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::{Error, Result};

/// A secret of 256 random bits, as 64 hexadecimal digits. It shows itself only through [`Token::reveal`].
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// The SHA-256 of a token: all that is kept of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TokenHash(String);

impl Token {
    /// Makes a new secret.
    pub fn random() -> Result<Self> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(|_| Error::Entropy)?;
        Ok(Self(hex::encode(bytes)))
    }

    /// Returns the secret, to be given to the person it is for.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Returns what is kept of it.
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

impl TokenHash {
    /// Hashes what somebody brought, whatever it is.
    pub fn of(presented: &str) -> Self {
        Self(hex::encode(Sha256::digest(presented.as_bytes())))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_again_by_its_hash() {
        let token = Token::random().unwrap();
        assert_eq!(token.reveal().len(), 64);
        assert_eq!(TokenHash::of(token.reveal()), token.hash());
        assert_ne!(token, Token::random().unwrap());
    }

    #[test]
    fn the_hash_is_sha_256() {
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(TokenHash::of("abc").as_str(), known);
    }

    #[test]
    fn debugging_shows_no_secret() {
        let token = Token::random().unwrap();
        assert!(!format!("{token:?}").contains(token.reveal()));
    }
}
