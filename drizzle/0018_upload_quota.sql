-- How much a member's files have together; server/attachments/store.ts asks at every upload.
create index message_attachments_uploader_idx on message_attachments (uploader_id, stored_filename) include (file_size)
  where uploader_id is not null;
