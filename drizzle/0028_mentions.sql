-- Who is mentioned in a message: an index of its content, which says so too, by member. The sender is not in it: nobody is
-- told of what they write themselves.
create table message_mentions (
  user_id bigint not null references users (id) on delete cascade,
  conversation_id bigint not null,
  message_id bigint not null,
  -- An edit took it out. The row stays, so that an edit that puts it back tells nobody twice.
  is_removed boolean not null default false,
  primary key (user_id, conversation_id, message_id),
  foreign key (conversation_id, message_id) references messages (conversation_id, id) on delete cascade
);
-- A hash is of use for one message alone: by an index in order a planner that knows of no other rows might read everybody's
-- mentions in place of a member's.
create index message_mentions_message_idx on message_mentions using hash (message_id);

-- Nothing is told of a muted conversation but what mentions its member; with this, not even that.
alter table conversation_members add column mutes_mentions boolean not null default false;

-- The mail was about those messages of the range alone that mention the member.
alter table notification_ranges add column only_mentions boolean not null default false;

-- By triggers, so that a message that mentions nobody costs no further statement. They run under the conversation's lock,
-- so whoever has left by now is not found.
create function index_mentions() returns trigger language plpgsql set enable_seqscan = off as $$
declare
  mentioned constant bigint[] := array(
    select distinct each.groups[1]::bigint
    from regexp_matches(new.content, '<span class="mention" data-user-id="([0-9]+)">', 'g') as each (groups));
begin
  if new.is_deleted then
    delete from message_mentions where message_id = new.id;
    return null;
  end if;
  if tg_op = 'UPDATE' then
    update message_mentions set is_removed = user_id <> all (mentioned)
      where message_id = new.id and is_removed <> (user_id <> all (mentioned));
  end if;
  insert into message_mentions (user_id, conversation_id, message_id)
    select cm.user_id, new.conversation_id, new.id from conversation_members cm
    where cm.conversation_id = new.conversation_id and cm.user_id = any (mentioned) and cm.user_id <> new.sender_id
    on conflict do nothing;
  return null;
end $$;
create trigger messages_index_mentions after insert on messages for each row
  when (new.content like '%<span class="mention" data-user-id="%')
  execute function index_mentions();
create trigger messages_reindex_mentions after update of content on messages for each row
  when (old.content is distinct from new.content and (
    old.content like '%<span class="mention" data-user-id="%'
    or new.content like '%<span class="mention" data-user-id="%'))
  execute function index_mentions();
