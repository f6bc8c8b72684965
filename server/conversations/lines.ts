/**
 * What system lines say. In the present tense and with names in the nominative, so that Polish needs to know
 * neither anybody's gender nor how a name is declined.
 */
export const lines = {
  renamed: (who: string, name: string) => `${who} zmienia nazwę grupy na „${name}”`,
  described: (who: string) => `${who} zmienia opis grupy`,
  added: (who: string, names: string[]) => `${who} dodaje do grupy: ${names.join(', ')}`,
  removed: (who: string, name: string) => `${who} usuwa z grupy: ${name}`,
  left: (who: string) => `${who} opuszcza grupę`,
  handedOver: (name: string) => `Grupę przejmuje ${name}`,
}
