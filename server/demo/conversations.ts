import type { Name } from './cast.ts'

/** [who, minutes ago, what]; the last messages of others are left unread. */
type Line = [Name, number, string]

export interface DemoConversation {
  /** A group's name; none for a 1:1. */
  name?: string
  members: [Name, ...Name[]]
  /** Who has not read the last lines, and how many. */
  unread?: Partial<Record<Name, number>>
  lines: Line[]
}

const hours = 60
const days = 24 * hours

/** What the demo members talk about. */
export const demoConversations: DemoConversation[] = [
  {
    members: ['anna', 'ewa'],
    lines: [
      ['anna', 6 * days, '<p>Ewo, witaj w portalu. Gdyby coś nie działało, pisz śmiało.</p>'],
      ['ewa', 6 * days - 12, '<p>Dziękuję, na razie wszystko jasne 🙂</p>'],
    ],
  },
  {
    name: 'Piknik rodzinny',
    members: ['celina', 'anna', 'bartek', 'dawid', 'ewa'],
    unread: { dawid: 3, ewa: 1 },
    lines: [
      ['celina', 4 * days, '<p>Zakładam grupę, żeby nie pisać do każdego osobno.</p>'],
      [
        'celina',
        4 * days - 1,
        '<p>Do zrobienia:</p><ul><li>ławki i stoły</li><li>nagłośnienie</li><li>ubezpieczenie</li></ul>',
      ],
      ['dawid', 4 * days - 30, '<p>Nagłośnienie biorę na siebie.</p>'],
      ['anna', 3 * days, '<p>Ubezpieczenie mamy w polisie stowarzyszenia, sprawdziłam.</p>'],
      [
        'bartek',
        3 * days - 40,
        '<p>Ławki pożyczy nam szkoła, trzeba je tylko <strong>przywieźć w piątek</strong>.</p>',
      ],
      ['celina', 5 * hours, '<p>Czyli prawie wszystko. Kto ma przyczepę?</p>'],
      ['bartek', 4 * hours, '<p>Szwagier. Zapytam.</p>'],
      ['anna', 3 * hours, '<p>👏</p>'],
    ],
  },
  {
    name: 'Zarząd',
    members: ['anna', 'bartek', 'celina'],
    unread: { anna: 1 },
    lines: [
      [
        'anna',
        2 * days,
        '<p>Porządek obrad na czwartek:</p><ol><li>budżet</li><li>piknik</li><li>wolne wnioski</li></ol>',
      ],
      ['celina', 2 * days - 25, '<p>Dopisałabym jeszcze składki za trzeci kwartał.</p>'],
      ['anna', 2 * days - 27, '<p>Dobrze, dopisane.</p>'],
      ['bartek', 90, '<p>Przygotowałem zestawienie, wyślę wieczorem.</p>'],
    ],
  },
  {
    members: ['anna', 'bartek'],
    unread: { anna: 2 },
    lines: [
      ['anna', 1 * days, '<p>Cześć Bartku, masz chwilę w tym tygodniu?</p>'],
      ['bartek', 1 * days - 6, '<p>Cześć! W środę po 15, może być?</p>'],
      ['anna', 1 * days - 8, '<p>Pasuje. W biurze czy na kawie?</p>'],
      ['bartek', 1 * days - 9, '<p>Kawa ☕</p>'],
      ['bartek', 35, '<p>Mam już umowę na salę, rzucisz okiem?</p>'],
      ['bartek', 34, '<p>Chodzi głównie o paragraf czwarty, <em>odpowiedzialność za szkody</em>.</p>'],
    ],
  },
]
