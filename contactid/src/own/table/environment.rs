//! Codes of environmental blocks (DC-03, function `E`): the two letters mean something else in an event block.

use super::Rows;

pub(super) const ENVIRONMENT: Rows = own_codes! { Environment "SIA DC-03":
    "DA" Log Status Zone "temperature" "温度"
    "DB" Log Status Zone "air flow" "气流"
    "DI" Log Status Zone "humidity" "湿度"
    "DM" Log Status Zone "fluid level" "液位"
};
