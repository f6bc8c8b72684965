/** Without regard to case and diacritics, the way people type names into a search box. */
export function plain(text: string): string {
  return text.trim().toLowerCase().replaceAll('ł', 'l').normalize('NFD').replace(/\p{M}/gu, '')
}
