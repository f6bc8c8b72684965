import partFailed from '../../views/search/part-failed.eta'
import waiting from '../../views/search/waiting.eta'
import type { DataOf } from '../../views/templates.ts'
import type { Drawn } from '../keyed.ts'
import { reader } from '../page.ts'
import { render, renderTemplate } from '../render.ts'
import type { Results } from './results.ts'

/** What is said below the results, or in their place. @param count of results that are shown */
export function stateOf(results: Results, query: string, count: number): Drawn | undefined {
  if (results.isAsking) return { key: 'waiting', html: renderTemplate(waiting, {}) }
  if (results.isFailed && count)
    return { key: 'failed', html: renderTemplate(partFailed, { offline: !navigator.onLine }) }
  return count
    ? undefined
    : { key: 'nothing', html: render('conversations/nothing', emptyState(results, query)) }
}

export function emptyState({ isFailed, isIdle }: Results, query: string): DataOf<'conversations/nothing'> {
  const { t } = reader
  if (isFailed)
    return {
      icon: 'wifi-off',
      headline: t('conversations.list_failed_title'),
      text: t('conversations.list_failed_text'),
      searchAgain: true,
    }
  if (isIdle) return { icon: 'search', headline: t('search.short_title'), text: t('search.short_text') }
  const text = t('search.nothing_text', { query })
  return { icon: 'search-x', headline: t('search.nothing_title'), text }
}
