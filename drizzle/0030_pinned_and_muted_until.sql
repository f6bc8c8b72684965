-- Pinned conversations stand first in their member's list; what is pinned is not put away.
alter table conversation_members
  add column is_pinned boolean not null default false,
  -- The mute ends by itself.
  add column muted_until timestamptz(3),
  add constraint conversation_members_pinned_check check (not (is_pinned and is_archived)),
  add constraint conversation_members_muted_check check (is_muted or muted_until is null);

-- Whether it is muted now.
create function is_mute_on(is_muted boolean, muted_until timestamptz) returns boolean
language sql stable
return is_muted and (muted_until is null or muted_until > now());

-- A new message takes a conversation out of the archive once its mute has ended.
do $$
declare
  body constant text := pg_get_functiondef('send_messages(jsonb)'::regprocedure);
  before constant text := 'and cm.is_archived and not cm.is_muted;';
begin
  if position(before in body) = 0 then
    raise exception 'send_messages() has no "%"', before;
  end if;
  execute replace(body, before, 'and cm.is_archived and not is_mute_on(cm.is_muted, cm.muted_until);');
end $$;
