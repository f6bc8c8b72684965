const key = 'rozmowa.question-mark'

/** Whether `?` alone opens the help: who dictates, or hits keys by accident, can forbid it (WCAG 2.1.4). */
export function questionMarkHelps(): boolean {
  try {
    return localStorage.getItem(key) !== 'off'
  } catch {
    return true
  }
}

export function setQuestionMark(isOn: boolean): void {
  try {
    if (isOn) localStorage.removeItem(key)
    else localStorage.setItem(key, 'off')
  } catch {
    // Without storage it stays as it is.
  }
}
