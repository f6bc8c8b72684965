import type { Request, RequestHandler } from 'express'
import { phoneTarget } from '../../views/messages/addresses.ts'
import { findProfile } from '../accounts/store.ts'
import { idText } from '../contract/fields.ts'
import type { Profile } from '../contract/users.ts'
import { groupsWith } from '../conversations/common.ts'
import { openDirect } from '../conversations/create.ts'
import { presencesOf } from '../presence/presences.ts'
import { spend } from '../web/limits.ts'
import { notFound } from '../web/problem.ts'
import { readFor } from '../web/reads.ts'
import { readerFor, render } from '../web/render.ts'
import { cameFrom } from './came-from.ts'
import { signInFor } from './next.ts'

const groupsShown = 20

/** GET /wiadomosci/osoby/:id – a member, and the groups in common. @throws Problem 404 */
export const getProfile: RequestHandler = async (req, res) => {
  if (!req.user) return res.redirect(signInFor(req.originalUrl))
  const { id: viewerId } = req.user
  res.send(await readFor(viewerId, async () => draw(req, viewerId, await findBy(req))))
}

/** POST /wiadomosci/osoby/:id – opens the 1:1 with them. @throws Problem 404, 429 */
export const postProfile: RequestHandler = async (req, res) => {
  if (!req.user) return res.redirect(303, signInFor(req.originalUrl))
  const { id } = await findBy(req)
  await spend('gather', req.user.id)
  const { conversation } = await openDirect(req.user.id, id)
  res.redirect(303, `/wiadomosci/${conversation.id}`)
}

async function findBy(req: Request): Promise<Profile> {
  const id = idText.safeParse(req.params.id)
  const profile = id.success ? await findProfile(id.data) : undefined
  if (!profile) throw notFound()
  return profile
}

async function draw(req: Request, viewerId: number, profile: Profile): Promise<string> {
  const [[presence], groups] = await Promise.all([
    presencesOf(viewerId, [profile.id]),
    groupsWith(viewerId, profile.id, groupsShown),
  ])
  const call = profile.phone === null ? undefined : phoneTarget(profile.phone)
  const back = cameFrom(req, '/wiadomosci/osoby')
  return render('people/profile', readerFor(req), { profile, presence, call, groups, back })
}
