import { describe, expect, it } from 'vitest';
import { answerTree, type AnswerNode } from './answer-tree.ts';

/** `<p>a<strong>b</strong>[1]</p>`: short to read, and not what the page is made of. */
const drawn = (nodes: readonly AnswerNode[]): string =>
  nodes
    .map((node) => {
      if (typeof node === 'string') return node;
      if (typeof node === 'number') return `[[${node}]]`;
      const { tag, children, href, start } = node;
      const attributes = `${href === undefined ? '' : ` ${href}`}${start === undefined ? '' : ` ${start}`}`;
      return `<${tag}${attributes}>${drawn(children)}</${tag}>`;
    })
    .join('');

const draw = (text: string, ...sources: number[]) => drawn(answerTree(text, new Set(sources)));

describe('an answer in Markdown', () => {
  it.each([
    ['It was **built** in `1791` [1].', '<p>It was <strong>built</strong> in <code>1791</code> [[1]].</p>'],
    ['- one [1]\n- two [2]', '<ul><li>one [[1]]</li><li>two [2]</li></ul>'],
    ['3. three\n4. four', '<ol 3><li>three</li><li>four</li></ol>'],
    ['# Big\n\n#### Small', '<h3>Big</h3><h4>Small</h4>'],
    ['```js\na[1] < b\n```', '<pre><code>a[1] < b\n</code></pre>'],
    ['a  \nb\nc', '<p>a<br></br>b\nc</p>'],
    [
      '| a | b |\n|---|---|\n| 1 | [1] |',
      '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>[[1]]</td></tr></tbody></table>',
    ],
    ['**not yet', '<p>**not yet</p>'],
  ])('is what it means: %j', (text, expected) => {
    expect(draw(text, 1)).toBe(expected);
  });

  it.each([
    ['<img src=x onerror=alert(1)>', '<p><img src=x onerror=alert(1)></p>'],
    ['[a](javascript:alert(1))', '<p>[a](javascript:alert(1))</p>'],
    ['[a](/v1/admin/keys)', '<p><a>a</a></p>'],
    ['[a](https://example.com)', '<p><a https://example.com>a</a></p>'],
    ['![a mill](https://example.com/seen.png)', '<p>a mill</p>'],
  ])('runs and fetches nothing: %j', (text, expected) => {
    expect(draw(text)).toBe(expected);
  });
});
