-- Begins a change of a conversation: takes its lock, and reads what the change needs to know as it is under that
-- lock. Nothing is returned for who is no member, nor for a conversation that is not there.
create function lock_conversation(in_conversation_id bigint, in_user_id bigint)
returns table (conversation conversations, role text, member_ids bigint[])
language plpgsql as $$
begin
  select c.* into conversation from conversations c
    where c.id = in_conversation_id and c.deleted_at is null
    for no key update;
  if not found then return; end if;
  select cm.role into role from conversation_members cm
    where cm.conversation_id = in_conversation_id and cm.user_id = in_user_id;
  if not found then return; end if;
  member_ids := array(
    select cm.user_id from conversation_members cm where cm.conversation_id = in_conversation_id order by cm.joined_at, cm.user_id);
  return next;
end $$;
