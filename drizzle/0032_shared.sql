-- What a conversation's messages share, found without reading the messages: pictures, other files, links.

-- The conversation of the message, kept by a trigger, whoever writes. Without a message, none.
alter table message_attachments add column conversation_id bigint;

create function keep_conversation() returns trigger language plpgsql as $$
begin
  new.conversation_id := (select m.conversation_id from messages m where m.id = new.new_message_id);
  return new;
end $$;
create trigger message_attachments_conversation before insert or update of new_message_id on message_attachments for each row
  when (new.new_message_id is not null or new.conversation_id is not null)
  execute function keep_conversation();

update message_attachments a set conversation_id = m.conversation_id from messages m where m.id = a.new_message_id;

-- Only pictures have sizes.
create index message_attachments_pictures_idx on message_attachments (conversation_id, new_message_id, id)
  where conversation_id is not null and width is not null;
create index message_attachments_files_idx on message_attachments (conversation_id, new_message_id, id)
  where conversation_id is not null and width is null;

-- Whether a message may have a web address: true for all that `addresses()` in views/messages/ finds, and for few others.
-- What it is said to cost keeps a planner from asking it of every message in place of the index.
create function has_link(content text) returns boolean
language plpgsql immutable strict parallel safe cost 100000 as $$
begin
  -- Most messages lack either sign, which is seen sooner.
  return (content like '%.%' or content like '%://%') and content ~* 'https?:|(^|[^[:alnum:]_@/.:-])(www\.|([[:alnum:]-]+\.)+((pl|com|org|net|eu|info|edu|gov|biz|de|uk|fr|cz|sk|ua|lt|ch|nl|dk|io|dev|app)\M|(be|gg|gl|ly|me|us)/))';
end $$;
create index messages_links_idx on messages (conversation_id, id) where has_link(content);
