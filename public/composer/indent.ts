import type Quill from 'quill/core.js'

const codeIndent = '  '

/** Moves the selected list items or lines of code one level in or out. */
export function indent(quill: Quill, by: 1 | -1): void {
  const { index, length } = quill.getSelection(true)
  let at = index - quill.getLine(index)[1]
  for (const line of quill.getLines(index, length || 1)) {
    const { list, 'code-block': code } = quill.getFormat(at)
    if (list) indentItem(quill, at, by)
    if (code) indentCode(quill, at, by)
    at += line.length()
  }
}

/** At most one level deeper than the item above. */
function indentItem(quill: Quill, at: number, by: 1 | -1): void {
  const level = Number(quill.getFormat(at).indent ?? 0)
  const above = at ? quill.getFormat(at - 1) : {}
  const maxLevel = above.list ? Number(above.indent ?? 0) + 1 : 0
  const next = Math.max(0, Math.min(level + by, Math.max(maxLevel, level)))
  quill.formatLine(at, 1, 'indent', next || false, 'user')
}

function indentCode(quill: Quill, at: number, by: 1 | -1): void {
  if (by > 0) quill.insertText(at, codeIndent, 'user')
  else {
    const blanks = /^ {0,2}/.exec(quill.getText(at, codeIndent.length))![0]
    quill.deleteText(at, blanks.length, 'user')
  }
}
