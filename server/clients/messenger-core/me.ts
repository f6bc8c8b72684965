import type { OwnUser } from '../../contract/users.ts'
import type { Me } from './endpoints.ts'

/** Somebody as they see themselves. Who is not active sees nothing. */
export const meFor = ({ id, username, email, created_at }: OwnUser): Me => ({
  id,
  username,
  email,
  is_active: true,
  created_at,
})
