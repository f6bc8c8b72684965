-- What is compared when somebody is searched for: without case, diacritics and invisible signs, with one blank for
-- several. The same as fold() in views/people/names.ts. Taken apart first, so that it holds in the locale "C" as well,
-- whose lower() knows ASCII only.
create or replace function fold_text(value text) returns text
language sql immutable strict parallel safe
return btrim(regexp_replace(
  replace(replace(replace(replace(
    translate(
      lower(regexp_replace(normalize(value, NFKD),
        '[\u00ad\u0300-\u036f\u061c\u17b4\u17b5\u180b-\u180f\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e'
        '\u2060-\u206f\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\ufff0-\ufffb'
        '\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]', '', 'g')),
      'łŁøØđĐðÐħĦŧŦıςẞÆŒÞ‘’ʼ′`‐–—−', 'llooddddhhttiσßæœþ''''''''''----'),
    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
  '[\u0001-\u0020\u007f-\u00a0\u115f\u1160\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000]+', ' ', 'g'));

-- Pieces of one, two and three signs: a text that contains another contains its pieces. So an index finds whoever has
-- a text anywhere in the name; pg_trgm needs three signs, and is not everywhere to be had.
create function name_pieces(value text) returns text[]
language plpgsql immutable strict parallel safe as $$
declare
  -- Behind the last sign comes none: what would be one too short is what is there already.
  signs text[] := string_to_array(value, null) || array[''];
  pieces text[] := signs;
begin
  for i in 1 .. length(value) - 1 loop
    pieces := pieces || (signs[i] || signs[i + 1]) || (signs[i] || signs[i + 1] || signs[i + 2]);
  end loop;
  return pieces;
end $$;

-- Those to look for: the longest, which are the rarest.
create function sought_pieces(value text) returns text[]
language sql immutable strict parallel safe
return array(
  select substr(value, start, least(3, length(value))) from generate_series(1, greatest(1, length(value) - 2)) start
  where value <> '');

-- What a member is found by, folded, a line each: name, username, company. Kept, for folding costs more than looking.
alter table users add column sought text not null generated always as (
  coalesce(fold_text(name), '') || E'\n@' || fold_text(username) || E'\n' || coalesce(fold_text(company), '')) stored;
create index users_sought_pieces on users using gin (name_pieces(sought));
create index users_in_order on users (split_part(sought, E'\n', 1), id) where is_active;

-- Somebody without a name is called by the part of the e-mail before the @, which in a username may need a number
-- behind it. A name of blanks and invisible signs is none.
create or replace function name_new_user() returns trigger language plpgsql as $$
begin
  if coalesce(new.username, '') = '' then
    new.username := split_part(new.email, '@', 1);
    if exists (select from users where lower(username) = lower(new.username) and id <> new.id) then
      new.username := new.username || '-' || new.id;
    end if;
  end if;
  if coalesce(fold_text(new.name), '') = '' then
    new.name := split_part(new.email, '@', 1);
  end if;
  return new;
end $$;
update users set name = split_part(email, '@', 1)
where name = username and username = split_part(email, '@', 1) || '-' || id or coalesce(fold_text(name), '') = '';
