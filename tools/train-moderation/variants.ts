import type { PartName } from './material.ts';

/** What a model may look at. The last two ship. */
export const variants: readonly { readonly name: string; readonly parts: readonly PartName[] }[] = [
  { name: 'words', parts: ['words'] },
  { name: 'characters', parts: ['characters'] },
  { name: 'vector', parts: ['vector'] },
  { name: 'words and characters', parts: ['words', 'characters'] },
  { name: 'words, characters and vector', parts: ['words', 'characters', 'vector'] },
];
