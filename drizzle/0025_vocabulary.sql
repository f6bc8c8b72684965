-- The words that occur in messages and in the names of their files, by which a search for a part of a word knows what to
-- ask the index of messages for, and one for an unknown word what is like it. Neither very short nor very long ones,
-- which nobody looks for by a part. Filled in the background (server/search/learn.ts), so that a send costs nothing more.
create table message_vocabulary (
  word text collate "C" primary key
);
-- Pieces of three signs, as names have them.
create index message_vocabulary_pieces on message_vocabulary using gin (sought_pieces(word));

-- Up to which transaction it is filled.
alter table installation drop constraint installation_name_check;
alter table installation add constraint installation_name_check
  check (name in ('id', 'history', 'vapid', 'vocabulary'));

create function words_of(texts text[]) returns text[] language sql immutable parallel safe
return array(select distinct unnest(tsvector_to_array(text_words(text))) from unnest(texts) text);

-- What nobody says any more is forgotten at once. Common words are among the newest messages, and of the others about
-- ten rows of the index are looked at: enough to find one that is left, and a word that is known no more although it
-- occurs is found by its beginning all the same.
create function forget_words(words text[]) returns void language plpgsql
set gin_fuzzy_search_limit = 10 set max_parallel_workers_per_gather = 0 as $$
declare
  each text;
  common text[];
begin
  if cardinality(words) = 0 then
    return;
  end if;
  -- 0x526f7a76, as there.
  perform pg_advisory_xact_lock_shared(1383037558);
  common := words_of(array(
    select m.content_text from messages m where m.kind = 'user' and not m.is_deleted order by m.id desc limit 40));
  for each in
    select v.word from message_vocabulary v where v.word = any(words) and v.word <> all(common) order by v.word
  loop
    if (select count(*) from messages m
        where m.kind = 'user' and not m.is_deleted
          and message_words(m.conversation_id, m.content_text) @@ quote_literal(each)::tsquery) = 0
      and (select count(*) from message_attachments a
        where text_words(a.filename) @@ quote_literal(each)::tsquery) = 0
    then
      delete from message_vocabulary v where v.word = each;
    end if;
  end loop;
end $$;

create function forget_changed_words() returns trigger language plpgsql as $$
begin
  perform forget_words(array(
    select unnest(words_of(array[old.content_text])) except select unnest(words_of(array[new.content_text]))));
  return null;
end $$;

create function forget_deleted_words() returns trigger language plpgsql as $$
begin
  perform forget_words(words_of(array(select content_text from gone)));
  return null;
end $$;

create function forget_deleted_names() returns trigger language plpgsql as $$
begin
  perform forget_words(words_of(array(select filename from gone)));
  return null;
end $$;

create trigger messages_forget_changed after update of content_text on messages for each row
  when (old.content_text is distinct from new.content_text) execute function forget_changed_words();
create trigger messages_forget_deleted after delete on messages referencing old table as gone
  for each statement execute function forget_deleted_words();
create trigger attachments_forget_deleted after delete on message_attachments referencing old table as gone
  for each statement execute function forget_deleted_names();

-- So that the index is asked whenever it can be: the plan of a small table must be good for a full one.
alter function message_words(bigint, text) cost 100000;

-- What is looked for is put together in server/search/sought.ts.
drop function sought_words(text);
