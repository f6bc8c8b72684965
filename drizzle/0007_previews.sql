-- Addresses whose preview the sender has removed: an edit does not bring them back.
alter table messages add column preview_removed_urls text[];

-- Who may see a preview's picture: the members of a conversation with a message that shows it.
create index messages_preview_image_idx on messages ((link_preview ->> 'image'))
  where link_preview ->> 'image' is not null;
