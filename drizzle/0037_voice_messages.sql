-- How long a recording is, and how loud: peaks from 0 to 100, for a page to draw. Its sender's page says so; with a waveform
-- it is a voice message, else an audio file.
alter table message_attachments
  add column duration_ms integer,
  add column waveform integer[],
  add constraint message_attachments_duration_check check (duration_ms > 0),
  add constraint message_attachments_waveform_check check (
    waveform is null
    or duration_ms is not null and array_ndims(waveform) = 1 and cardinality(waveform) between 1 and 128
      and 0 <= all (waveform) and 100 >= all (waveform));
