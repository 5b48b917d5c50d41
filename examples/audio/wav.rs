//! Samples in WAV files.

use std::path::Path;

use contactid::audio::RATE_HZ;
use hound::{SampleFormat, WavReader, WavSpec, WavWriter};

/// One channel of 16 bits at 8 kHz.
const SPEC: WavSpec =
    WavSpec { channels: 1, sample_rate: RATE_HZ, bits_per_sample: 16, sample_format: SampleFormat::Int };

/// Reads the samples of a file.
///
/// # Errors
/// What is wrong with the file, and what would mend it.
pub fn read(path: &Path) -> Result<Vec<i16>, String> {
    let named = |error: hound::Error| format!("{}: {error}", path.display());
    let mut reader = WavReader::open(path).map_err(named)?;
    let spec = reader.spec();
    if spec != SPEC {
        return Err(format!(
            "{0}: {1} channels of {2} bits at {3} Hz, and one of 16 bits at 8000 Hz is wanted: \
             sox {0} -c 1 -b 16 -e signed -r 8000 out.wav",
            path.display(),
            spec.channels,
            spec.bits_per_sample,
            spec.sample_rate,
        ));
    }
    reader.samples().collect::<Result<_, _>>().map_err(named)
}

/// Writes samples to a file.
///
/// # Errors
/// What kept it from being written.
pub fn write(path: &Path, samples: &[i16]) -> Result<(), String> {
    let written = WavWriter::create(path, SPEC).and_then(|mut writer| {
        samples.iter().try_for_each(|&sample| writer.write_sample(sample))?;
        writer.finalize()
    });
    written.map_err(|error| format!("{}: {error}", path.display()))
}
