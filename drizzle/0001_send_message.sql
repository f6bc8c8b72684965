-- Stores one message in one round trip. A function and not one statement, because each statement inside it sees
-- what was committed before it got the conversation's lock: members as they are then, never as they were before.
--
-- outcome: 'sent'; 'repeated' with the first message of this client_id; 'not_found' (no such conversation, or not
-- a member); 'reply_not_found'; 'attachment_not_found' (none of the sender's, or sent already).
create function send_message(
  in_conversation_id bigint, in_sender_id bigint, in_content text, in_content_text text,
  in_reply_to_id bigint default null, in_client_id uuid default null, in_attachment_ids bigint[] default '{}',
  in_kind text default 'user', in_forwarded_from jsonb default null, in_link_preview jsonb default null
) returns table (outcome text, message messages, recipients bigint[])
language plpgsql as $$
declare
  next_seq bigint;
  claimed bigint;
begin
  select c.seq + 1 into next_seq from conversations c
    where c.id = in_conversation_id and c.deleted_at is null
    for no key update;
  if not found or not exists (
    select from conversation_members cm where cm.conversation_id = in_conversation_id and cm.user_id = in_sender_id
  ) then
    outcome := 'not_found';
    return next; return;
  end if;

  if in_reply_to_id is not null and not exists (
    select from messages m where m.conversation_id = in_conversation_id and m.id = in_reply_to_id
  ) then
    outcome := 'reply_not_found';
    return next; return;
  end if;

  insert into messages (conversation_id, seq, kind, sender_id, content, content_text, reply_to_id, client_id,
      forwarded_from, link_preview)
    values (in_conversation_id, next_seq, in_kind, in_sender_id, in_content, in_content_text, in_reply_to_id,
      in_client_id, in_forwarded_from, in_link_preview)
    on conflict (sender_id, client_id) do nothing
    returning * into message;
  if not found then
    select m.* into message from messages m where m.sender_id = in_sender_id and m.client_id = in_client_id;
    outcome := 'repeated';
    return next; return;
  end if;

  update message_attachments a set new_message_id = (message).id
    where a.id = any(in_attachment_ids) and a.uploader_id = in_sender_id and a.new_message_id is null;
  get diagnostics claimed = row_count;
  if claimed < cardinality(in_attachment_ids) then
    -- Undoes what was stored above: an exception would cost every send the price of being ready for one.
    update message_attachments a set new_message_id = null where a.new_message_id = (message).id;
    delete from messages m where m.id = (message).id;
    outcome := 'attachment_not_found';
    return next; return;
  end if;

  update conversations set seq = next_seq, last_message_id = (message).id, updated_at = (message).created_at,
      xid = pg_current_xact_id()
    where id = in_conversation_id;
  update conversation_members cm set is_archived = false, xid = pg_current_xact_id()
    where cm.conversation_id = in_conversation_id and cm.is_archived and not cm.is_muted;

  outcome := 'sent';
  recipients := array(select cm.user_id from conversation_members cm where cm.conversation_id = in_conversation_id);
  return next;
end $$;
