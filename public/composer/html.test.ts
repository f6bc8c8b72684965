import { expect, test } from 'vitest'
import { messageHtml, withoutStyles } from './html.ts'

test.each([
  ['<p>dwie&nbsp;&nbsp;spacje</p>', '<p>dwie  spacje</p>'],
  ['<p></p><p>tekst</p><p></p>', '<p>tekst</p>'],
  ['<p>nad</p><p></p><p>pod</p>', '<p>nad</p><p><br></p><p>pod</p>'],
  ['<ul><li>a</li></ul><p></p>', '<ul><li>a</li></ul>'],
])('%s is sent as %s', (quills, sent) => {
  expect(messageHtml(quills)).toBe(sent)
})

test('what is pasted loses styles and what is no text', () => {
  expect(withoutStyles('<p style="color:red">a<script>b</script><STYLE>c</STYLE ></p>')).toBe('<p>a</p>')
  expect(withoutStyles(`<b style='font-weight:normal'>a</b>`)).toBe(`<b style='font-weight:normal'>a</b>`)
})
