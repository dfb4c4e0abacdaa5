import type { Transcript } from '@millrace/ports';

type Segments = Transcript['segments'];

/** SubRip: numbered cues, comma before the milliseconds. */
export const toSubRip = (segments: Segments): string =>
  segments
    .map(
      ({ start, end, text }, index) => `${index + 1}\n${clock(start, ',')} --> ${clock(end, ',')}\n${text}\n`,
    )
    .join('\n');

/** WebVTT (W3C): a header, point before the milliseconds, `<`, `>` and `&` escaped. */
export const toWebVtt = (segments: Segments): string =>
  [
    'WEBVTT\n',
    ...segments.map(
      ({ start, end, text }) => `${clock(start, '.')} --> ${clock(end, '.')}\n${escape(text)}\n`,
    ),
  ].join('\n');

/** `01:02:03,450` */
function clock(seconds: number, point: ',' | '.'): string {
  const millis = Math.round(seconds * 1000);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const hours = two(millis / 3_600_000);
  const minutes = two((millis / 60_000) % 60);
  return `${hours}:${minutes}:${two((millis / 1000) % 60)}${point}${String(millis % 1000).padStart(3, '0')}`;
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
