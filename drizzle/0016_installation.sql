-- What the database remembers of itself. The row 'id' is written once: a restore, whether by pg_restore, psql or a copy
-- of rows, writes it anew, in another transaction (xmin), and so begins another history. 'history' is the one that
-- was current at the last start; a restored row remembers an older one.
create table installation (
  name text primary key check (name in ('id', 'history')),
  value text not null
);
insert into installation (name, value) values ('id', gen_random_uuid());

create function digest_of(in_parts text) returns text language sql immutable
return left(encode(sha256(convert_to(in_parts, 'UTF8')), 'hex'), 12);

-- Another one for every database, a copy of this one included, after every restore, and after a fail-over.
create function current_history() returns text language sql stable
return (
  select digest_of(concat_ws(':', i.xmin, i.tableoid, i.value, s.system_identifier, p.timeline_id, d.oid))
  from installation i, pg_control_system() s, pg_control_checkpoint() p, pg_database d
  where i.name = 'id' and d.datname = current_database());
