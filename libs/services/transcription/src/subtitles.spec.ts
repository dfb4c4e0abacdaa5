import { expect, it } from 'vitest';
import { toSubRip, toWebVtt } from './subtitles.ts';

const segments = [
  { start: 0.5, end: 2, text: 'Mind the gap.' },
  { start: 3599.9996, end: 3661.25, text: 'Salt & <pepper>' },
];

it('writes SubRip', () => {
  expect(toSubRip(segments)).toBe(
    '1\n00:00:00,500 --> 00:00:02,000\nMind the gap.\n\n2\n01:00:00,000 --> 01:01:01,250\nSalt & <pepper>\n',
  );
});

it('writes WebVTT', () => {
  expect(toWebVtt(segments)).toBe(
    'WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nMind the gap.\n\n01:00:00.000 --> 01:01:01.250\nSalt &amp; &lt;pepper&gt;\n',
  );
});
