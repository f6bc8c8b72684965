-- What a system line says, as facts; `content` has the same in Polish, for clients that know no better. Null for the
-- messages of users, and for lines written before.
alter table messages add column line jsonb;
