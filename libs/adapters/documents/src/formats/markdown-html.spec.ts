import { describe, expect, it } from 'vitest';
import { hasShownText } from './markdown-html.ts';

describe('hasShownText', () => {
  it.each([
    ['<p>Shown</p>', true],
    ['<!-- hidden --> shown <script>hidden</script>', true],
    ['<STYLE>hidden</style >shown', true],
    ['<!-- hidden --><script>hidden</script>', false],
    ['<!-- hidden', false],
    ['<style>hidden', false],
    ['<br class="hidden">', false],
  ])('of %s is %s', (html, expected) => {
    expect(hasShownText(html)).toBe(expected);
  });
});
