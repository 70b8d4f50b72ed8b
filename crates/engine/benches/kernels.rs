//! Times the kernels on the shapes of the article's network: `cargo bench -p lyceum-engine --bench kernels`.

use std::hint::black_box;
use std::mem::MaybeUninit;
use std::time::Instant;

use lyceum_engine::kernels::conv::{self, Conv2d};
use lyceum_engine::kernels::elementary;
use lyceum_engine::kernels::im2col::Windows;
use lyceum_engine::kernels::matmul::{Matrix, product};

/// Prints the median of many runs in milliseconds.
fn time(name: &str, mut f: impl FnMut()) {
    f();
    let mut times: Vec<f64> = (0..25)
        .map(|_| {
            let start = Instant::now();
            f();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name:<44} {:>9.3} ms", times[times.len() / 2]);
}

fn numbers(len: usize) -> Vec<f32> {
    (0..len).map(|i| (i * 7919 % 1013) as f32 / 1013.0 - 0.5).collect()
}

fn convolution(name: &str, batch: usize, channels_in: usize, channels_out: usize, side: usize) {
    let windows = Windows::new([side; 2], [3, 3], [1, 1], [1, 1], [1, 1]).expect("a 3x3 window fits");
    let conv = Conv2d { batch, channels_in, channels_out, groups: 1, windows };
    let (input, weight) = (numbers(batch * channels_in * side * side), numbers(conv.weight_len()));
    let (bias, grad) = (numbers(channels_out), numbers(batch * channels_out * side * side));
    let (mut output, mut grad_input) =
        (vec![MaybeUninit::uninit(); grad.len()], vec![MaybeUninit::uninit(); input.len()]);
    let (mut grad_weight, mut grad_bias) = (weight.clone(), bias.clone());
    time(&format!("{name}, forward"), || {
        conv::forward(&conv, &input, &weight, Some(&bias), black_box(&mut output));
    });
    time(&format!("{name}, gradient of the input"), || {
        conv::input_gradient(&conv, &grad, &weight, black_box(&mut grad_input));
    });
    time(&format!("{name}, gradient of the weight"), || {
        conv::weight_gradient(&conv, &input, &grad, black_box(&mut grad_weight));
    });
    time(&format!("{name}, gradient of the bias"), || {
        conv::bias_gradient(&conv, &grad, black_box(&mut grad_bias));
    });
}

fn main() {
    convolution("conv 1 -> 32 on 28x28, batch 64", 64, 1, 32, 28);
    convolution("conv 32 -> 64 on 14x14, batch 64", 64, 32, 64, 14);
    convolution("conv 64 -> 64 on 32x32, batch 16", 16, 64, 64, 32);
    convolution("conv 64 -> 64 on 32x32, batch 1", 1, 64, 64, 32);
    let (a, b) = (numbers(1024 * 1024), numbers(1024 * 1024));
    let mut out = vec![0.0; 1024 * 1024];
    for side in [256, 512, 1024] {
        let (a, b) = (Matrix::rows(&a, side), Matrix::rows(&b, side));
        time(&format!("matrix product {side}"), || {
            product(side, side, side, a, b, black_box(&mut out), side, false, true);
        });
    }
    for (m, k, n) in [(64, 288, 196), (288, 64, 196), (64, 196, 288), (64, 288, 784), (32, 784, 9)] {
        let (a, b) = (Matrix::rows(&a, k), Matrix::rows(&b, n));
        time(&format!("64 products ({m} x {k}) · ({k} x {n}), one thread"), || {
            for _ in 0..64 {
                product(m, k, n, a, b, black_box(&mut out), n, true, false);
            }
        });
    }
    type OverSlices = fn(&[f32], &mut [f32]);
    let slices: [(&str, OverSlices); 6] = [
        ("exp", elementary::exp),
        ("ln", elementary::ln),
        ("tanh", elementary::tanh),
        ("sigmoid", elementary::sigmoid),
        ("gelu", elementary::gelu),
        ("silu", elementary::silu),
    ];
    for (name, f) in slices {
        time(&format!("{name} of a million"), || f(&a, black_box(&mut out)));
    }
}
