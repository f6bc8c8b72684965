import type { Protocol, StreamEvent } from '../../live/protocol.ts'
import type { frames } from './frames.ts'

const frame = (type: keyof typeof frames, data: object) => JSON.stringify({ type, data })

/** What clients for presence and typing are told. Who is away is here for them, and not told anew. */
export const protocol: Protocol = {
  name: 'presence',
  replays: 'nothing',
  greet: () => [],
  translate(heard: StreamEvent) {
    if (heard.event === 'typing') {
      const { user_name: _, ...typing } = heard.data
      return [frame('user_typing', typing), frame('message.typing', typing)]
    }
    if (heard.event !== 'presence') return []
    const { user_id, status, last_seen, timestamp } = heard.data
    if (status === 'away') return []
    if (status === 'online') return [frame('user_status', { user_id, status, timestamp })]
    return [frame('user_status', { user_id, status, last_seen })]
  },
}
