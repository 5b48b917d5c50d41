-- The accounts that are not in order: what the board of lowered protection and the hand-over read, of however many accounts.
CREATE INDEX account_state_standing ON account_state (account)
    WHERE json_array_length(body, '$.alarms') + json_array_length(body, '$.bypassed')
        + json_array_length(body, '$.troubles') + coalesce(json_array_length(body, '$.missed'), 0) > 0
        OR json_extract(body, '$.test_mode_since') IS NOT NULL OR json_extract(body, '$.silent_since') IS NOT NULL;
