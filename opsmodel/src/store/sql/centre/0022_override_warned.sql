-- Of which ends of overrides of the policy somebody was warned. It is where the desk stands, as its cursor is; `id` numbers the warning.
CREATE TABLE override_warned (id integer PRIMARY KEY, until bigint NOT NULL, whom text NOT NULL, UNIQUE (until, whom));
