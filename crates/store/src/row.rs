//! Rows and plain types: words for enums, numbers for truths.

/// Gives an enum its words: how it is kept, shown in JSON, and read again.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$variant_meta])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// Every one there is.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns its word.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }

            /// Finds it by its word.
            pub fn from_word(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$variant),)*
                    _ => None,
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use words;

use sqlx::Row;
use sqlx::any::AnyRow;

/// What rows are read with, beside sqlx's own.
pub(crate) trait RowExt {
    /// Reads a column that holds one of an enum's words.
    fn word<T>(&self, column: &str, from_word: fn(&str) -> Option<T>) -> sqlx::Result<T>;
    /// Reads a truth.
    fn truth(&self, column: &str) -> sqlx::Result<bool>;
    /// Reads JSON.
    fn json<T: serde::de::DeserializeOwned>(&self, column: &str) -> sqlx::Result<T>;
}

impl RowExt for AnyRow {
    fn word<T>(&self, column: &str, from_word: fn(&str) -> Option<T>) -> sqlx::Result<T> {
        let word: &str = self.try_get(column)?;
        from_word(word).ok_or_else(|| sqlx::Error::ColumnDecode {
            index: column.into(),
            source: format!("{word:?} is no word of this column").into(),
        })
    }

    fn truth(&self, column: &str) -> sqlx::Result<bool> {
        Ok(self.try_get::<i64, _>(column)? != 0)
    }

    fn json<T: serde::de::DeserializeOwned>(&self, column: &str) -> sqlx::Result<T> {
        let text: &str = self.try_get(column)?;
        serde_json::from_str(text)
            .map_err(|source| sqlx::Error::ColumnDecode { index: column.into(), source: source.into() })
    }
}
