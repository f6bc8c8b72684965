-- What a member has begun to write in a conversation and not sent, the same on all of their devices. Without content it is
-- a tombstone: the draft was sent or deleted, or the membership ended, and nothing older may bring it back.
create table conversation_drafts (
  user_id bigint not null references users (id) on delete cascade,
  conversation_id bigint not null references conversations (id) on delete cascade,
  content text,
  reply_to_id bigint,
  -- Grows with each change. Whoever changes the draft says which one they saw.
  version bigint not null,
  updated_at timestamptz(3) not null default now(),
  primary key (user_id, conversation_id),
  constraint conversation_drafts_tombstone_check check (content is not null or reply_to_id is null)
) with (fillfactor = 70);

create index conversation_drafts_conversation_idx on conversation_drafts (conversation_id);

-- A draft ends with the membership. Its version stays: browsers remember it, and whoever comes back goes on from there.
create function end_draft_of_member() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update conversation_drafts set content = null, reply_to_id = null, version = version + 1, updated_at = now()
    where user_id = old.user_id and conversation_id = old.conversation_id and content is not null;
  return null;
end $$;
create trigger conversation_members_end_draft after delete on conversation_members
  for each row execute function end_draft_of_member();

-- Whether Enter sends, on every device; where it does not, it breaks the line.
alter table users add column if not exists enter_sends boolean not null default true;

-- Leaves a tombstone in place of a draft that was not changed since the given version; -1 means whichever it is. A version
-- beyond the stored one is on its way here, and must come too late. @returns the tombstone's version
create function end_draft(in_user_id bigint, in_conversation_id bigint, in_version bigint) returns bigint
language sql
as $$
  insert into conversation_drafts as cd (user_id, conversation_id, version)
  values (in_user_id, in_conversation_id, greatest(in_version, 0) + 1)
  on conflict (user_id, conversation_id) do update
    set content = null, reply_to_id = null, version = greatest(cd.version, in_version) + 1, updated_at = now()
    where cd.content is not null and (in_version < 0 or cd.version <= in_version) or in_version > cd.version
  returning version
$$;

-- Sends that arrive together share a transaction: each costs a part of its statements and of its commit. Each draft has an
-- outcome of its own; `place` is its place in the array, from 1 on.
--
-- Several conversations are locked without waiting, since one that is locked by somebody else would hold up the others:
-- its drafts are 'left', to be sent again by themselves. Drafts of one conversation alone wait for its lock. Drafts that
-- are in each other's way, with one client_id or one attachment, fail together with 40001, to be sent one by one.
--
-- `previous_xid` is the conversation's `xid` before the message.
--
-- Plans are made once for each connection, on tables that may be empty then: without the setting they might read whole
-- tables for as long as it lasts. So might joins and `exists`, but not a subquery that looks for a single key,
-- with an offset where it is joined.
--
-- What is sent ends its draft (`draft_version`, as end_draft takes it; null leaves drafts alone). Where there is none, as
-- for nearly all messages, that costs the look at one key; where there was, its new version is in the answer.
drop function send_messages(jsonb);
create function send_messages(in_drafts jsonb)
returns table (place bigint, outcome text, message messages, recipients bigint[], previous_xid xid8, draft_version bigint)
language plpgsql rows 1
set enable_seqscan = off
as $$
declare
  wanted constant bigint[] := array(
    select distinct d.conversation_id from jsonb_to_recordset(in_drafts) as d (conversation_id bigint));
  is_single constant boolean := cardinality(wanted) = 1;
  locked bigint[];
  draft record;
  sent_to bigint[] := '{}';
  answered bigint[] := '{}';
  answering bigint[] := '{}';
  answers bigint[] := '{}';
  claimed bigint;
  task text;
begin
  if is_single then
    locked := array(
      select c.id from conversations c where c.id = wanted[1] and c.deleted_at is null for no key update);
  else
    locked := array(
      select c.id from conversations c where c.id = any(wanted) and c.deleted_at is null
      order by c.id for no key update skip locked);
  end if;
  if in_drafts @? '$[*].attachment_ids[*]' then
    perform from message_attachments a
      where a.id in (select jsonb_path_query(in_drafts, '$[*].attachment_ids[*]')::bigint)
      order by a.id for no key update;
  end if;

  for draft in
    with drafts as materialized (
      select d.*, c.seq as before_seq, c.xid as before_xid, c.last_message_id, c.notify_from_id,
        me.last_read_message_id, earlier.id as earlier_id,
        kept.version as kept_version, kept.is_there as is_kept,
        case
          when c.seq is null then case when is_single then 'not_found' else 'left' end
          when me.is_member is null then 'not_found'
          when d.reply_to_id is not null and d.conversation_id is distinct from (
            select m.conversation_id from messages m where m.id = d.reply_to_id
          ) then 'reply_not_found'
          when earlier.id is not null then case when earlier.is_visible then 'repeated' else 'not_found' end
          when cardinality(d.attachment_ids) > 0 and cardinality(d.attachment_ids) > (
            select count(*) from message_attachments a
            where a.id = any(d.attachment_ids) and a.uploader_id = d.sender_id and a.new_message_id is null
          ) then 'attachment_not_found'
          else 'sent'
        end as result
      from rows from (jsonb_to_recordset(in_drafts) as (
        conversation_id bigint, sender_id bigint, kind text, content text, content_text text, reply_to_id bigint,
        client_id uuid, forwarded_from jsonb, link_preview jsonb, attachment_ids bigint[],
        notify_after double precision, tasks text[], draft_version bigint)) with ordinality as d (
        conversation_id, sender_id, kind, content, content_text, reply_to_id,
        client_id, forwarded_from, link_preview, attachment_ids,
        notify_after, tasks, draft_version, nth)
      left join lateral (
        select c.seq, c.xid, c.last_message_id, c.notify_from_id from conversations c
        where c.id = d.conversation_id and d.conversation_id = any(locked) offset 0
      ) c on true
      left join lateral (
        select true as is_member, read_up_to(cm.last_read_message_id, cm.unread_from_id) as last_read_message_id from conversation_members cm
        where cm.conversation_id = d.conversation_id and cm.user_id = d.sender_id offset 0
      ) me on true
      left join lateral (
        select cd.version, cd.content is not null as is_there from conversation_drafts cd
        where cd.user_id = d.sender_id and cd.conversation_id = d.conversation_id and d.draft_version is not null offset 0
      ) kept on true
      -- Wherever it was sent, as long as they still may see it there.
      left join lateral (
        select m.id, exists (
          select from conversation_members cm
          join conversations mc on mc.id = cm.conversation_id and mc.deleted_at is null
          where cm.conversation_id = m.conversation_id and cm.user_id = d.sender_id) as is_visible
        from messages m where m.sender_id = d.sender_id and m.client_id = d.client_id offset 0
      ) earlier on true
    ), numbered as materialized (
      select d.*,
        count(*) filter (where d.result = 'sent') over until_this as nth_sent,
        count(*) filter (where d.result = 'sent') over all_of_it as sent_there,
        d.notify_from_id is null and d.notify_after is not null and 1 = count(d.notify_after)
          filter (where d.result = 'sent') over until_this as is_arming
      from drafts d
      window all_of_it as (partition by d.conversation_id),
        until_this as (partition by d.conversation_id order by d.nth)
    ), added as (
      insert into messages (conversation_id, seq, kind, sender_id, content, content_text, reply_to_id, client_id,
        forwarded_from, link_preview)
      select n.conversation_id, n.before_seq + n.nth_sent, coalesce(n.kind, 'user'), n.sender_id, n.content,
        n.content_text, n.reply_to_id, n.client_id, n.forwarded_from, n.link_preview
      from numbered n where n.result = 'sent' order by n.nth
      on conflict (sender_id, client_id) do nothing
      returning *
    )
    select n.*, a.id as added_id, a as added,
      -- A line of the system and what is sent on from elsewhere are no answers to what was before.
      a.kind = 'user' and a.forwarded_from is null
        and (n.nth_sent > 1 or coalesce(n.last_read_message_id, 0) < n.last_message_id) as is_answer,
      case when a.id is not null then array(
        select cm.user_id from conversation_members cm where cm.conversation_id = n.conversation_id) end as audience
    from numbered n
    left join added a on n.result = 'sent' and a.conversation_id = n.conversation_id
      and a.seq = n.before_seq + n.nth_sent
  loop
    place := draft.nth;
    outcome := draft.result;
    message := null;
    recipients := draft.audience;
    previous_xid := null;
    draft_version := null;
    if outcome = 'repeated' then
      select m.* into message from messages m where m.id = draft.earlier_id;
    elsif outcome = 'sent' and draft.added_id is null then
      if jsonb_array_length(in_drafts) > 1 then
        raise exception 'a client_id is sent twice' using errcode = 'serialization_failure';
      end if;
      -- Somebody else has stored it meanwhile, and it is found now.
      return query select * from send_messages(in_drafts);
      return;
    elsif outcome = 'sent' then
      message := draft.added;
      previous_xid := case when draft.nth_sent = 1 then draft.before_xid else message.xid end;
      if draft.nth_sent = draft.sent_there then
        sent_to := sent_to || draft.conversation_id;
        update conversations set seq = message.seq, last_message_id = message.id, updated_at = message.created_at,
            xid = pg_current_xact_id()
          where id = draft.conversation_id;
      end if;
      if draft.is_answer then
        answered := answered || draft.conversation_id;
        answering := answering || draft.sender_id;
        answers := answers || draft.added_id;
      end if;
      if cardinality(draft.attachment_ids) > 0 then
        update message_attachments a set new_message_id = draft.added_id
          where a.id = any(draft.attachment_ids) and a.uploader_id = draft.sender_id and a.new_message_id is null;
        get diagnostics claimed = row_count;
        if claimed < cardinality(draft.attachment_ids) then
          raise exception 'an attachment is sent twice' using errcode = 'serialization_failure';
        end if;
      end if;
      if draft.is_kept or draft.draft_version > coalesce(draft.kept_version, 0) then
        draft_version := end_draft(draft.sender_id, draft.conversation_id, draft.draft_version);
      end if;
      if draft.is_arming then
        update conversations set notify_from_id = message.id where id = draft.conversation_id;
        perform leave_job('notify', json_build_object('conversation_id', draft.conversation_id),
          now() + make_interval(secs => draft.notify_after));
      end if;
      foreach task in array coalesce(draft.tasks, '{}') loop
        perform leave_job(task, json_build_object('message_id', draft.added_id));
      end loop;
    end if;
    return next;
  end loop;

  update conversation_members cm set is_archived = false, xid = pg_current_xact_id()
    where cm.conversation_id = any(sent_to) and cm.is_archived and not is_mute_on(cm.is_muted, cm.muted_until);
  if answers <> '{}' then
    -- In the order in which others lock these rows, too.
    update conversation_members cm set last_read_message_id = answer.id, unread_from_id = null, last_read_at = now(),
        last_delivered_message_id = answer.id, last_delivered_at = coalesce(cm.last_delivered_at, now()),
        xid = pg_current_xact_id()
      from (
        select a.conversation_id, a.user_id, max(a.id) as id
        from unnest(answered, answering, answers) as a (conversation_id, user_id, id)
        group by 1, 2 order by 1, 2
      ) answer
      where cm.conversation_id = answer.conversation_id and cm.user_id = answer.user_id;
  end if;
end $$;
