-- Addresses whose preview the sender has removed: an edit does not bring them back.
alter table messages add column preview_removed_urls text[];

-- As in 0006, but previews let everything else go first: who sends many links may delay them, but no mail.
create or replace function leave_job(in_task text, in_payload json, in_run_at timestamptz default now()) returns void
language plpgsql as $$
declare
  task_id integer;
begin
  select t.id into task_id from rozmowa_jobs._private_tasks t where t.identifier = in_task;
  if not found then
    insert into rozmowa_jobs._private_tasks (identifier) values (in_task) on conflict do nothing;
    select t.id into strict task_id from rozmowa_jobs._private_tasks t where t.identifier = in_task;
  end if;
  insert into rozmowa_jobs._private_jobs (task_id, payload, run_at, priority)
    values (task_id, in_payload, in_run_at, case in_task when 'preview' then 10 else 0 end);
end $$;

-- Who may see a preview's picture: the members of a conversation with a message that shows it.
create index messages_preview_image_idx on messages ((link_preview ->> 'image'))
  where link_preview ->> 'image' is not null;
