import { expect, test } from 'vitest'
import { timePlace } from './time-place.ts'

test.each([
  ['<p>jutro o 18</p>', 'line'],
  ['<p>jutro</p><p>o <strong>18</strong></p>', 'line'],
  ['<ul><li>chleb</li><li>mleko</li></ul>', 'line'],
  ['<blockquote>cytat</blockquote>', 'line'],
  ['<pre>ls</pre><p>tak</p>', 'line'],
  ['Uwaga: <strong>zebranie</strong> o 18', 'bare'],
  ['Uwaga: <strong>zebranie</strong>', 'bare'],
  ['<p>jutro</p>o 18', 'bare'],
  ['<p>jutro</p>o <em><u>18</u></em>', 'bare'],
  ['<ul><li>chleb</li></ul>i mleko<br>', 'bare'],
  ['<p>ls:</p><pre>a b</pre>', 'below'],
  ['<ul><li>a<ul><li>b</li></ul></li></ul>', 'below'],
  ['<blockquote><p>cytat</p></blockquote>', 'below'],
  ['<strong><p>gruby</p></strong>', 'below'],
  ['<ul><li><pre>kod</pre></li></ul>', 'below'],
  ['<p>dobry</p><p>שלום</p>', 'below'],
  ['<p>سلام 18</p>', 'below'],
  ['<p>abc\u202exyz</p>', 'below'],
  ['', 'below'],
  [null, 'below'],
])('the time of %j stands %s', (content, place) => {
  expect(timePlace(content)).toBe(place)
})
