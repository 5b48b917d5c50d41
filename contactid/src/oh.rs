//! Osborne-Hoffman / XSIA lines of UTC Aritech panels.
