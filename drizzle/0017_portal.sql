-- What a portal does to the tables it shares with Rozmowa.

-- Sessions are looked up by their user, too: to end them, and to see which streams outlived theirs.
create index sessions_user_idx on sessions ((sess ->> 'userId'));

-- The one inactive user who stands for everybody whose account is gone.
create function departed_user() returns bigint language plpgsql as $$
declare
  departed bigint;
begin
  select id into departed from users where email = 'usuniete-konto@rozmowa.invalid';
  if departed is null then
    insert into users (email, name, password_hash, is_active, notify_email_messages)
      values ('usuniete-konto@rozmowa.invalid', 'Usunięte konto', '!', false, false) returning id into departed;
  end if;
  return departed;
end $$;

-- A portal deletes users in its own way, and perhaps as a role that knows nothing of conversations. What they wrote
-- keeps its place and its number, for it is not changed; 1:1s keep two members; the longest-standing member takes over
-- a group, and what nobody is left in is deleted.
create function leave_messages_behind() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  theirs bigint[];
  departed bigint;
begin
  if old.email = 'usuniete-konto@rozmowa.invalid' then
    return case when exists (select from messages where sender_id = old.id)
      or exists (select from conversation_members where user_id = old.id) then null else old end;
  end if;
  theirs := array(select conversation_id from conversation_members where user_id = old.id);
  perform from conversations where id = any(theirs) order by id for no key update;

  if exists (select from messages where sender_id = old.id)
    or exists (select from message_pins where pinned_by_id = old.id)
    or exists (select from conversations where id = any(theirs) and not is_group) then
    departed := departed_user();
    -- Of two who are gone client_ids may be the same.
    update messages set sender_id = departed, client_id = null where sender_id = old.id;
    update message_pins set pinned_by_id = departed where pinned_by_id = old.id;
    update conversation_members cm set user_id = departed, added_by_id = nullif(cm.added_by_id, old.id),
      xid = pg_current_xact_id()
      from conversations c
      where cm.user_id = old.id and c.id = cm.conversation_id and not c.is_group and not exists (
        select from conversation_members known where known.conversation_id = c.id and known.user_id = departed);
  end if;

  delete from conversation_members where user_id = old.id;
  update conversations c set seq = seq + 1, xid = pg_current_xact_id(),
    owner_id = case when c.owner_id is distinct from old.id then c.owner_id else (
      select cm.user_id from conversation_members cm join users u on u.id = cm.user_id
      where cm.conversation_id = c.id and c.is_group
      order by u.is_active desc, cm.joined_at, cm.user_id limit 1) end,
    deleted_at = case when exists (
      select from conversation_members cm where cm.conversation_id = c.id and cm.user_id is distinct from departed)
      then c.deleted_at else coalesce(c.deleted_at, now()) end
  where c.id = any(theirs);
  update conversation_members cm
    set role = 'owner', added_by_id = nullif(cm.added_by_id, old.id), xid = pg_current_xact_id()
    from conversations c
    where c.id = any(theirs) and c.is_group and cm.conversation_id = c.id and cm.user_id = c.owner_id and cm.role <> 'owner';
  return old;
end $$;
create trigger users_leave_messages_behind before delete on users
  for each row execute function leave_messages_behind();

create index message_pins_pinned_by_idx on message_pins (pinned_by_id);
-- So that tidying finds what is due.
create index conversations_deleted_idx on conversations (deleted_at) where deleted_at is not null;
create index conversation_departures_left_idx on conversation_departures using brin (left_at);
