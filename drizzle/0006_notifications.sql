-- What is to be mailed. A conversation is armed by its first message after the last look (`notify_from_id`), which also
-- leaves the one job that will look again; later messages find it armed and cost nothing more.
alter table conversations add column notify_from_id bigint;

-- Whether a member was told of a message by mail, and if not, why not. Kept a month.
create table message_notifications (
  message_id bigint not null references messages (id) on delete cascade,
  user_id bigint not null references users (id) on delete cascade,
  -- 'due': a mail about it is wanted. 'sending': it is in the mail with the Message-ID of `letter_id`, which may or
  -- may not have arrived. Everything else is final.
  outcome varchar(10) not null check (outcome in ('due', 'sending', 'sent', 'logged', 'refused', 'sender', 'deleted',
    'inactive', 'muted', 'off', 'no_address', 'read', 'left')),
  -- The first message of the mail it is in.
  letter_id bigint,
  -- What the mail server said.
  answer text,
  decided_at timestamptz(3) not null default now(),
  primary key (message_id, user_id),
  constraint message_notifications_letter_check check ((letter_id is not null) = (outcome in ('sending', 'sent', 'logged', 'refused')))
) with (fillfactor = 80);
create index message_notifications_open_idx on message_notifications (user_id, message_id)
  where outcome in ('due', 'sending');
create index message_notifications_decided_idx on message_notifications using brin (decided_at);

-- Leaves a job as rozmowa_jobs.add_job does, but without its NOTIFY: of transactions that notify only one at a time
-- commits, in the whole database, and sixteen senders fell from 1,600 messages a second to 200. The jobs process looks
-- for jobs twice a second anyway. Without a key: there is no looking for a job like it.
create function leave_job(in_task text, in_payload json, in_run_at timestamptz default now()) returns void
language plpgsql as $$
declare
  task_id integer;
begin
  select t.id into task_id from rozmowa_jobs._private_tasks t where t.identifier = in_task;
  if not found then
    insert into rozmowa_jobs._private_tasks (identifier) values (in_task) on conflict do nothing;
    select t.id into strict task_id from rozmowa_jobs._private_tasks t where t.identifier = in_task;
  end if;
  insert into rozmowa_jobs._private_jobs (task_id, payload, run_at) values (task_id, in_payload, in_run_at);
end $$;

-- As in 0001, and with what follows from a message: in_notify_after, the seconds after which those who have not read
-- it are mailed, null for never; in_tasks, further jobs about it, each with {"message_id": …}.
drop function send_message(bigint, bigint, text, text, bigint, uuid, bigint[], text, jsonb, jsonb);
create function send_message(
  in_conversation_id bigint, in_sender_id bigint, in_content text, in_content_text text,
  in_reply_to_id bigint default null, in_client_id uuid default null, in_attachment_ids bigint[] default '{}',
  in_kind text default 'user', in_forwarded_from jsonb default null, in_link_preview jsonb default null,
  in_notify_after double precision default null, in_tasks text[] default '{}'
) returns table (outcome text, message messages, recipients bigint[])
language plpgsql as $$
declare
  next_seq bigint;
  armed_by bigint;
  claimed bigint;
  task text;
begin
  select c.seq + 1, c.notify_from_id into next_seq, armed_by from conversations c
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
    -- Wherever it was sent, as long as he still may see it there.
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
