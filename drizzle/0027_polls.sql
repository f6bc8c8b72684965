-- What a message asks its readers: question, options, and how to answer; `content` has question and options as text, for
-- search, mails, quotes, and clients that know no polls. In all that is counted and found, it is a user's message as any
-- other, and of kind 'user' here.
alter table messages add column poll jsonb,
  add constraint messages_poll_check check (poll is null or kind = 'user' and not is_deleted);

-- One row for each who voted: whichever of their devices was last is right. Who leaves the conversation has voted; with an
-- account its votes go. Options are numbered from 1 on, within their poll.
create table poll_votes (
  message_id bigint not null references messages (id) on delete cascade,
  user_id bigint not null references users (id) on delete cascade,
  option_ids integer[] not null,
  voted_at timestamptz(3) not null default now(),
  primary key (message_id, user_id),
  constraint poll_votes_options_check check (
    option_ids <> '{}' and cardinality(option_ids) <= 12 and option_ids <@ '{1,2,3,4,5,6,7,8,9,10,11,12}')
);
create index poll_votes_user_idx on poll_votes (user_id);
