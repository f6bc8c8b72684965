-- A promoted server writes on a timeline of its own from the first moment; pg_control_checkpoint() says so only after the
-- next checkpoint, up to five minutes later. The history of a database that was not promoted stays the same.
create or replace function current_history() returns text language sql stable
return (
  select digest_of(concat_ws(':', i.xmin, i.tableoid, i.value, s.system_identifier,
    case when pg_is_in_recovery() then p.timeline_id
      else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int end, d.oid))
  from installation i, pg_control_system() s, pg_control_checkpoint() p, pg_database d
  where i.name = 'id' and d.datname = current_database());
