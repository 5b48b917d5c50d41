//! A receiver without hardware: tones of a telephone line in samples, and back.
