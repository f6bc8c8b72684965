-- As in 0006, and whoever writes has read everything before. Where they had read it already, as most have, nothing is
-- stored. It has no event of its own: the message says it.
create or replace function send_message(
  in_conversation_id bigint, in_sender_id bigint, in_content text, in_content_text text,
  in_reply_to_id bigint default null, in_client_id uuid default null, in_attachment_ids bigint[] default '{}',
  in_kind text default 'user', in_forwarded_from jsonb default null, in_link_preview jsonb default null,
  in_notify_after double precision default null, in_tasks text[] default '{}'
) returns table (outcome text, message messages, recipients bigint[])
language plpgsql rows 1 as $$
declare
  next_seq bigint;
  armed_by bigint;
  claimed bigint;
  task text;
  last_id bigint;
  read_id bigint;
begin
  select c.seq + 1, c.notify_from_id, c.last_message_id into next_seq, armed_by, last_id from conversations c
    where c.id = in_conversation_id and c.deleted_at is null
    for no key update;
  if found then
    select coalesce(cm.last_read_message_id, 0) into read_id from conversation_members cm
      where cm.conversation_id = in_conversation_id and cm.user_id = in_sender_id;
  end if;
  if not found then
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
    -- Wherever it was sent, as long as they still may see it there.
    select m.* into message from messages m
      join conversation_members cm on cm.conversation_id = m.conversation_id and cm.user_id = in_sender_id
      join conversations c on c.id = m.conversation_id and c.deleted_at is null
      where m.sender_id = in_sender_id and m.client_id = in_client_id;
    outcome := case when found then 'repeated' else 'not_found' end;
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
      notify_from_id = case when in_notify_after is null then armed_by else coalesce(armed_by, (message).id) end,
      xid = pg_current_xact_id()
    where id = in_conversation_id;
  update conversation_members cm set is_archived = false, xid = pg_current_xact_id()
    where cm.conversation_id = in_conversation_id and cm.is_archived and not cm.is_muted;
  -- A line of the system and what is sent on from elsewhere are no answers to what was before.
  if read_id < last_id and in_kind = 'user' and in_forwarded_from is null then
    update conversation_members cm set last_read_message_id = (message).id, last_read_at = now(),
        last_delivered_message_id = (message).id, last_delivered_at = coalesce(cm.last_delivered_at, now()),
        xid = pg_current_xact_id()
      where cm.conversation_id = in_conversation_id and cm.user_id = in_sender_id;
  end if;

  if in_notify_after is not null and armed_by is null then
    perform leave_job('notify', json_build_object('conversation_id', in_conversation_id),
      now() + make_interval(secs => in_notify_after));
  end if;
  foreach task in array in_tasks loop
    perform leave_job(task, json_build_object('message_id', (message).id));
  end loop;

  outcome := 'sent';
  recipients := array(select cm.user_id from conversation_members cm where cm.conversation_id = in_conversation_id);
  return next;
end $$;
