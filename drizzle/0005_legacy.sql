-- What became of a portal's old inbox: so that a second run of migrate:legacy takes only what is new, and so that
-- the move can be undone. What was removed here since (null) is never moved a second time.
create table legacy_conversations (
  conversation_id bigint unique references conversations (id) on delete set null,
  -- Of message_group; null for a 1:1.
  group_id integer unique,
  -- What conversations.seq is as long as nobody but the move has changed the conversation.
  seq bigint not null,
  -- How a conversation that was there already looked before; null for one that the move has made.
  before jsonb
);
create table legacy_members (
  conversation_id bigint not null references conversations (id) on delete cascade,
  user_id bigint not null references users (id) on delete cascade,
  -- How a member who was there already stood before; null for a membership that the move has made.
  before jsonb,
  primary key (conversation_id, user_id)
);
create table legacy_messages (
  source varchar(10) not null check (source in ('private', 'group')),
  legacy_id integer not null,
  -- Text that is too long for one message goes on in further ones.
  part integer not null default 1 check (part > 0),
  message_id bigint unique references messages (id) on delete set null,
  primary key (source, legacy_id, part)
);
-- Files that the move has put beside the attachments' own.
create table legacy_files (
  stored_filename varchar(255) primary key
);
