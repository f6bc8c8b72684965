-- Sessions that an administrator has ended from another process: workers look here for streams that outlive theirs.
-- What is kept is the fingerprint that streams know their session by; see server/accounts/end-sessions.ts.
create table ended_sessions (
  user_id bigint not null references users (id) on delete cascade,
  fingerprint text not null,
  ended_at timestamptz(3) not null default now(),
  primary key (user_id, fingerprint)
);
