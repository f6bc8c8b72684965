/** Stores thousands of messages at once, `nr 1.`, `nr 2.` …, as if they had not been published yet. */
export async function flood(conversationId: number, senderId: number, count: number): Promise<void> {
  // Not before: whatever is imported reads the configuration.
  const { sql } = await import('../db/client.ts')
  await sql`
    with conversation as (
      select id, seq from conversations where id = ${conversationId} for no key update
    ), sent as (
      insert into messages (conversation_id, seq, sender_id, content, content_text)
      select id, seq + nr, ${senderId}, format('<p>nr %s.</p>', nr), format('nr %s.', nr)
      from conversation, generate_series(1, ${count}::int) nr order by nr
      returning id, seq
    )
    update conversations c set seq = newest.seq, last_message_id = newest.id, updated_at = now(),
      xid = pg_current_xact_id()
    from (select max(id) as id, max(seq) as seq from sent) newest where c.id = ${conversationId}`
}
