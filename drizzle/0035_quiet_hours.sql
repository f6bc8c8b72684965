-- When a member wants nothing to ring or pop up: {"from": "22:00", "to": "07:00", "time_zone": "Europe/Warsaw"}. Whether it
-- is quiet is worked out where it is asked (views/quiet-hours.ts): the system's time zones may lack a browser's.
alter table users
  add column if not exists quiet_hours jsonb
    check (quiet_hours ->> 'from' ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
      and quiet_hours ->> 'to' ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
      and quiet_hours ->> 'from' <> quiet_hours ->> 'to'
      and quiet_hours ?& array['from', 'to', 'time_zone']);
