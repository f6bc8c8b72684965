-- What somebody keeps for themselves. The newest star has the highest id; a star of a conversation that its owner has left
-- is not shown, and shown again once they are back.
create table message_stars (
  id bigint generated always as identity,
  user_id bigint not null references users (id) on delete cascade,
  conversation_id bigint not null,
  message_id bigint not null,
  primary key (user_id, message_id),
  foreign key (conversation_id, message_id) references messages (conversation_id, id) on delete cascade
);
create index message_stars_newest_idx on message_stars (user_id, id);
-- A hash is of use for one message alone, as in message_mentions.
create index message_stars_message_idx on message_stars using hash (message_id);

-- From here on a member has marked as unread what they had read: for them alone, while everybody else, mails and pushes
-- keep to `last_read_message_id`, which never moves back.
alter table conversation_members add column unread_from_id bigint;

create function read_up_to(last_read_message_id bigint, unread_from_id bigint) returns bigint
language sql immutable
return least(coalesce(last_read_message_id, 0), unread_from_id - 1);

-- Answering marks as read what was marked as unread, too.
do $$
declare
  body text := pg_get_functiondef('send_messages(jsonb)'::regprocedure);
  change text[];
begin
  foreach change slice 1 in array array[
    ['select true as is_member, cm.last_read_message_id from',
     'select true as is_member, read_up_to(cm.last_read_message_id, cm.unread_from_id) as last_read_message_id from'],
    ['set last_read_message_id = answer.id,', 'set last_read_message_id = answer.id, unread_from_id = null,']
  ] loop
    if position(change[1] in body) = 0 then
      raise exception 'send_messages() has no "%"', change[1];
    end if;
    body := replace(body, change[1], change[2]);
  end loop;
  execute body;
end $$;
