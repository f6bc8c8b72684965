-- What becomes of a stretch of messages for a member: one row, whatever the number of messages. A row for each message
-- and member was a million for an hour's talk in a large group. What is true of a single message in it (their own,
-- read by then, deleted) follows from the message itself; see server/notifications/why.ts. Kept a month.
create table notification_ranges (
  user_id bigint not null references users (id) on delete cascade,
  conversation_id bigint not null references conversations (id) on delete cascade,
  -- First and last message.
  from_id bigint not null,
  until_id bigint not null,
  -- Messages in it that are older are not meant: they came from an old inbox, or before the member did.
  since timestamptz(3) not null,
  -- 'due': a mail is wanted. 'sending': it is on its way with the Message-ID of `letter_id`, and may or may not have
  -- arrived. Everything else is final. 'nothing': there was nothing in it to be mailed about.
  outcome varchar(10) not null check (outcome in ('due', 'sending', 'sent', 'logged', 'refused', 'deleted', 'inactive',
    'muted', 'off', 'no_address', 'nothing', 'left')),
  -- How far the member had read when it was decided.
  read_id bigint not null default 0,
  letter_id bigint,
  -- What the mail server said.
  answer text,
  decided_at timestamptz(3) not null default now(),
  primary key (user_id, conversation_id, from_id),
  constraint notification_ranges_order_check check (from_id <= until_id),
  constraint notification_ranges_letter_check check ((letter_id is not null) = (outcome in ('sending', 'sent', 'logged', 'refused')))
) with (fillfactor = 80);
create index notification_ranges_open_idx on notification_ranges (user_id, conversation_id)
  where outcome in ('due', 'sending');
create index notification_ranges_decided_idx on notification_ranges using brin (decided_at);

-- What was on its way; what was decided before is forgotten a little early.
insert into notification_ranges (user_id, conversation_id, from_id, until_id, since, outcome, letter_id, answer)
select n.user_id, m.conversation_id, min(m.id), max(m.id), min(m.created_at), n.outcome, n.letter_id, max(n.answer)
from message_notifications n join messages m on m.id = n.message_id
where n.outcome in ('due', 'sending')
group by n.user_id, m.conversation_id, n.outcome, n.letter_id;
drop table message_notifications;

-- PostgreSQL takes a function that returns rows for 1,000 of them, and plans the joins around it for as many.
alter function send_message rows 1;
alter function lock_conversation rows 1;
