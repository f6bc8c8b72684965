-- Whether a file is still named by any attachment, and which were never sent.
create index message_attachments_file_idx on message_attachments (stored_filename);
create index message_attachments_waiting_idx on message_attachments (created_at)
  where new_message_id is null and uploader_id is not null;
