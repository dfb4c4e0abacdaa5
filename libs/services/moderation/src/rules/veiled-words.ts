/** Words one does not want to read by accident, in ROT13: each letter moved by 13 places. */
const unveil = (words: string): string[] =>
  words
    .replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 84) % 26) + 97))
    .split(' ');

/** Sexual. */
export const vulgarWords = unveil(
  'pbpx qvpx chffl phz phzf shpx shpxf shpxrq shpxvat oybjwbo unaqwbo gvgf obbof',
);

/** Said to somebody. */
export const insults = unveil(
  'vqvbg zbeba ybfre vzorpvyr phag ovgpu juber fyhg cvt fphz genfu ergneq nffubyr onfgneq snvyher qvftenpr',
);

/** The commonest swear word, as a verb and as an adjective. */
export const [swear, swearing] = unveil('shpx shpxvat') as [string, string];
