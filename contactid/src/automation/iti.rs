//! ITI generic records, and the ITI computer interface.
