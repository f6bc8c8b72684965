-- When a poll's votes were last published, and whether somebody has voted since: many votes in a short time are published
-- together (server/polls/publish.ts).
create table poll_publications (
  message_id bigint primary key references messages (id) on delete cascade,
  published_at timestamptz(3) not null default clock_timestamp(),
  is_behind boolean not null default false
);

-- Who stores a mention holds the conversation's lock; who deletes an account holds the account's, and then takes those of
-- its conversations. A foreign key would take the account's after the conversation's: each would wait for the other. By the
-- lock of the conversation alone, none is stored once its member is gone.
alter table message_mentions drop constraint message_mentions_user_id_fkey;

create function forget_mentions() returns trigger language plpgsql security definer
  set search_path = public, pg_temp as $$
begin
  delete from message_mentions where user_id = old.id;
  return null;
end $$;
create trigger users_forget_mentions after delete on users for each row execute function forget_mentions();
