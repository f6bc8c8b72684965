-- Files are found by their names, as messages are by their texts.
create index message_attachments_name_idx on message_attachments using gin (text_words(filename));
