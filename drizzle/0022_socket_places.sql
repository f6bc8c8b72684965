-- Where the client of a session stands, of those whose protocol carries no cursor. `positions` are pairs of a conversation
-- and the `seq` up to which the client confirmed what came after the cursor.
create table socket_places (
  sid varchar not null references sessions (sid) on delete cascade,
  protocol text not null,
  cursor text not null,
  history text not null,
  positions jsonb not null,
  primary key (sid, protocol)
);
