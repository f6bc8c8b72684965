import { reader } from './page.ts'
import { render } from './render.ts'

/** What is said in place of a list that could not be loaded; its button carries `data-search`. */
export const failedToLoad = (): string =>
  render('conversations/nothing', {
    icon: 'wifi-off',
    headline: reader.t('conversations.load_failed'),
    text: reader.t('conversations.list_failed_text'),
    searchAgain: true,
  })
