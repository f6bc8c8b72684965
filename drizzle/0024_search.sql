-- What messages are found by: their words as fold_text() leaves them, so without case and diacritics. Each emoji, and
-- each sign of the scripts that have no blanks, is a word of its own. Of a long word its beginning: no lexeme may be
-- longer than 2 kB. The same as wordsIn() in server/search/words.ts.
create function folded_words(value text) returns tsvector
language sql immutable strict parallel safe
return array_to_tsvector(array(
  select left(word, 60) from unnest(regexp_split_to_array(
    regexp_replace(fold_text(value),
      '[\u2190-\u2bff\u2e80-\u2fff\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3040-\u30ff\u3400-\u9fff'
      '\U0001f000-\U0001faff\U00020000-\U0003ffff]', ' \& ', 'g'),
    '[ -/:-@[-`{-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u037e\u0387\u055a-\u055f\u0589\u05be'
    '\u05c0\u05c3\u05c6\u05f3\u05f4\u060c\u061b\u061f\u066a-\u066d\u06d4\u0964\u0965\u2000-\u206f\u3000-\u3004\u3008-\u3020]+'))
    as word where word <> ''));

-- The same, with half the work for what nearly all messages are: short, in Polish or English. It is a part of what each
-- send costs. PostgreSQL's own parser does not get to see what it would take for more than words: addresses, paths,
-- tags; what has ~ or is like 2e2 is left to the other way.
create function text_words(value text) returns tsvector
language sql immutable strict parallel safe
return case when length(value) > 1000 or value ~ '[^\n -}ąćęłńóśźżĄĆĘŁŃÓŚŹŻ]|[0-9][eE][0-9]'
  then folded_words(value)
  else strip(to_tsvector('simple'::regconfig, translate(value,
    'ąćęłńóśźż-./@_:&ĄĆĘŁŃÓŚŹŻ<+', 'acelnoszz       acelnoszz  '))) end;

-- The conversation is a word, too, which no text has: so the index itself looks through a few conversations alone.
create function message_words(conversation_id bigint, value text) returns tsvector
language sql immutable strict parallel safe
return text_words(value) || array_to_tsvector(array[concat('/', conversation_id)]);

-- With the pending list, which a send adds to at a third of the cost, and whoever fills it empties.
create index messages_words_idx on messages using gin (message_words(conversation_id, content_text))
  where kind = 'user' and not is_deleted;

-- What is looked for, from what somebody typed: each word, as the beginning of one; of a single sign as the whole word,
-- for there are too many that begin with it. Null when it has no words.
create function sought_words(value text) returns tsquery
language sql immutable strict parallel safe
return (
  select string_agg(format(case when length(word) > 1 then '%L:*' else '%L' end, left(word, 60)), ' & ')::tsquery
  from unnest(text_words(value)) each (word));
