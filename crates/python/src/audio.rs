//! The native module `_lyceum_audio`: WAV files as tensors, and tensors as WAV files.
//!
//! Samples are numbers from -1 to 1. The file's header is believed only as far as the file goes.

use std::io::Cursor;

use hound::{SampleFormat, WavReader, WavSpec, WavWriter};
use rustpython_vm::{Context, builtins::PyModuleDef};

/// Sound: the samples of all channels, instant by instant.
#[derive(Debug, PartialEq)]
struct Sound {
    spec: WavSpec,
    samples: Vec<f32>,
}

/// The most channels of a file.
const MOST_CHANNELS: u16 = 64;

/// The most samples of a file, in all channels: an hour in stereo at 48 kHz has 346 million, half a gigabyte is 134.
const MOST_SAMPLES: usize = 128 << 20;

/// Returns how far the whole numbers of a file go.
fn full_scale(bits: u16) -> f64 {
    2f64.powi(i32::from(bits) - 1)
}

/// Reads a file in which samples are whole numbers of 8, 16, 24 or 32 bits or floats of 32.
fn read(file: &[u8]) -> Result<Sound, String> {
    let broken = |cause: hound::Error| match cause {
        hound::Error::IoError(cause) => format!("broken WAV file: {cause}"),
        hound::Error::Unsupported => "this kind of WAV file is not supported: expected PCM or float samples".to_owned(),
        cause => format!("broken WAV file: {cause}"),
    };
    if !file.starts_with(b"RIFF") || file.get(8..12) != Some(b"WAVE") {
        return Err("this is no WAV file: it does not begin with RIFF and WAVE".to_owned());
    }
    // The reader divides by what the header says; a header of zeros must not end the program.
    let read = std::panic::catch_unwind(|| {
        let mut reader = WavReader::new(Cursor::new(file)).map_err(broken)?;
        let spec = reader.spec();
        if spec.channels == 0 || spec.channels > MOST_CHANNELS || spec.sample_rate == 0 {
            return Err(format!("broken WAV file: {} channels at {} Hz", spec.channels, spec.sample_rate));
        }
        let count = reader.len() as usize;
        if count > MOST_SAMPLES {
            return Err(format!("the sound is too long: {count} samples, of which {MOST_SAMPLES} are allowed"));
        }
        // A file of one byte a sample holds no more samples than bytes.
        if count > file.len() {
            return Err(format!("broken WAV file: it says that it has {count} samples, and has {} bytes", file.len()));
        }
        let mut samples = Vec::with_capacity(count);
        match spec.sample_format {
            SampleFormat::Float => {
                for sample in reader.samples::<f32>() {
                    samples.push(sample.map_err(broken)?);
                }
            }
            SampleFormat::Int => {
                let scale = full_scale(spec.bits_per_sample);
                for sample in reader.samples::<i32>() {
                    samples.push((f64::from(sample.map_err(broken)?) / scale) as f32);
                }
            }
        }
        let whole = samples.len() / usize::from(spec.channels) * usize::from(spec.channels);
        samples.truncate(whole);
        Ok(Sound { spec, samples })
    });
    read.unwrap_or_else(|_| Err("broken WAV file: its header contradicts itself".to_owned()))
}

/// Writes a file. What is louder than full scale is cut off where samples are whole numbers.
fn write(sound: &Sound) -> Result<Vec<u8>, String> {
    let failed = |cause: hound::Error| format!("cannot write the WAV file: {cause}");
    let mut file = Cursor::new(Vec::new());
    let mut writer = WavWriter::new(&mut file, sound.spec).map_err(failed)?;
    let scale = full_scale(sound.spec.bits_per_sample);
    for sample in &sound.samples {
        match sound.spec.sample_format {
            SampleFormat::Float => writer.write_sample(*sample),
            SampleFormat::Int => {
                let whole = (f64::from(*sample) * scale).round_ties_even().clamp(-scale, scale - 1.0);
                writer.write_sample(whole as i32)
            }
        }
        .map_err(failed)?;
    }
    writer.finalize().map_err(failed)?;
    Ok(file.into_inner())
}

pub(crate) fn module_def(ctx: &Context) -> &'static PyModuleDef {
    module::module_def(ctx)
}

#[rustpython_vm::pymodule(name = "_lyceum_audio")]
mod module {
    use hound::{SampleFormat, WavSpec};
    use lyceum_engine::{DType, Tensor};
    use rustpython_vm::{PyObjectRef, PyResult, VirtualMachine, builtins::PyDictRef, function::ArgBytesLike};

    use super::{MOST_CHANNELS, Sound};
    use crate::torch::{PyTensor, guarded};

    /// Reads a WAV file: a dict with `samples`, `(channels, time)` in float32; `rate`; `bits`; and `is_float`.
    #[pyfunction]
    fn read_wav(file: ArgBytesLike, vm: &VirtualMachine) -> PyResult<PyDictRef> {
        let Sound { spec, samples } = file.with_ref(super::read).map_err(|wrong| vm.new_value_error(wrong))?;
        let channels = usize::from(spec.channels);
        let length = samples.len() / channels;
        let mut apart: Vec<f32> = Vec::with_capacity(samples.len());
        for channel in 0..channels {
            apart.extend(samples.iter().skip(channel).step_by(channels));
        }
        let tensor = guarded(vm, || Tensor::from_vec(apart, &[channels, length]))?;
        let facts = vm.ctx.new_dict();
        facts.set_item("samples", PyTensor::wrap(tensor, vm), vm)?;
        facts.set_item("rate", vm.ctx.new_int(spec.sample_rate).into(), vm)?;
        facts.set_item("bits", vm.ctx.new_int(spec.bits_per_sample).into(), vm)?;
        facts.set_item("is_float", vm.ctx.new_bool(spec.sample_format == SampleFormat::Float).into(), vm)?;
        Ok(facts)
    }

    /// Writes samples `(channels, time)` in float32 as the bytes of a WAV file; 32 bits and `is_float` are floats.
    #[pyfunction]
    fn write_wav(samples: PyObjectRef, rate: u32, bits: u16, is_float: bool, vm: &VirtualMachine) -> PyResult<Vec<u8>> {
        let tensor = PyTensor::expect(&samples, "samples", vm)?;
        let [channels, length] = *tensor.shape() else {
            return Err(vm.new_value_error(format!("samples are (channels, time), not {} dimensions", tensor.rank())));
        };
        if tensor.dtype() != DType::F32 {
            return Err(vm.new_type_error("samples are expected in float32"));
        }
        if channels == 0 || channels > usize::from(MOST_CHANNELS) {
            return Err(
                vm.new_value_error(format!("a WAV file has from 1 to {MOST_CHANNELS} channels, not {channels}"))
            );
        }
        if rate == 0 || !(matches!(bits, 8 | 16 | 24 | 32) && (!is_float || bits == 32)) {
            return Err(vm.new_value_error(format!("no WAV file has samples of {bits} bits at {rate} Hz in this form")));
        }
        let apart = guarded(vm, || tensor.to_vec::<f32>())?;
        let mut samples = Vec::with_capacity(apart.len());
        for instant in 0..length {
            samples.extend((0..channels).map(|channel| apart[channel * length + instant]));
        }
        let sample_format = if is_float { SampleFormat::Float } else { SampleFormat::Int };
        let spec = WavSpec { channels: channels as u16, sample_rate: rate, bits_per_sample: bits, sample_format };
        super::write(&Sound { spec, samples }).map_err(|wrong| vm.new_value_error(wrong))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sound(bits: u16, sample_format: SampleFormat, channels: u16) -> Sound {
        let spec = WavSpec { channels, sample_rate: 8000, bits_per_sample: bits, sample_format };
        let samples = (0..40 * i32::from(channels)).map(|place| (place - 20) as f32 / 128.0).collect();
        Sound { spec, samples }
    }

    const FORMS: [(u16, SampleFormat); 5] = [
        (8, SampleFormat::Int),
        (16, SampleFormat::Int),
        (24, SampleFormat::Int),
        (32, SampleFormat::Int),
        (32, SampleFormat::Float),
    ];

    #[test]
    fn every_form_gives_back_what_was_written() {
        for (bits, format) in FORMS {
            for channels in [1, 2] {
                let before = sound(bits, format, channels);
                assert_eq!(read(&write(&before).unwrap()).unwrap(), before, "{bits} {format:?}");
            }
        }
    }

    #[test]
    fn what_is_too_loud_is_cut_off() {
        let mut loud = sound(16, SampleFormat::Int, 1);
        loud.samples = vec![2.0, -2.0, f32::INFINITY];
        let read = read(&write(&loud).unwrap()).unwrap();
        assert_eq!(read.samples, [32767.0 / 32768.0, -1.0, 32767.0 / 32768.0]);
    }

    #[test]
    fn a_header_is_believed_only_as_far_as_the_file_goes() {
        let mut file = write(&sound(16, SampleFormat::Int, 1)).unwrap();
        let data = file.windows(4).position(|word| word == b"data").unwrap();
        file[data + 4..data + 8].copy_from_slice(&0x0fff_fff0u32.to_le_bytes());
        assert!(read(&file).unwrap_err().contains("WAV"), "{:?}", read(&file));
        assert!(read(b"RIFF").is_err() && read(b"").is_err() && read(b"OggS").is_err());
    }

    proptest! {
        #[test]
        fn broken_files_are_errors(
            form in 0usize..FORMS.len(),
            channels in 1u16..3,
            cut in 0.0f64..=1.0,
            changes in prop::collection::vec((0usize..60, any::<u8>()), 0..5),
        ) {
            let (bits, format) = FORMS[form];
            let mut file = write(&sound(bits, format, channels)).unwrap();
            file.truncate((file.len() as f64 * cut) as usize);
            for (place, value) in changes {
                if let Some(byte) = file.get_mut(place) {
                    *byte ^= value;
                }
            }
            if let Ok(sound) = read(&file) {
                prop_assert_eq!(sound.samples.len() % usize::from(sound.spec.channels), 0);
            }
        }
    }
}
