-- How large a member reads, on every device; see public/styles/base.css for what the names mean.
alter table users
  add column if not exists text_size text not null default 'normal'
    check (text_size in ('small', 'normal', 'large', 'huge'));
