-- What a portal says of its members, as it says it: it may have these columns already.
alter table users
  add column if not exists role varchar(255),
  add column if not exists phone varchar(50);

-- Names in the order of the Polish alphabet, as text that is compared byte by byte (`collate "C"`): each letter is replaced by a sign of its
-- place in it, and foreign letters count as those that they are made of. So the order needs no collation that a server may
-- lack, and a page of the directory is a range of an index.
create function name_order(value text) returns text
language sql immutable parallel safe
return translate(normalize(coalesce(value, ''), NFC),
  'aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźżAĄBCĆDEĘFGHIJKLŁMNŃOÓPQRSŚTUVWXYZŹŻÀàáÁÂâÃãäÄÅåÇçČčèÈéÉêÊëËĚěÌìÍíîÎïÏÒòÔôõÕöÖØøÙùÚúÛûüÜŮůÑñŇňšŠřŘŤťĎďÝýÿŸŽž',
  '@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`ab@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`ab@@@@@@@@@@@@CCCCFFFFFFFFFFKKKKKKKKSSSSSSSSSS[[[[[[[[[[QQQQXXWWZZEE____``'
);
drop index users_in_order;
create index users_in_order on users (name_order(name) collate "C", id) where is_active;
