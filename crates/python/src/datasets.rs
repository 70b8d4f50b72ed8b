//! The native module `_lyceum_data`: data sets as tensors, for the frozen package `lyceum.data`.
//!
//! Finding, reading and checking sets is the work of `lyceum-data`; here its plain numbers become tensors.

use std::sync::OnceLock;

use lyceum_data::{Catalogue, Split};
use rustpython_vm::{Context, builtins::PyModuleDef};

static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
static WITHHELD: OnceLock<Vec<String>> = OnceLock::new();

/// Says which sets the programs of this process can load; without it only the built-in ones. Only the first call
/// counts.
pub fn set_catalogue(catalogue: Catalogue) {
    let _ = CATALOGUE.set(catalogue);
}

/// Says which parts of sets the programs of this process cannot load, as in `digits/test`. Whoever asks for all of such a
/// set gets the rest of it. Only the first call counts.
pub fn withhold(parts: Vec<String>) {
    let _ = WITHHELD.set(parts);
}

fn is_withheld(set: &str, split: Split) -> bool {
    let part = format!("{set}/{}", split.name());
    WITHHELD.get().is_some_and(|withheld| withheld.contains(&part))
}

fn catalogue() -> &'static Catalogue {
    CATALOGUE.get_or_init(Catalogue::built_in)
}

pub(crate) fn module_def(ctx: &Context) -> &'static PyModuleDef {
    module::module_def(ctx)
}

#[rustpython_vm::pymodule(name = "_lyceum_data")]
mod module {
    use lyceum_data::{Content, Error, Images, Split, Table, Target, catalogue::State};
    use lyceum_engine::Tensor;
    use rustpython_vm::{
        PyObjectRef, PyResult, VirtualMachine,
        builtins::{PyBaseExceptionRef, PyDictRef, PyStrRef},
    };

    use super::{catalogue, is_withheld};
    use crate::torch::{PyTensor, guarded};

    /// The names of the sets that can be loaded.
    #[pyfunction]
    fn names(vm: &VirtualMachine) -> PyResult {
        let listings = catalogue().list().map_err(|error| exception(&error, vm))?;
        let names = listings
            .into_iter()
            .filter(|set| matches!(set.state, State::BuiltIn | State::Here))
            .map(|set| vm.ctx.new_str(set.name).into())
            .collect();
        Ok(vm.ctx.new_list(names).into())
    }

    /// A set as a dict: `data`, `target`, `text` (of which a set has the first two or the last; the others are None),
    /// and the facts about it.
    #[pyfunction]
    fn load(name: PyStrRef, split: PyStrRef, size: usize, vm: &VirtualMachine) -> PyResult<PyDictRef> {
        let name = &*name.to_string_lossy();
        let split = match &*split.to_string_lossy() {
            "train" => Split::Train,
            "test" => Split::Test,
            _ if is_withheld(name, Split::Test) => Split::Train,
            _ if is_withheld(name, Split::Train) => Split::Test,
            _ => Split::All,
        };
        refuse_withheld(name, split, vm)?;
        let failed = |error: Error| exception(&error, vm);
        let content = catalogue().load(name, split).map_err(failed)?;
        let card = catalogue().card(name).map_err(failed)?;
        let size = (size > 0).then_some(size);
        if size.is_some() && !matches!(content, Content::Images { .. }) {
            return Err(vm.new_value_error(format!("{name:?} has no images, so it cannot be given a size")));
        }

        let facts = vm.ctx.new_dict();
        let text = |text: String| -> PyObjectRef { vm.ctx.new_str(text).into() };
        let words =
            |words: Vec<String>| -> PyObjectRef { vm.ctx.new_list(words.into_iter().map(text).collect()).into() };
        let put = |key: &str, value: PyObjectRef| facts.set_item(key, value, vm);
        put("title", text(card.title))?;
        put("description", text(card.description))?;
        put("licence", text(card.licence))?;
        put("source", text(card.source))?;

        let (mut data, mut target, mut whole_text) = (vm.ctx.none(), vm.ctx.none(), vm.ctx.none());
        let (mut features, mut classes) = (Vec::new(), Vec::new());
        match content {
            Content::Text(content) => whole_text = text(content),
            Content::Table(table) => {
                let (x, y) = table_tensors(&table).map_err(|error| vm.new_value_error(error.to_string()))?;
                data = PyTensor::wrap(x, vm);
                target = PyTensor::wrap(y, vm);
                features = table.feature_names;
                if let Target::Classes { names, .. } = table.target {
                    classes = names;
                }
            }
            Content::Images { images, class_names } => {
                let (x, y) = image_tensors(&images, size, name, vm)?;
                data = PyTensor::wrap(x, vm);
                target = PyTensor::wrap(y, vm);
                classes = class_names;
            }
        }
        put("data", data)?;
        put("target", target)?;
        put("text", whole_text)?;
        put("feature_names", words(features))?;
        put("target_names", words(classes))?;
        Ok(facts)
    }

    /// A set of images as it was published: a tuple of the pixels `(N, H, W)` in uint8, the classes `(N)` in int64, and
    /// the names of the classes.
    #[pyfunction]
    fn images(name: PyStrRef, is_train: bool, vm: &VirtualMachine) -> PyResult {
        let name = &*name.to_string_lossy();
        let split = if is_train { Split::Train } else { Split::Test };
        refuse_withheld(name, split, vm)?;
        let content = catalogue().load(name, split).map_err(|error| exception(&error, vm))?;
        let Content::Images { images, class_names } = content else {
            return Err(vm.new_value_error(format!("{name:?} has no images")));
        };
        let shape = [images.count(), images.height, images.width];
        let labels: Vec<i64> = images.labels.iter().map(|label| i64::from(*label)).collect();
        let pixels = guarded(vm, || Tensor::from_vec(images.pixels, &shape))?;
        let labels = guarded(vm, || Tensor::from_vec(labels, &shape[..1]))?;
        let names = class_names.into_iter().map(|name| vm.ctx.new_str(name).into()).collect();
        let names = vm.ctx.new_list(names).into();
        Ok(vm.ctx.new_tuple(vec![PyTensor::wrap(pixels, vm), PyTensor::wrap(labels, vm), names]).into())
    }

    fn refuse_withheld(name: &str, split: Split, vm: &VirtualMachine) -> PyResult<()> {
        if is_withheld(name, split) {
            let part = format!("{name}/{}", split.name());
            crate::notices::withheld(&part, vm);
            return Err(vm.new_value_error(format!(
                "{part} is withheld in this lab: what you train is judged by it, so it must not be seen before"
            )));
        }
        Ok(())
    }

    /// `(N, columns)` in float32, and `(N)` in int64 for classes and whole numbers or in float32 for others.
    fn table_tensors(table: &Table) -> lyceum_engine::Result<(Tensor, Tensor)> {
        let rows = table.rows();
        let features: Vec<f32> = table.features.iter().map(|value| *value as f32).collect();
        let data = Tensor::from_vec(features, &[rows, table.feature_names.len()])?;
        let target = match &table.target {
            Target::Classes { labels, .. } => Tensor::from_vec(labels.clone(), &[rows])?,
            Target::Integers(values) => Tensor::from_vec(values.clone(), &[rows])?,
            Target::Numbers(values) => {
                Tensor::from_vec(values.iter().map(|value| *value as f32).collect::<Vec<f32>>(), &[rows])?
            }
        };
        Ok((data, target))
    }

    /// `(N, 1, height, width)` in float32 from 0 to 1, and `(N)` in int64.
    fn image_tensors(
        images: &Images,
        size: Option<usize>,
        name: &str,
        vm: &VirtualMachine,
    ) -> PyResult<(Tensor, Tensor)> {
        let (height, width) = size.map_or((images.height, images.width), |size| (size, size));
        let pixels = match size {
            None => images.brightness(),
            Some(size) => images
                .resized(size)
                .map_err(|problem| vm.new_value_error(format!("the images of {name:?}: {problem}")))?,
        };
        let labels: Vec<i64> = images.labels.iter().map(|label| i64::from(*label)).collect();
        let count = images.count();
        let tensors =
            move || Ok((Tensor::from_vec(pixels, &[count, 1, height, width])?, Tensor::from_vec(labels, &[count])?));
        tensors().map_err(|error: lyceum_engine::Error| vm.new_value_error(error.to_string()))
    }

    /// The exception that a learner gets: what they wrote is a ValueError, what the machine has is an OSError.
    fn exception(error: &Error, vm: &VirtualMachine) -> PyBaseExceptionRef {
        let message = match error.hint() {
            Some(hint) => format!("{error} ({hint})"),
            None => error.to_string(),
        };
        match error {
            Error::Unknown { .. } | Error::NotPulled { .. } | Error::NoSplit { .. } | Error::BadName { .. } => {
                vm.new_value_error(message)
            }
            _ => vm.new_os_error(message),
        }
    }
}
