-- What a portal does to the tables it shares with Rozmowa.

-- Sessions are looked up by their user, too: to end them, and to see which streams outlived theirs.
create index sessions_user_idx on sessions ((sess ->> 'userId'));
