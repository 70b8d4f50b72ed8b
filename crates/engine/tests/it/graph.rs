//! The tape: accumulation, freeing, changes in place, depth.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use lyceum_engine::autograd::observe::{self, Observation};
use lyceum_engine::autograd::{self, GradOptions, backward, inplace, record};
use lyceum_engine::ops::{arithmetic, reduce, view};
use lyceum_engine::{DType, Result, Tensor};

fn leaf(values: &[f64]) -> Tensor {
    Tensor::from_vec(values.to_vec(), &[values.len()]).unwrap().with_requires_grad(true).unwrap()
}

fn total(t: &Tensor) -> Tensor {
    reduce::sum(t, &[], false, None).unwrap()
}

fn run(loss: &Tensor) -> Result<()> {
    backward(std::slice::from_ref(loss), &[], GradOptions::default())
}

fn values(t: &Tensor) -> Vec<f64> {
    t.to_vec().unwrap()
}

#[test]
fn gradients_accumulate() {
    let w = leaf(&[1.0, 2.0]);
    run(&total(&w.mul(&w).unwrap())).unwrap();
    run(&total(&w.mul(&w).unwrap())).unwrap();
    assert_eq!(values(&w.grad().unwrap()), [4.0, 8.0]);
}

#[test]
fn a_graph_with_saved_values_runs_once_and_one_without_runs_again() {
    let w = leaf(&[1.0, 2.0]);
    let squared = total(&w.mul(&w).unwrap());
    run(&squared).unwrap();
    assert!(run(&squared).unwrap_err().to_string().contains("a second time"));
    let shifted = total(&w.add_scalar(1.0).unwrap());
    run(&shifted).unwrap();
    run(&shifted).unwrap();
}

#[test]
fn a_saved_value_that_changed_is_an_error() {
    let w = leaf(&[1.0, 2.0]);
    let y = w.mul_scalar(3.0).unwrap();
    let z = total(&y.mul(&y).unwrap());
    inplace::assign(&y, &y.mul_scalar(2.0).unwrap()).unwrap();
    assert!(run(&z).unwrap_err().to_string().contains("modified by an inplace operation"));
}

#[test]
fn a_change_through_a_view_reaches_the_gradient_of_the_whole() {
    let w = leaf(&[2.0]);
    let base = Tensor::ones(&[3], DType::F64).unwrap();
    let other_view = view::narrow(&base, 0, 0, 2).unwrap();
    let part = view::narrow(&base, 0, 1, 1).unwrap();
    inplace::assign(&part, &inplace::snapshot(&part).unwrap().mul(&w).unwrap().mul(&w).unwrap()).unwrap();
    assert!(base.requires_grad() && other_view.requires_grad());
    run(&total(&other_view.mul_scalar(5.0).unwrap())).unwrap();
    assert_eq!(values(&base), [1.0, 4.0, 1.0]);
    assert_eq!(values(&w.grad().unwrap()), [20.0]);
}

#[test]
fn leaves_may_not_be_changed_in_place() {
    let w = leaf(&[1.0]);
    assert!(inplace::assign(&w, &w.mul_scalar(2.0).unwrap()).is_err());
    let part = view::narrow(&w, 0, 0, 1).unwrap();
    assert!(inplace::assign(&part, &part.mul_scalar(2.0).unwrap()).is_err());
    autograd::no_grad(|| inplace::assign(&w, &w.mul_scalar(2.0).unwrap())).unwrap();
    assert_eq!(values(&w), [2.0]);
}

#[test]
fn second_derivatives() {
    let x = leaf(&[3.0]);
    let y = x.mul(&x).unwrap().mul(&x).unwrap();
    let options = GradOptions { create_graph: true, ..GradOptions::default() };
    let first = autograd::grad(&[y], std::slice::from_ref(&x), &[], options).unwrap()[0].clone().unwrap();
    let second = autograd::grad(&[first], &[x], &[], GradOptions::default()).unwrap()[0].clone().unwrap();
    assert_eq!(values(&second), [18.0]);
}

#[test]
fn a_long_recurrence_neither_overflows_the_stack_nor_leaks() {
    let w = leaf(&[1.0]);
    let watched = Arc::downgrade(&{
        let mut h = Tensor::ones(&[1], DType::F64).unwrap();
        let first = h.mul(&w).unwrap();
        let node = first.grad_fn().unwrap();
        h = first;
        for _ in 0..100_000 {
            h = arithmetic::add(&(&h.mul(&w).unwrap()).into(), &0.5.into()).unwrap();
        }
        run(&total(&h)).unwrap();
        node
    });
    assert!(watched.upgrade().is_none());
    assert!(values(&w.grad().unwrap())[0] > 1e5);
    // Freed without a backward pass as well.
    let mut h = w.clone();
    for _ in 0..100_000 {
        h = h.mul(&w).unwrap();
    }
    drop(h);
}

#[test]
fn hooks_see_and_replace_gradients() {
    let w = leaf(&[1.0]);
    let y = w.mul_scalar(2.0).unwrap();
    y.register_hook(Arc::new(|g| g.mul_scalar(10.0).map(Some))).unwrap();
    y.retain_grad().unwrap();
    run(&total(&y.mul_scalar(3.0).unwrap())).unwrap();
    assert_eq!(values(&w.grad().unwrap()), [60.0]);
    assert_eq!(values(&y.grad().unwrap()), [30.0]);
}

#[test]
fn a_pass_within_a_pass_belongs_to_the_loss_that_is_observed() {
    let told = Rc::new(RefCell::new(Vec::new()));
    let listener = Rc::clone(&told);
    observe::set_listener(Some(Box::new(move |observation| match observation {
        Observation::Backward { value } => listener.borrow_mut().push(value),
        Observation::Gradients { norm } => listener.borrow_mut().push(norm),
        _ => {}
    })));
    let (w, x) = (leaf(&[3.0]), leaf(&[1.0]));
    // A part that keeps nothing: it is computed and gone through again when its gradient arrives.
    let inner = w.clone();
    let out = record(w.mul(&x).unwrap().detach(), "Again", [&x], || {
        move |cx| {
            let _mode = autograd::GradMode::new(true);
            let again = total(&inner.mul_scalar(4.0)?);
            backward(&[again], &[], GradOptions::default())?;
            Ok([Some(cx.grad()?.mul_scalar(3.0)?)].into_iter().collect())
        }
    });
    run(&total(&out)).unwrap();
    observe::set_listener(None);
    assert_eq!(*told.borrow(), [3.0, 5.0], "the loss once, and the norm of both gradients, 4 and 3");
}
