//! The native module `_lyceum_image`: picture files as tensors of pixels, and pixels in other sizes and places.
//!
//! Python sees a picture as a tensor `(height, width, channels)` of uint8; `PIL`, `torchvision` and `lyceum.image` are
//! written over it. The formats are read and written in `codec`, sizes are changed in `resample`, and turning and
//! shearing is in `affine`. A file may hold anything: what it asks for is compared with limits before memory is taken
//! for it, and what is wrong with it is an error with words.

mod affine;
mod codec;
mod resample;

use rustpython_vm::{Context, builtins::PyModuleDef};

/// Pixels row by row, each with its channels.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pixels {
    pub(crate) height: usize,
    pub(crate) width: usize,
    pub(crate) channels: usize,
    pub(crate) values: Vec<u8>,
}

impl Pixels {
    /// Returns the bytes of a row.
    fn row(&self, row: usize) -> &[u8] {
        let length = self.width * self.channels;
        &self.values[row * length..(row + 1) * length]
    }
}

pub(crate) fn module_def(ctx: &Context) -> &'static PyModuleDef {
    module::module_def(ctx)
}

#[rustpython_vm::pymodule(name = "_lyceum_image")]
mod module {
    use lyceum_engine::{DType, Tensor};
    use rustpython_vm::{
        PyObjectRef, PyResult, VirtualMachine,
        builtins::{PyDictRef, PyStrRef},
        function::ArgBytesLike,
    };

    use super::{
        Pixels, affine,
        codec::{self, Decoded, Samples},
        resample,
    };
    use crate::torch::{PyTensor, guarded};

    /// Reads a PNG or JPEG file: a dict with `pixels`, which is `(H, W, C)` in uint8, or in int32 where a grey picture
    /// has 16 bits a pixel; `format`; and `bits`, the number of bits of a sample in the file.
    #[pyfunction]
    fn decode(file: ArgBytesLike, vm: &VirtualMachine) -> PyResult<PyDictRef> {
        let Decoded { format, bits, height, width, channels, samples } =
            file.with_ref(codec::decode).map_err(|wrong| vm.new_value_error(wrong.to_string()))?;
        let shape = [height, width, channels];
        let pixels = guarded(vm, || match samples {
            Samples::Byte(values) => Tensor::from_vec(values, &shape),
            Samples::Deep(values) => Tensor::from_vec(values, &shape),
        })?;
        let facts = vm.ctx.new_dict();
        facts.set_item("pixels", PyTensor::wrap(pixels, vm), vm)?;
        facts.set_item("format", vm.ctx.new_str(format).into(), vm)?;
        facts.set_item("bits", vm.ctx.new_int(bits).into(), vm)?;
        Ok(facts)
    }

    /// Writes pixels as the bytes of a PNG file.
    #[pyfunction]
    fn encode_png(pixels: PyObjectRef, level: u8, vm: &VirtualMachine) -> PyResult<Vec<u8>> {
        let pixels = read(&pixels, vm)?;
        codec::encode_png(&pixels, level).map_err(|wrong| vm.new_value_error(wrong.to_string()))
    }

    /// Writes pixels as the bytes of a JPEG file.
    #[pyfunction]
    fn encode_jpeg(pixels: PyObjectRef, quality: u8, vm: &VirtualMachine) -> PyResult<Vec<u8>> {
        let pixels = read(&pixels, vm)?;
        codec::encode_jpeg(&pixels, quality).map_err(|wrong| vm.new_value_error(wrong.to_string()))
    }

    /// Gives a part of a picture another size. The filters are those of Pillow: "nearest", "box", "bilinear", "hamming",
    /// "bicubic", "lanczos". From Python, `size` is two arguments, height and width, and `part` four: left, top, right,
    /// bottom.
    #[pyfunction]
    fn resize(
        pixels: PyObjectRef,
        size: (usize, usize),
        filter: PyStrRef,
        part: (f64, f64, f64, f64),
        vm: &VirtualMachine,
    ) -> PyResult {
        let pixels = read(&pixels, vm)?;
        let (height, width) = size;
        let filter = filter.to_string_lossy();
        let resized =
            resample::resize(&pixels, height, width, &filter, part).map_err(|wrong| vm.new_value_error(wrong))?;
        wrap(resized, vm)
    }

    /// Takes each pixel of a new picture from the place that a matrix of two rows gives for it; `fill` is what lies
    /// outside. From Python, `size` is two arguments, height and width.
    #[pyfunction]
    fn affine(
        pixels: PyObjectRef,
        size: (usize, usize),
        matrix: PyObjectRef,
        is_bilinear: bool,
        fill: PyObjectRef,
        vm: &VirtualMachine,
    ) -> PyResult {
        let pixels = read(&pixels, vm)?;
        let numbers: Vec<f64> =
            vm.extract_elements_with(&matrix, |item| item.try_float(vm).map(|float| float.to_f64()))?;
        let matrix = <[f64; 6]>::try_from(numbers)
            .ok()
            .filter(|matrix| matrix.iter().all(|number| number.is_finite()))
            .ok_or_else(|| vm.new_value_error("the matrix of a transformation has six finite numbers"))?;
        let fill: Vec<u8> = vm.extract_elements_with(&fill, |item| item.try_index(vm)?.try_to_primitive::<u8>(vm))?;
        if fill.len() != pixels.channels {
            return Err(vm.new_value_error(format!(
                "the colour outside has {} channels, and the picture {}",
                fill.len(),
                pixels.channels
            )));
        }
        let (height, width) = size;
        let moved = affine::transform(&pixels, height, width, &matrix, is_bilinear, &fill)
            .map_err(|wrong| vm.new_value_error(wrong))?;
        wrap(moved, vm)
    }

    fn wrap(pixels: Pixels, vm: &VirtualMachine) -> PyResult {
        let shape = [pixels.height, pixels.width, pixels.channels];
        let tensor = guarded(vm, || Tensor::from_vec(pixels.values, &shape))?;
        Ok(PyTensor::wrap(tensor, vm))
    }

    fn read(object: &rustpython_vm::PyObject, vm: &VirtualMachine) -> PyResult<Pixels> {
        let tensor = PyTensor::expect(object, "pixels", vm)?;
        let [height, width, channels] = *tensor.shape() else {
            return Err(vm.new_value_error(format!(
                "pixels are (height, width, channels), and this tensor has {} dimensions",
                tensor.rank()
            )));
        };
        if tensor.dtype() != DType::U8 {
            return Err(vm.new_type_error("pixels are expected in uint8"));
        }
        let values = guarded(vm, || tensor.to_vec::<u8>())?;
        Ok(Pixels { height, width, channels, values })
    }
}
