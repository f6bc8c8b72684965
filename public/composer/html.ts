/** Quill's HTML as a message has it: with plain spaces, empty lines kept inside and not around. */
export function messageHtml(html: string): string {
  return html
    .replaceAll('&nbsp;', ' ')
    .replaceAll('<p></p>', '<p><br></p>')
    .replace(/^(<p>(<br>|\s)*<\/p>)+|(<p>(<br>|\s)*<\/p>)+$/g, '')
}

/** Takes from pasted HTML what is no text at all, and styles, which the page's CSP would complain about. */
export function withoutStyles(html: string): string {
  return (
    html
      .replace(/<(script|style|title)\b[\s\S]*?<\/\1\s*>/gi, '')
      // Word and Google Docs say by a style what is a list and what is not bold: Quill reads those.
      .replace(/\sstyle=("[^"]*"|'[^']*')/gi, (style) =>
        /mso-|font-weight:\s*normal/i.test(style) ? style : '',
      )
  )
}
