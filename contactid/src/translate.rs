//! Events said in the codes of another format, and what is lost by it.
