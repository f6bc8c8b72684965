import { expect, test } from 'vitest'
import { openEditor, paste, set, written } from './editor.ts'

const page = await openEditor()
const rel = 'rel="noopener noreferrer nofollow"'
const fragment = (html: string) =>
  `<html>\r\n<body>\r\n<!--StartFragment-->${html}<!--EndFragment-->\r\n</body>\r\n</html>`

const wordItem = (sign: string, text: string, level = 1) =>
  `<p class=MsoListParagraph style='margin-left:36.0pt;text-indent:-18.0pt;mso-list:l0 level${level} lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>${sign}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>${text}<o:p></o:p></p>`

test.each([
  [
    'a table: a row a line',
    '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>',
    '<p>a\tb<br>c\td</p>',
  ],
  [
    'a table with heads, as a web page has it',
    fragment(
      '<table style="border-collapse:collapse">\n<thead>\n<tr>\n<th>Imię</th>\n<th>Pokój</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>Jan</td>\n<td><b>12</b></td>\n</tr>\n</tbody></table>',
    ),
    '<p>Imię\tPokój<br>Jan\t<strong>12</strong></p>',
  ],
  [
    'Excel',
    `<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style><!--table {mso-displayed-decimal-separator:"\\,";}--></style></head><body><table border=0 cellpadding=0 style='border-collapse:collapse;width:96pt'><!--StartFragment--><col width=64 span=2 style='width:48pt'><tr height=20 style='height:15.0pt'><td height=20 class=xl65 style='height:15.0pt;width:48pt'>Składka</td><td align=right x:num="1200.5">1&nbsp;200,50</td></tr><tr style='display:none'><td>ukryte</td><td>1</td></tr><tr><td></td><td align=right>7</td></tr><!--EndFragment--></table></body></html>`,
    '<p>Składka\t1 200,50<br>\t7</p>',
  ],
  [
    'LibreOffice Calc',
    '<table cellspacing="0" border="0"><colgroup width="85"></colgroup><tr><td height="17" align="left">Ala<br></td><td align="left"><font face="Liberation Sans">kot<br></font></td></tr><tr><td><br></td><td>pies</td></tr></table>',
    '<p>Ala\tkot<br>\tpies</p>',
  ],
  ['one cell', '<table><tr><td>12,50</td></tr></table>', '<p>12,50</p>'],
  [
    'a cell of two paragraphs',
    '<table><tr><td><p>a</p><p>b</p></td><td>c</td></tr></table>',
    '<p>a b\tc</p>',
  ],
  [
    'code of a web page',
    '<pre><code>if x:\n    y()\n\n    <span class="k">return</span></code></pre>',
    '<pre>if x:\n    y()\n\n    return</pre>',
  ],
  [
    'VS Code',
    `<meta charset='utf-8'><div style="color: #cccccc;background-color: #1f1f1f;font-family: 'Droid Sans Mono', 'monospace', monospace;font-weight: normal;font-size: 14px;line-height: 19px;white-space: pre;"><div><span style="color: #c586c0;">if</span><span style="color: #cccccc;"> (a) {</span></div><div><span style="color: #cccccc;">    b()</span></div><br><div><span>}</span></div></div>`,
    '<pre>if (a) {\n    b()\n\n}</pre>',
  ],
  [
    'one word of VS Code',
    `<div style="font-family: Consolas, monospace;white-space: pre;"><div><span style="color: #c586c0;">return</span></div></div>`,
    '<p>return</p>',
  ],
  [
    'Windows Terminal',
    `<DIV STYLE="display:inline-block;white-space:pre;background-color:#0C0C0C;font-family:'Cascadia Mono',monospace;font-size:12pt;padding:4px"><SPAN STYLE="color:#CCC">$ ls</SPAN><BR><SPAN STYLE="color:#CCC">  plik</SPAN><BR></DIV>`,
    '<pre>$ ls\n  plik</pre>',
  ],
  [
    'code indented with hard blanks',
    `<p style="font-family:'Courier New'">for (;;)</p><p style="font-family:'Courier New'">&nbsp;&nbsp;&nbsp; x();</p>`,
    '<p>for (;;)</p><p>    x();</p>',
  ],
  [
    'an emoji that is a picture',
    '<span>super <img alt="👍" src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></span>',
    '<p>super 👍</p>',
  ],
  ['a picture with words', 'Nasz<img src="x.png" alt="sztandar">dom', '<p>Nasz sztandar dom</p>'],
  [
    'Word, a list of two levels',
    fragment(wordItem('·', 'chleb') + wordItem('o', '<b>biały</b>', 2) + wordItem('·', 'masło')),
    '<ul><li>chleb<ul><li><strong>biały</strong></li></ul></li><li>masło</li></ul>',
  ],
  [
    'Word, numbers from one',
    wordItem('1.', 'raz') + wordItem('2.', 'dwa'),
    '<ol><li>raz</li><li>dwa</li></ol>',
  ],
  [
    'Word, numbers from elsewhere, and letters',
    wordItem('3.', 'piętro') + wordItem('a)', 'pokój'),
    '<p>3. piętro</p><p>a) pokój</p>',
  ],
  [
    'Word, paragraphs',
    `<p class=MsoNormal><span lang=PL style='font-size:12.0pt'>Dzień<o:p></o:p></span></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal><span style='display:none;mso-hide:all'>nie</span><i>dobry</i></p>`,
    '<p>Dzień</p><p><br></p><p><em>dobry</em></p>',
  ],
  [
    'Google Docs',
    '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr" style="line-height:1.38;"><span style="font-size:11pt;font-weight:700;white-space:pre-wrap;">Ważne</span><span style="font-weight:400;font-style:italic;text-decoration:none;white-space:pre-wrap;">  dziś</span></p><br /><ul style="margin-top:0;"><li dir="ltr" style="list-style-type:disc;font-weight:400;" aria-level="1"><p dir="ltr" role="presentation"><span style="white-space:pre-wrap;">a</span></p></li><ul><li dir="ltr" aria-level="2"><p dir="ltr"><span>b</span></p></li></ul></ul></b>',
    '<p><strong>Ważne</strong><em>  dziś</em></p><p><br></p><ul><li>a<ul><li>b</li></ul></li></ul>',
  ],
  [
    'a numbered list from the middle',
    '<ol start="3"><li><p>trzeci</p></li><li>czwarty</li></ol>',
    '<p>3. trzeci</p><p>4. czwarty</p>',
  ],
  [
    'a web page',
    fragment(
      '<style>p{color:red}</style><h2 style="font-weight:500">\n  Zebranie\n</h2>\n<nav><ul><li><a href="https://a.example/">Start</a></li></ul></nav>\n<p>Jutro <a href="https://b.example/x?a=1&amp;b=2" style="text-decoration: underline"><strong>o 18</strong></a>,\n  sala   5<script>alert(1)</script><span hidden>x</span><span style="display: none">y</span>.</p>',
    ),
    `<p>Zebranie</p><ul><li><a href="https://a.example/" ${rel}>Start</a></li></ul><p>Jutro <strong><a href="https://b.example/x?a=1&amp;b=2" ${rel}>o 18</a></strong>, sala 5.</p>`,
  ],
  [
    'links that lead to nothing',
    '<a href="javascript:alert(1)">a</a> <a href="#x">b</a> <a href="/y">c</a>',
    '<p>a b c</p>',
  ],
  [
    'an address that looks like a tag',
    '<p>Jan <jan@example.org>, <https://a.example/x></p>',
    '<p>Jan &lt;jan@example.org&gt;, &lt;https://a.example/x&gt;</p>',
  ],
  [
    'a link without a scheme',
    '<a href="www.a.example">a</a>',
    `<p><a href="https://www.a.example" ${rel}>a</a></p>`,
  ],
  [
    'a field and a drawing',
    '<p>a</p><textarea>b\n  c</textarea><svg><title>x</title><text>d</text><text>e</text></svg>',
    '<p>a</p><p>b<br>  c</p><p>d</p><p>e</p>',
  ],
  ['lines with breaks only', 'raz<br>dwa<br><br>trzy', '<p>raz<br>dwa<br><br>trzy</p>'],
  ['hard blanks', '<p>dwie&nbsp;&nbsp;spacje i&nbsp;jedna</p>', '<p>dwie  spacje i jedna</p>'],
  [
    'Outlook',
    `<div class=WordSection1><table class=MsoNormalTable><tr><td style='padding:0cm'><p class=MsoNormal><b><span style='font-size:10.0pt'>Od:</span></b> Jan<o:p></o:p></p><p class=MsoNormal>Treść</p></td></tr></table></div>`,
    '<p><strong>Od:</strong> Jan</p><p>Treść</p>',
  ],
  [
    'Slack',
    '<meta charset="utf-8"><b data-stringify-type="bold">hej</b><span class="c-mrkdwn__br" data-stringify-type="paragraph-break" style="box-sizing: inherit; display: block;"></span><i data-stringify-type="italic">co</i> <img data-stringify-emoji=":+1:" alt="👍🏽">',
    '<p><strong>hej</strong><br><br><em>co</em> 👍🏽</p>',
  ],
  [
    'WhatsApp',
    '<span dir="ltr" class="_ao3e selectable-text copyable-text" style="white-space: pre-wrap;"><span>Ala  ma\nkota </span><img crossorigin="anonymous" alt="😺" class="b88 emoji"><strong class="selectable-text">tak</strong></span>',
    '<p>Ala  ma<br>kota 😺<strong>tak</strong></p>',
  ],
  [
    'a mail that answers',
    '<div>tak</div><blockquote type="cite"><div>kiedy?</div><div>gdzie?</div></blockquote>',
    '<p>tak</p><blockquote><p>kiedy?</p><p>gdzie?</p></blockquote>',
  ],
  [
    'HTML shown as text',
    `<p>&lt;p style="color:red"&gt; i <code>&lt;b style='x'&gt;</code></p>`,
    `<p>&lt;p style="color:red"&gt; i <code>&lt;b style='x'&gt;</code></p>`,
  ],
  [
    'what this editor copies',
    '<div style="white-space: pre-wrap"><p>a  b<br>\tc</p><blockquote>d</blockquote></div>',
    '<p>a  b<br>\tc</p><blockquote>d</blockquote>',
  ],
  [
    'a mention',
    'do <span class="mention" data-user-id="7">@Anna</span>',
    '<p>do <span class="mention" data-user-id="7">@Anna</span></p>',
  ],
])('pasted: %s', async (_, html, wanted) => {
  expect(await paste(page, { 'text/html': html, 'text/plain': 'sam tekst' })).toBe(wanted)
})

test.each([
  ['a terminal', 'total 8\n  -rw  a\n\tb', '', '<p>total 8</p><p>  -rw  a</p><p>\tb</p>'],
  ['into code', 'x\n  y', '<pre>a</pre>', '<pre>ax\n  y</pre>'],
  ['into a list', 'b\nc', '<ul><li>a</li></ul>', '<ul><li>ab</li><li>c</li></ul>'],
  ['markup', '<b>a</b> & "c"', '', '<p>&lt;b&gt;a&lt;/b&gt; &amp; "c"</p>'],
])('pasted plain text: %s', async (_, text, before, wanted) => {
  expect(await paste(page, { 'text/plain': text }, before)).toBe(wanted)
})

test('HTML without content gives way to the plain text', async () => {
  expect(await paste(page, { 'text/html': '<img src="x">', 'text/plain': 'https://x.example' })).toBe(
    '<p>https://x.example</p>',
  )
})

test('paragraphs pasted into a quote or list item stay in it', async () => {
  const html = '<p>b</p><p>c</p>'
  expect(await paste(page, { 'text/html': html }, '<blockquote>a</blockquote>')).toBe(
    '<blockquote><p>ab</p><p>c</p></blockquote>',
  )
  expect(await paste(page, { 'text/html': html }, '<ul><li>a</li></ul>')).toBe(
    '<ul><li>ab</li><li>c</li></ul>',
  )
})

/** The content after pasting over a part of it, and after an undo. */
async function pasteOver(before: string, selected: string, text: string): Promise<[string, string]> {
  await set(page, before)
  await page.evaluate(
    ([selected, text]) => {
      const { quill } = (window as unknown as { input: { quill: QuillLike } }).input
      quill.setSelection(quill.getText().indexOf(selected!), selected!.length)
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', text!)
      quill.root.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      )
    },
    [selected, text],
  )
  const after = await written(page)
  await page.keyboard.press('ControlOrMeta+z')
  return [after, await written(page)]
}
interface QuillLike {
  root: HTMLElement
  getText(): string
  setSelection(index: number, length: number): void
}

const linked = (href: string, words: string) => `<p>nasz <a href="${href}" ${rel}>${words}</a> i my</p>`
test.each([
  ['https://x.pl/a?b=1', linked('https://x.pl/a?b=1', 'statut związku')],
  ['www.x.pl', linked('https://www.x.pl', 'statut związku')],
  [' https://x.pl \n', linked('https://x.pl', 'statut związku')],
  ['biuro@x.pl', linked('mailto:biuro@x.pl', 'statut związku')],
])('%j pasted over words makes them a link, which one undo takes back', async (text, wanted) => {
  const before = '<p>nasz statut związku i my</p>'
  expect(await pasteOver(before, 'statut związku', text)).toEqual([wanted, before])
})

test.each([
  ['an address over an address', '<p>zob. https://y.pl tu</p>', 'https://y.pl', 'https://x.pl'],
  ['a telephone number', '<p>nasz numer tu</p>', 'numer', '601 234 567'],
  ['an address in a sentence', '<p>nasz numer tu</p>', 'numer', 'zob. https://x.pl'],
  ['an address over code', '<p>nasz <code>numer</code> tu</p>', 'numer', 'https://x.pl'],
  ['what leads nowhere', '<p>nasz numer tu</p>', 'numer', 'javascript:alert(1)'],
])('%s is pasted in its place', async (_, before, selected, text) => {
  const [after, undone] = await pasteOver(before, selected, text)
  expect([after.replace(/<[^>]+>/g, ''), undone]).toEqual([
    before.replace(/<[^>]+>/g, '').replace(selected, text),
    before,
  ])
  expect(after).not.toContain('<a ')
})

test('words with formats keep them in the link', async () => {
  const [after] = await pasteOver('<p>a <strong>b</strong> c</p>', 'a b', 'https://x.pl')
  expect(after).toBe(`<p><a href="https://x.pl" ${rel}>a <strong>b</strong></a> c</p>`)
})
