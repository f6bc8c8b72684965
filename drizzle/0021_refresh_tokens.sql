-- The refresh tokens of programs, each by its SHA-256 (base64url): what is stored cannot be used. A used one stays until
-- it expires, so that its second use is noticed. They belong to a session without a cookie; see server/tokens/family.ts.
create table refresh_tokens (
  hash text primary key,
  sid varchar not null references sessions (sid) on delete cascade,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) not null,
  used_at timestamptz(3)
);
create index refresh_tokens_sid_idx on refresh_tokens (sid);
create index refresh_tokens_expires_idx on refresh_tokens (expires_at);
