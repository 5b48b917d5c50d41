//! SIA DC-07 as Bosch receivers speak it to automation.
