//! The rules that chaotic days are played under.

/// Five days of six are played under rules that a few signals are enough for.
pub(super) const RULES: [&str; 6] = [
    "{}",
    r#"{"runaway": {"signals": 6}, "late_close": {"answer_within_s": 200, "extend_max_s": 900, "extensions": 2, "not_today_s": 900}, "expect": {"late_again_s": 300}, "feed": {"enabled": true}, "units": {"needs": [{"skill": "armed", "for": {"families": ["life-safety"]}}]},
        "queue": [{"name": "alarms", "for": {"families": ["alarm"]}, "skills": ["alarms"], "exclusive": true},
                  {"name": "east", "for": {"districts": ["East"]}, "exclusive": true, "skills": ["east"], "life_safety_s": 15}], "verify": {"police": {"calls": 2, "numbers": 2, "exempt": []}}, "avs": {"enabled": false}, "hand_off": {"follow_s": 30}}"#,
    r#"{"swinger": {"trips": 1}, "confirm": {"zones": 3, "two_paths": true}, "feed": {"enabled": true, "offer_s": 40, "rest_s": 60, "supervisors": true}, "unrestored": {"within_s": 600}, "hand_off": {"follow_s": 30}}"#,
    r#"{"confirm": {"two_trips": true, "path_fault": false, "two_paths": true, "hold_up_apart_s": 20, "unconfirmed": 5}, "unrestored": {"within_s": 60}, "hand_off": {"follow_s": 90}, "override": [
        {"accounts": ["1002"], "classes": {"burglary": {"action": "hold", "priority": 2, "seconds": 120}}}]}"#,
    r#"{"confirm": {"two_paths": true}, "arrival": {"within_s": 300, "on_scene_s": 200}, "source": {"again_s": 900, "changed": true}, "late_close": {"answer_within_s": 600}, "recent": {"opening_s": 600, "closing_s": 600, "log": true}, "hand_off": {"follow_s": 30}, "override": [
        {"site_type": "school", "classes": {"mains-power": {"action": "show", "priority": 5}, "tamper": {"action": "log"}},
         "recent": {"opening_s": 60}, "verify": {"police": {"calls": 1, "exempt": []}}, "hand_off": {"fire_within_s": 5, "answer_s": {"police": 9}},
         "cancel": {"within_s": 30, "stranger": 2}, "without_wish": {"burglary": ["police"]}, "packs": ["own@1"], "rules": [
            {"clause": "own.call", "mark": "V", "rule": {"kind": "due", "act": "call", "within_s": 20, "when": {"kinds": ["burglary"]}}},
            {"clause": "own.withdraw", "mark": "V", "rule":
                {"kind": "false-calls", "counts": "all", "window": "1 day", "after": 1, "then": "withdraw", "proof": "clears"}}]},
        {"site_type": "bank", "offer_accept_s": 20, "arrival": {"within_s": 90, "margin_s": 0}, "late_close": {"answer_within_s": 0}, "hold": {"service_s": 600}, "classes": {"battery": {"action": "log"}, "system": {"action": "show", "priority": 2}}},
        {"district": "East", "avs": {"enabled": false}, "rules": [
            {"clause": "east.warn", "mark": "V", "rule":
                {"kind": "false-calls", "counts": "all", "window": "1 day", "after": 1, "then": "warn"}}]},
        {"site": "mall", "owner": "Li", "until": "2026-11-22T02:00:00Z", "recent": {"log": false}, "rules": [
            {"clause": "mall.remedy", "mark": "V", "rule":
                {"kind": "false-calls", "counts": "all", "window": "1 day", "after": 1, "then": "remedy", "within_h": 1, "proof": "needed"}}], "hold": {"alarm_s": 60, "service_s": 120}, "expect": {"test_by": "test", "test_tolerance_s": 60, "late_again_s": 1200}, "hand_off": {"follow_s": 0},
         "escalation": [{"missing": "take", "after_s": 9, "to": "manager"}, {"missing": "act", "after_s": 70, "to": "supervisor"}], "classes": {"mains-power": {"action": "log"}, "battery": {"action": "log"}, "tamper": {"action": "log"}}},
        {"accounts": ["1003", "1001"], "swinger": {"trips": 1}, "offer_accept_s": 5,
         "classes": {"battery": {"action": "show", "priority": 2},
                     "tamper": {"action": "hold", "priority": 3, "seconds": 600}}}]}"#,
    r#"{"storm": {"accounts": 2, "window_s": 600}, "feed": {"enabled": true, "supervisors": true}, "hand_off": {"follow_s": 30}, "units": {"next": "ask"}, "arrival": {"within_s": 120, "margin_s": 10, "on_scene_s": 60}, "confirm": {"two_paths": true}}"#,
];
/// Three days of seven are played under clauses of a rule pack besides, of which little is enough, too.
pub(super) const CLAUSES: &str = r#"{"rules": [
    {"clause": "chaos.send", "mark": "V", "rule":
        {"kind": "due", "act": "send", "within_s": 40, "when": {"kinds": ["burglary", "tamper"]}}},
    {"clause": "chaos.call", "mark": "V", "rule":
        {"kind": "due", "act": "call", "within_s": 90, "when": {"with": ["guarded"], "without": ["video"]}}},
    {"clause": "chaos.call-site", "mark": "V", "rule":
        {"kind": "due", "act": "call-site", "within_s": 120, "when": {"with": ["guarded"]}}},
    {"clause": "chaos.police", "mark": "V", "rule":
        {"kind": "due", "act": "hand-off", "to": "police", "within_s": 10, "when": {"any": ["confirmed", "user-unreached", "duress-word", "suspects-on-video"]}}},
    {"clause": "chaos.warn", "mark": "V", "rule":
        {"kind": "false-calls", "counts": "all", "window": "1 day", "after": 1, "then": "warn"}},
    {"clause": "chaos.remedy", "mark": "V", "rule":
        {"kind": "false-calls", "counts": "all", "window": "1 month", "after": 1, "then": "remedy", "within_h": 1,
         "proof": "needed"}},
    {"clause": "chaos.withdraw", "mark": "U", "rule":
        {"kind": "false-calls", "counts": "all", "window": "12 months", "after": 1, "then": "withdraw", "proof": "clears",
         "unless": ["real-by-scene"]}}
]}"#;
