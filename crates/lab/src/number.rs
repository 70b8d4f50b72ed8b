//! Floating-point numbers in JSON, the non-finite ones included.
//!
//! JSON has no NaN and no infinity, and a loss that became NaN is the event a learner most needs to
//! see. Finite values are JSON numbers; the others are the strings `"NaN"`, `"Infinity"` and
//! `"-Infinity"`.

use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

pub(crate) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    match *value {
        value if value.is_finite() => serializer.serialize_f64(value),
        value if value.is_nan() => serializer.serialize_str("NaN"),
        value if value > 0.0 => serializer.serialize_str("Infinity"),
        _ => serializer.serialize_str("-Infinity"),
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Finite(f64),
        Named(String),
    }
    match Written::deserialize(deserializer)? {
        Written::Finite(value) => Ok(value),
        Written::Named(name) => match name.as_str() {
            "NaN" => Ok(f64::NAN),
            "Infinity" => Ok(f64::INFINITY),
            "-Infinity" => Ok(f64::NEG_INFINITY),
            _ => Err(D::Error::custom(format!(
                "expected a number, \"NaN\", \"Infinity\" or \"-Infinity\", found {name:?}"
            ))),
        },
    }
}

/// The same form for the values of a map.
pub(crate) mod map {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Number(#[serde(with = "super")] f64);

    pub(crate) fn serialize<S: Serializer>(values: &BTreeMap<String, f64>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(values.iter().map(|(name, value)| (name, Number(*value))))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, f64>, D::Error> {
        let values = BTreeMap::<String, Number>::deserialize(deserializer)?;
        Ok(values.into_iter().map(|(name, Number(value))| (name, value)).collect())
    }
}
