//! Replays what real PyTorch drew (`tests/data/random.json`, written by `golden/random_vectors.py`), bit for bit.

use serde_json::Value;

use super::*;

/// A tensor's values as 64-bit integers: floats by their bits, as the file has them.
trait Bits: Draw {
    fn bits(self) -> i64;
}

macro_rules! bits {
    ($($kind:ty: |$value:ident| $bits:expr),*) => {
        $(impl Bits for $kind {
            fn bits(self) -> i64 {
                let $value = self;
                $bits
            }
        })*
    };
}

bits!(
    bool: |value| value as i64,
    u8: |value| value as i64,
    i32: |value| value as i64,
    i64: |value| value,
    f32: |value| value.to_bits() as i32 as i64,
    f64: |value| value.to_bits() as i64
);

fn file() -> Value {
    serde_json::from_str(include_str!("../../tests/data/random.json")).unwrap()
}

fn integers(value: &Value) -> Vec<i64> {
    value.as_array().unwrap().iter().map(|entry| entry.as_i64().unwrap()).collect()
}

fn fnv(values: impl Iterator<Item = i64>) -> String {
    let mut state = 0xcbf2_9ce4_8422_2325u64;
    for byte in values.flat_map(i64::to_le_bytes) {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    format!("{state:016x}")
}

/// Runs one case and returns its values as bits.
fn run<T: Bits>(case: &Value, generator: &mut Generator) -> Option<Vec<i64>> {
    let number = |name: &str| case[name].as_f64().unwrap();
    let whole = |name: &str| case[name].as_i64().unwrap();
    let mut out = vec![T::from_i64(0); whole("length") as usize];
    match case["op"].as_str().unwrap() {
        "random" => random(generator, &mut out),
        "random_between" => random_between(generator, &mut out, whole("from"), whole("to")),
        "random_full_range" => random_full_range(generator, &mut out),
        "randperm" => randperm(generator, &mut out),
        "bernoulli" => bernoulli(generator, &mut out, number("p")).unwrap(),
        "geometric" => geometric(generator, &mut out, number("p")),
        "bernoulli_each" if case["probabilities"] == "f32" => {
            let mut p = vec![0f32; out.len()];
            uniform(generator, &mut p, 0.0, 1.0);
            bernoulli_each(generator, &mut out, &p).unwrap();
        }
        "bernoulli_each" => {
            let mut p = vec![0f64; out.len()];
            uniform(generator, &mut p, 0.0, 1.0);
            bernoulli_each(generator, &mut out, &p).unwrap();
        }
        _ => return None,
    }
    Some(out.into_iter().map(Bits::bits).collect())
}

/// The same for the ops that only floats have.
fn run_real<T: Bits + Real>(case: &Value, generator: &mut Generator) -> Vec<i64> {
    if let Some(values) = run::<T>(case, generator) {
        return values;
    }
    let number = |name: &str| case[name].as_f64().unwrap();
    let mut out = vec![T::from_i64(0); case["length"].as_u64().unwrap() as usize];
    match case["op"].as_str().unwrap() {
        "uniform" => uniform(generator, &mut out, number("from"), number("to")),
        "normal" => normal(generator, &mut out, number("mean"), number("std")),
        "normal_serial" => normal_serial(generator, &mut out, number("mean"), number("std")),
        "exponential" => exponential(generator, &mut out, number("rate")),
        "cauchy" => cauchy(generator, &mut out, number("median"), number("sigma")),
        "poisson" => {
            let mut rates = out.clone();
            uniform(generator, &mut rates, 0.0, 60.0);
            poisson(generator, &mut out, &rates).unwrap();
        }
        "log_normal" => log_normal(generator, &mut out, number("mean"), number("std")),
        other => panic!("no test for {other}"),
    }
    out.into_iter().map(Bits::bits).collect()
}

fn run_multinomial<T: Real>(case: &Value, generator: &mut Generator) -> Vec<i64> {
    let size = |name: &str| case[name].as_u64().unwrap() as usize;
    let mut weights = vec![T::from_i64(0); size("rows") * size("categories")];
    uniform(generator, &mut weights, 0.0, 1.0);
    let replacement = case["replacement"].as_bool().unwrap();
    if replacement && size("samples") != 1 {
        return multinomial_with_replacement(generator, &weights, size("categories"), size("samples")).unwrap();
    }
    let mut draws = weights.clone();
    exponential(generator, &mut draws, 1.0);
    multinomial_race(&weights, &draws, size("categories"), size("samples"))
}

#[test]
fn every_draw_is_torchs() {
    let file = file();
    let cases = file["cases"].as_array().unwrap();
    assert!(cases.len() >= 270);
    let mut wrong = Vec::new();
    for case in cases {
        let mut generator = Generator::new(case["seed"].as_u64().unwrap());
        let values = match (case["op"].as_str().unwrap(), case["dtype"].as_str().unwrap()) {
            ("multinomial", _) if case["weights"] == "f32" => run_multinomial::<f32>(case, &mut generator),
            ("multinomial", _) => run_multinomial::<f64>(case, &mut generator),
            (_, "f32") => run_real::<f32>(case, &mut generator),
            (_, "f64") => run_real::<f64>(case, &mut generator),
            (_, "bool") => run::<bool>(case, &mut generator).unwrap(),
            (_, "u8") => run::<u8>(case, &mut generator).unwrap(),
            (_, "i32") => run::<i32>(case, &mut generator).unwrap(),
            (_, "i64") => run::<i64>(case, &mut generator).unwrap(),
            (_, other) => panic!("no element type {other}"),
        };
        let first = integers(&case["first"]);
        let last = integers(&case["last"]);
        let same = values.len() == case["length"].as_u64().unwrap() as usize
            && values[..first.len()] == first
            && values[values.len() - last.len()..] == last
            && fnv(values.iter().copied()) == case["fnv"]
            && i64::from(generator.draw32() % (1 << 27)) == case["next"];
        if !same {
            let at = values.iter().zip(&first).position(|(got, expected)| got != expected);
            wrong.push(format!(
                "{} {} length {} seed {}: first difference {at:?}",
                case["op"], case["dtype"], case["length"], case["seed"]
            ));
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn saved_states_are_torchs() {
    for entry in file()["states"].as_array().unwrap() {
        let mut generator = Generator::new(entry["seed"].as_u64().unwrap());
        let mut out = vec![0f32; entry["draws"].as_u64().unwrap() as usize];
        uniform(&mut generator, &mut out, 0.0, 1.0);
        if entry["spare"] == true {
            normal(&mut generator, &mut [0f32; 1], 0.0, 1.0);
        }
        let state = generator.state();
        assert_eq!(fnv(state.iter().map(|&byte| i64::from(byte))), entry["fnv"], "{entry}");
        assert_eq!(i64::from(generator.draw32() % (1 << 27)), entry["next"], "{entry}");
    }
}

#[test]
fn special_functions_agree_with_torch() {
    use crate::special::{digamma, erf, erfc, erfinv, lgamma};
    let file = file();
    type Function = fn(f64) -> f64;
    let functions: [(&str, Function, f64); 5] = [
        ("erf", erf, 1e-15),
        ("erfc", erfc, 1e-14),
        ("erfinv", erfinv, 1e-13),
        ("lgamma", lgamma, 1e-14),
        ("digamma", digamma, 1e-13),
    ];
    for (name, function, tolerance) in functions {
        let values =
            |key: &str| integers(&file["special"][name][key]).into_iter().map(|bits| f64::from_bits(bits as u64));
        for (x, expected) in values("x").zip(values("y")) {
            let got = function(x);
            let error = (got - expected).abs();
            assert!(error <= tolerance * expected.abs().max(0.1), "{name}({x}): {got} not {expected}");
        }
    }
}
