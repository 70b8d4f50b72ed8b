//! Replays what real PyTorch's ops drew (`tests/data/random.json`, written by `golden/random_vectors.py`), bit for bit.

use serde_json::Value as Json;

use super::*;
use crate::ops::view;
use crate::random::Generator;

fn ramp() -> Tensor {
    // torch.linspace(0.05, 0.95, 40): from both ends to the middle.
    let step = (0.95f32 - 0.05) / 39.0;
    let at = |k: usize| {
        if k < 20 { step.mul_add(k as f32, 0.05) } else { (-step).mul_add((39 - k) as f32, 0.95) }
    };
    Tensor::from_vec((0..40).map(at).collect(), &[5, 8]).unwrap()
}

fn row(t: &Tensor, index: i64) -> Tensor {
    view::select(t, 0, index).unwrap()
}

fn sliced() -> Tensor {
    view::slice(&Tensor::ones(&[5, 16], DType::F32).unwrap(), 1, 0, 16, 2).unwrap()
}

fn channels() -> Tensor {
    view::reshape(&ramp(), &[5, 4, 2]).unwrap()
}

fn run(name: &str, g: &SharedGenerator) -> Result<Tensor> {
    let empty = || Tensor::zeros(&[5, 8], DType::F32).unwrap();
    let transposed = |t: &Tensor| view::t(t).unwrap();
    let drop = |t: &Tensor, kind, p| dropout::dropout(t, kind, p, true, g);
    match name {
        "uniform_ transposed" => uniform_(&transposed(&empty()), -1.0, 1.0, g),
        "uniform_ sliced" => uniform_(&sliced(), 0.0, 1.0, g),
        "normal_ transposed" => normal_(&transposed(&empty()), 1.0, 2.0, g),
        "normal_ sliced" => normal_(&sliced(), 0.0, 1.0, g),
        "normal_ contiguous" => normal_(&empty(), 1.0, 2.0, g),
        "rand_like transposed" => rand_like(&transposed(&ramp()), DType::F32, g),
        "randn_like transposed" => randn_like(&transposed(&ramp()), DType::F32, g),
        "randn_like sliced" => randn_like(&sliced(), DType::F32, g),
        "randint_like" => randint_like(&ramp(), -3, 9, DType::F32, g),
        "normal mean" => normal_around(&ramp(), 0.5, g),
        "normal std" => normal_scaled(None, 0.25, &ramp(), g),
        "normal both" => normal_scaled(Some(&ramp()), 0.0, &row(&ramp(), 0).to_dtype(DType::F64)?, g),
        "bernoulli" => bernoulli(&transposed(&ramp()), g),
        "bernoulli_ each" => bernoulli_each_(&transposed(&Tensor::zeros(&[8, 5], DType::F32)?), &ramp(), g),
        "bernoulli_ row" => bernoulli_each_(&empty(), &row(&ramp(), 1), g),
        "multinomial transposed" => multinomial(&transposed(&ramp()), 3, false, g),
        "dropout" => drop(&ramp(), DropoutKind::Elements, 0.3),
        "dropout float64 transposed" => drop(&transposed(&ramp().to_dtype(DType::F64)?), DropoutKind::Elements, 0.3),
        "dropout all" => drop(&ramp(), DropoutKind::Elements, 1.0),
        "feature_dropout" => drop(&channels(), DropoutKind::Features, 0.4),
        "alpha_dropout" => drop(&ramp(), DropoutKind::Alpha, 0.3),
        "feature_alpha_dropout" => drop(&channels(), DropoutKind::FeatureAlpha, 0.4),
        "poisson" => poisson(&transposed(&ramp().mul_scalar(30.0)?), g),
        other => panic!("no test for {other}"),
    }
}

fn bits(t: &Tensor) -> Vec<i64> {
    match t.dtype() {
        DType::F32 => t.dense::<f32>().unwrap().iter().map(|value| value.to_bits() as i32 as i64).collect(),
        DType::F64 => t.dense::<f64>().unwrap().iter().map(|value| value.to_bits() as i64).collect(),
        _ => t.to_vec::<i64>().unwrap(),
    }
}

#[test]
fn every_op_draws_torchs_numbers() {
    let file: Json = serde_json::from_str(include_str!("../../../tests/data/random.json")).unwrap();
    let mut wrong = Vec::new();
    for (name, expected) in file["ops"].as_object().unwrap() {
        let generator = Generator::shared(99);
        let drawn = run(name, &generator).unwrap();
        let values: Vec<i64> =
            expected["values"].as_array().unwrap().iter().map(|value| value.as_i64().unwrap()).collect();
        let got = bits(&drawn);
        if got != values {
            let at = got.iter().zip(&values).filter(|(a, b)| a != b).count();
            wrong.push(format!("{name}: {at} of {} values differ: {drawn:?}", values.len()));
        }
        if i64::from(generator.lock().draw32() % (1 << 27)) != expected["next"] {
            wrong.push(format!("{name}: another number of draws"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_refused_call_draws_nothing() {
    let generator = Generator::shared(1);
    let before = generator.lock().state();
    let t = Tensor::zeros(&[3], DType::F32).unwrap();
    let ints = Tensor::zeros(&[3], DType::I64).unwrap();
    let expanded = view::expand(&Tensor::zeros(&[1], DType::F32).unwrap(), &[3]).unwrap();
    let g = &generator;
    let calls: [(&str, Result<Tensor>); 18] = [
        ("uniform_ from > to", uniform_(&t, 1.0, 0.0, g)),
        ("uniform_ nan", uniform_(&t, f64::NAN, 0.0, g)),
        ("uniform_ of integers", uniform_(&ints, 0.0, 1.0, g)),
        ("uniform_ of shared elements", uniform_(&expanded, 0.0, 1.0, g)),
        ("normal_ std", normal_(&t, 0.0, -1.0, g)),
        ("normal_ of integers", normal_(&ints, 0.0, 1.0, g)),
        ("random_ empty range", random_between_(&t, 5, Some(5), "", g)),
        ("random_ out of bounds", random_between_(&Tensor::zeros(&[1], DType::U8).unwrap(), 0, Some(300), "", g)),
        ("rand negative", rand(&[-1], DType::F32, g)),
        ("rand huge", rand(&[1 << 40, 1 << 40], DType::F32, g)),
        ("randperm negative", randperm(-1, DType::I64, g)),
        ("randperm too long", randperm(300, DType::U8, g)),
        ("randint", randint(3, 3, &[2], DType::I64, g)),
        ("multinomial", multinomial(&t, 4, false, g)),
        ("multinomial zeros", multinomial(&t, 1, false, g)),
        ("bernoulli of integers", bernoulli(&ints, g)),
        ("dropout", dropout::dropout(&t, DropoutKind::Elements, 1.5, true, g)),
        ("exponential_", exponential_(&t, 0.0, g)),
    ];
    for (name, result) in calls {
        assert!(result.is_err(), "{name} was accepted");
    }
    assert_eq!(generator.lock().state(), before);
}
