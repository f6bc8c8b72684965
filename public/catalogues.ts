const load = {
  pl: () => import('../views/texts/pl.json'),
  en: () => import('../views/texts/en.json'),
}
const locale = document.documentElement.lang as keyof typeof load

/** The texts of the page's language, which the page preloads: others would be a tenth of what it needs. */
export const catalogues = { [locale]: (await load[locale]()).default }
