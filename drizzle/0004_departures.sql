-- Who was taken from which conversation, and when: what a stream that was away, or whose worker heard nothing of it,
-- must be told. A row is of no use after a month, when nobody's cursor is that old.
create table conversation_departures (
  conversation_id bigint not null references conversations (id) on delete cascade,
  user_id bigint not null references users (id) on delete cascade,
  left_at timestamptz(3) not null default now(),
  xid xid8 not null default pg_current_xact_id(),
  primary key (user_id, conversation_id)
);
create index conversation_departures_conversation_idx on conversation_departures (conversation_id);
