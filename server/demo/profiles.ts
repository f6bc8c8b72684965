import type { Profile } from '../contract/users.ts'
import type { Name } from './cast.ts'

/** What a portal would say of the demo members. */
export const demoProfiles: Record<Name, Pick<Profile, 'company' | 'role' | 'phone'>> = {
  anna: { company: 'Oddział Warszawa', role: 'Prezeska', phone: '+48 600 100 201' },
  bartek: { company: 'Oddział Warszawa', role: 'Sekretarz', phone: '+48 600 100 202' },
  celina: { company: 'Oddział Gdańsk', role: 'Skarbniczka', phone: null },
  dawid: { company: 'Oddział Łódź', role: null, phone: null },
  ewa: { company: null, role: null, phone: '+48 600 100 205' },
}
