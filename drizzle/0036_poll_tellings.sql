-- When the members were last told of a poll's votes, and whether somebody has voted since: of many votes in a short time
-- they are told once (server/polls/tell.ts).
create table poll_tellings (
  message_id bigint primary key references messages (id) on delete cascade,
  told_at timestamptz(3) not null default clock_timestamp(),
  is_behind boolean not null default false
);
