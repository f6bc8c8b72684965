import type { Protocol, StreamEvent } from '../../live/protocol.ts'
import type { frames } from './frames.ts'

const frame = (type: keyof typeof frames, data: object) => JSON.stringify({ type, data })

/** What clients for presence and typing are told. Who is away is here for them, and not told anew. */
export const protocol: Protocol = {
  name: 'presence',
  resumes: false,
  replaysOwn: false,
  greet: () => [],
  translate({ event, data }: StreamEvent) {
    if (event === 'typing') {
      const { user_name: _, ...typing } = data
      return [frame('user_typing', typing), frame('message.typing', typing)]
    }
    if (event !== 'presence' || data.status === 'away') return []
    const { user_id, status, last_seen, timestamp } = data
    if (status === 'online') return [frame('user_status', { user_id, status, timestamp })]
    return [frame('user_status', { user_id, status, last_seen })]
  },
}
